"""The file of a backup: a zip with what it is, the database, the secret and the files, each with its checksum.

Names in it: `manifest.json`, `database.dump`, `secret_key`, `files/…` with their paths below the data folder.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from .failed import BackupFailed

FORMAT = 1
MANIFEST, DATABASE, SECRET, FILES = "manifest.json", "database.dump", "secret_key", "files/"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`at` is the moment (ISO 8601) that all of it shows; `whole` is false without files and secret."""

    at: str
    revision: str
    version: str
    whole: bool = True
    format: int = FORMAT


def refuse_existing(file: Path) -> None:
    """Raises BackupFailed when the file is there: nothing is written over."""
    if file.exists():
        raise BackupFailed(f"{file} ya existe.")


@contextmanager
def new_archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """A file that exists, whole and on the disk, when the block ended well; else not at all. Raises BackupFailed."""
    refuse_existing(file)
    aside = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        with os.fdopen(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
                yield archive
            out.flush()
            os.fsync(out.fileno())
        os.link(aside, file)  # never over a file that came meanwhile
    except OSError as why:
        raise BackupFailed(f"No se pudo escribir {file}: {why.strerror or why}") from why
    finally:
        aside.unlink(missing_ok=True)


def write_text(archive: zipfile.ZipFile, name: str, said: str) -> None:
    """One small entry."""
    archive.writestr(name, said)


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """What this is."""
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


def write_files(archive: zipfile.ZipFile, folder: Path) -> int:
    """All files of a folder; how many there were."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    for file in files:
        archive.write(file, f"{FILES}{file.relative_to(folder).as_posix()}", zipfile.ZIP_DEFLATED, compresslevel=1)
    return len(files)


@contextmanager
def opened_archive(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup, every byte of which was compared with its checksum. Raises BackupFailed."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _checked(archive, file)
    except FileNotFoundError:
        raise BackupFailed(f"{file} no existe.") from None
    except zipfile.BadZipFile:
        raise BackupFailed(f"{file} no es una copia de Atiende, o está dañada.") from None


def _checked(archive: zipfile.ZipFile, file: Path) -> Manifest:
    if broken := archive.testzip():
        raise BackupFailed(f"{file} está dañada: {broken} no es lo que se guardó.")
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    except (KeyError, TypeError, ValueError):
        raise BackupFailed(f"{file} no es una copia de Atiende.") from None
    if manifest.format != FORMAT:
        raise BackupFailed(f"{file} es de una versión más nueva de Atiende.")
    return manifest


def put_files(archive: zipfile.ZipFile, data_dir: Path) -> None:
    """The files, at their paths below the data folder. Raises BackupFailed for a path that leads out of it."""
    for entry in archive.infolist():
        if entry.filename.startswith(FILES) and not entry.is_dir():
            path = PurePosixPath(entry.filename.removeprefix(FILES))
            if path.is_absolute() or ".." in path.parts:
                raise BackupFailed(f"La copia tiene un archivo fuera de lugar: {entry.filename}")
            target = data_dir / path
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("xb") as out:
                while block := source.read(1 << 20):
                    out.write(block)
            target.chmod(0o600)

"""Makes a backup while everything runs.

1. Hold the files that there are.
2. Take a moment of the database, and hold the files that came until then.
3. Write the database as it is at that moment, the files and the secret into one file.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from ... import __version__
from .archive import DATABASE, SECRET, Manifest, new_archive, refuse_existing, write_files, write_manifest, write_text
from .failed import BackupFailed
from .kept_files import held_folder, hold
from .moment import Moment, moment_of
from .postgres_tools import dump


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds; `size` in bytes."""

    manifest: Manifest
    files: int
    size: int


async def make_backup(url: str, data_dir: Path, secret: str, file: Path) -> Made:
    """Everything of an installation. Raises BackupFailed, and what connecting to the database raises."""
    refuse_existing(file)
    with held_folder(data_dir) as held:
        await asyncio.to_thread(hold, data_dir, held)
        async with moment_of(url) as moment:
            await asyncio.to_thread(hold, data_dir, held)
            return await asyncio.to_thread(_write, moment, url, file, secret, held)


async def copy_database(url: str, file: Path) -> Made:
    """The database alone."""
    async with moment_of(url) as moment:
        return await asyncio.to_thread(_write, moment, url, file)


def _write(moment: Moment, url: str, file: Path, secret: str = "", held: Path | None = None) -> Made:
    if not moment.revision:
        raise BackupFailed("La base de datos no tiene las tablas de Atiende: no hay nada que copiar.")
    at = moment.at.astimezone(UTC).isoformat()
    manifest = Manifest(at, moment.revision, __version__, whole=held is not None)
    with new_archive(file) as archive:
        write_manifest(archive, manifest)
        if secret:
            write_text(archive, SECRET, secret)
        with archive.open(DATABASE, "w", force_zip64=True) as out:
            dump(url, moment.snapshot, out)
        files = write_files(archive, held) if held else 0
    return Made(manifest, files, file.stat().st_size)

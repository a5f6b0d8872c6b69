"""The files of an installation that are not of the database: what people sent, and what lies beside it.

They are held by a second name (a link, no copy) before the moment of the database and once more after it. So a file
that the database names at that moment is there, even when it is deleted or made while the backup is being written.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# what is made again, belongs to running processes, or is kept in another way
LEFT_OUT = frozenset({"postgresql", "postgresql.new", "redis", "run", "log", "copies", "secret_key"})
_SQLITE = b"SQLite format 3\0"


@contextmanager
def held_folder(data_dir: Path) -> Iterator[Path]:
    """A folder for the second names, taken away at the end."""
    folder = data_dir / f".backup-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hold(data_dir: Path, folder: Path) -> None:
    """Give every file there is now its second name in `folder`."""
    for file in files_below(data_dir):
        second = folder / file.relative_to(data_dir)
        if not second.exists():
            second.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _hold_one(file, second)


def files_below(data_dir: Path) -> Iterator[Path]:
    """The files to keep, in order."""
    for top in sorted(data_dir.iterdir()):
        if top.name in LEFT_OUT or top.name.startswith(".") or top.is_symlink():
            continue
        found = [top] if top.is_file() else sorted(top.rglob("*"))
        yield from (file for file in found if file.is_file() and not file.is_symlink())


def _hold_one(file: Path, second: Path) -> None:
    try:
        with file.open("rb") as opened:
            is_sqlite = opened.read(len(_SQLITE)) == _SQLITE
        if is_sqlite:
            _copy_sqlite(file, second)
        else:
            os.link(file, second)
    except FileNotFoundError:  # deleted meanwhile: nothing that is stored names it any more
        return
    except OSError:  # another disk, or one without links
        shutil.copy2(file, second)


def _copy_sqlite(file: Path, second: Path) -> None:
    """A small database that is being written is copied whole, as it is between two of its writes."""
    source, target = sqlite3.connect(f"file:{file}?mode=ro", uri=True), sqlite3.connect(second)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()

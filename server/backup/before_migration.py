"""A copy of the database before its tables change, so that an upgrade that disappoints can be taken back.

Kept in `copies/` of the data folder: `before-REVISION-TIME.zip`, the newest three.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from .make import copy_database

KEPT = 3
FOLDER = "copies"


async def copy_before(url: str, data_dir: Path, revision: str) -> Path:
    """The copy's file. Raises BackupFailed, and what connecting raises."""
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"before-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}.zip"
    await copy_database(url, file)
    for old in sorted(folder.glob("before-*.zip"), key=lambda copy: copy.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return file

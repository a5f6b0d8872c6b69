"""A floor of free disk space, so that the database never finds none.

PostgreSQL that cannot write its log stops altogether, and nobody can even read. So changes end before: below the floor
they are refused with a sentence while reading goes on; below twice the floor uploads, which take most, wait. Both go on
by themselves when there is room again.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from ..models.refused import N_, DiskFull

MB = 1_000_000
LOOK_EVERY = 1.0  # seconds
NO_UPLOADS = N_("Queda poco espacio en el disco del servidor: no se reciben archivos hasta que se libere.")
# signing in and out is needed to read, and deleting makes room
_ALWAYS = "/api/v1/session"


def free_bytes(folder: Path) -> int:
    """What the disk of a folder has left for us; plenty when it cannot be asked."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 1 << 62


class DiskSpace:
    """The disk of a data folder. `free` is asked once a second at most."""

    def __init__(self, folder: Path, floor_mb: int, free: Callable[[Path], int] = free_bytes) -> None:
        self.folder = folder
        self.floor = floor_mb * MB
        self.free = free
        self._left, self._looked = 0, -LOOK_EVERY

    @property
    def left(self) -> int:
        """Free bytes."""
        if (now := time.monotonic()) - self._looked >= LOOK_EVERY:
            self._left, self._looked = self.free(self.folder), now
        return self._left

    def takes_uploads(self) -> bool:
        """Whether files may come, and those that came may be stored."""
        return self.left >= 2 * self.floor

    def takes_changes(self) -> bool:
        """Whether anything may be changed. A database on another machine has a disk of its own, which we cannot see."""
        return self.left >= self.floor or not (self.folder / "postgresql").exists()

    def refuse(self, method: str, path: str, *, upload: bool) -> None:
        """Raises DiskFull for a change that there is no room for."""
        if upload and not self.takes_uploads():
            raise DiskFull(sentence=NO_UPLOADS)
        if method != "DELETE" and path != _ALWAYS and not self.takes_changes():
            raise DiskFull

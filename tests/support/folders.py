"""Where tests put servers' data: in memory when the machine has room there, which makes and drops databases faster."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 4 * 1024**3


def temporary_folder() -> Path:
    """A new, private, empty folder; the caller deletes it."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= ENOUGH_BYTES
    return Path(tempfile.mkdtemp(prefix="atiende-tests-", dir=IN_MEMORY if roomy else None))

"""The data folder, which holds uploads, secrets and the private servers' files: nobody else on the machine enters."""

from __future__ import annotations

import os
import stat
from pathlib import Path

OTHERS = 0o077
SHARED = "es de otro usuario o se comparte con otros; use una carpeta propia, cerrada a los demás (chmod 700)"


class SharedFolder(Exception):
    """The folder is not ours alone, and must not be closed to others by us; the text is for people."""


def keep_to_ourselves() -> None:
    """Whatever this process and its children make can be read by nobody else."""
    os.umask(OTHERS)


def open_data_folder(folder: Path) -> None:
    """Make the folder, or close to others the one that is there. Raises OSError, SharedFolder.

    One that belongs to somebody else, or in which everybody may put files (/tmp), is refused: others use it, too.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if not found.st_mode & OTHERS:
        return
    if found.st_uid != os.geteuid() or found.st_mode & stat.S_ISVTX:
        raise SharedFolder(SHARED)
    folder.chmod(found.st_mode & 0o700)

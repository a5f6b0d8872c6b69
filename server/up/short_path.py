"""A way around the 107 bytes that the address of a Unix socket may have.

Servers bind a relative name inside their own folder, so any folder will do for them; clients need an absolute path.
For a long one a symbolic link is kept in a private folder under /tmp: closed to others and checked to be ours,
because the owner of that folder could lead our clients to another server.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

LONGEST_SOCKET_PATH = 107


def short_path(folder: Path, longest_name: str) -> Path:
    """`folder` itself when a socket called `longest_name` fits in its path, else a short link to it.

    Raises PermissionError when the private folder under /tmp belongs to somebody else.
    """
    if len(os.fsencode(folder / longest_name)) <= LONGEST_SOCKET_PATH:
        return folder
    link = _private_folder() / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    if not link.is_symlink() or link.readlink() != folder:
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
    return link


def _private_folder() -> Path:
    place = Path(f"/tmp/atiende-{os.geteuid()}")  # noqa: S108 - checked below
    place.mkdir(mode=0o700, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{place} is not a private folder of ours")
    return place

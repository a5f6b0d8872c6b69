"""The one system user that the private servers run as when `atiende` itself runs as root.

Only they change their user. The other processes keep the user who started them: their interpreter and packages
often lie in a folder that another user may not enter (/root), and making those readable would open them to everybody.
They need not enter such a folder: their programs are copied to a public one when theirs is closed, and they reach
their data only through the folder they are started in.
"""

from __future__ import annotations

import importlib.metadata
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

NAME = "atiende"
PUBLIC_PROGRAMS = Path("/usr/local/lib/atiende")


class NoSystemUser(Exception):
    """Running as root and the system user could neither be found nor made; the text says what to do."""


def user_for_servers() -> str | None:
    """The system user, made when missing; None when we are not root and they can run as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        _make()
    return NAME


def _make() -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise NoSystemUser(
            f"PostgreSQL y Redis no funcionan como root y no se pudo crear el usuario {NAME}: "
            f"ejecute `{' '.join(command)}` o defina ATIENDE_DATABASE_URL y ATIENDE_REDIS_URL."
        ) from None


def programs_for(user: str | None, folder: Path, package: str) -> Path:
    """`folder`, which lies in the installed `package`, or a public copy of it when `user` cannot enter it.

    One copy is kept for each version. The package's libraries lie beside it and its programs look for them from where
    they themselves are, so the copy has the same shape.
    """
    if user is None or _open_to_all(folder):
        return folder
    copy = PUBLIC_PROGRAMS / f"{package}-{importlib.metadata.version(package)}"
    if not copy.exists():
        aside = copy.with_name(f".{copy.name}-{os.getpid()}")
        PUBLIC_PROGRAMS.mkdir(mode=0o755, parents=True, exist_ok=True)
        libraries = folder.parent.with_name(f"{folder.parent.name}.libs")
        for source in (each for each in (folder, libraries) if each.exists()):
            shutil.copytree(source, aside / source.relative_to(folder.parent.parent), symlinks=True)
        for path in (PUBLIC_PROGRAMS, aside, *aside.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
        try:
            aside.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(aside)
    return copy / folder.relative_to(folder.parent.parent)


def _open_to_all(folder: Path) -> bool:
    path = folder.resolve()
    readable = all(file.stat().st_mode & stat.S_IROTH for file in path.rglob("*"))
    return readable and all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))

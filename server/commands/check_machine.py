"""What `atiende check` sees of the machine itself: the data folder, its disk, its secret, its copies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from ..disk_space import MB, DiskSpace
from ..settings import Settings

Said = tuple[str, bool | None, str]  # what it is, whether it is well (None: not there, and need not be), a sentence
_TAKEN = "los demás usuarios de la máquina pueden leerla: chmod {mode:o} {path}"


def on_this_machine(settings: Settings) -> Iterator[Said]:
    """One answer for each thing."""
    yield "carpeta", *_folder(settings.data_dir)
    yield "clave secreta", *_secret(settings.data_dir / "secret_key")
    yield "disco", *_disk(DiskSpace(settings.data_dir, settings.disk_floor_mb))
    yield "última copia", *_copy(settings.data_dir / "copies")


def _folder(folder: Path) -> tuple[bool, str]:
    if not os.access(folder, os.W_OK | os.X_OK):
        return False, f"{folder}: no se puede escribir con este usuario"
    if folder.stat().st_mode & 0o007:
        return False, _TAKEN.format(mode=0o700, path=folder)
    return True, str(folder)


def _secret(file: Path) -> tuple[bool | None, str]:
    if not file.exists():
        return None, "viene de ATIENDE_SECRET_KEY"
    if file.stat().st_mode & 0o077:
        return False, _TAKEN.format(mode=0o600, path=file)
    return True, "solo la lee su usuario"


def _disk(disk: DiskSpace) -> tuple[bool, str]:
    left = f"{disk.left // MB:,} MB libres".replace(",", ".")
    floor = f"(ATIENDE_DISK_FLOOR_MB = {disk.floor // MB})"
    if not disk.takes_changes():
        return False, f"{left}: no se guarda nada hasta que haya espacio {floor}"
    if not disk.takes_uploads():
        return False, f"{left}: las cargas de bases esperan {floor}"
    return True, left


def _copy(folder: Path) -> tuple[bool | None, str]:
    copies = sorted(folder.glob("*.zip"), key=lambda file: file.stat().st_mtime)
    if not copies:
        return None, "ninguna antes de un cambio de versión; use `atiende backup`"
    days = (time.time() - copies[-1].stat().st_mtime) / 86_400
    return True, f"{copies[-1].name}, de hace {days:.0f} días"

"""PostgreSQL's own programs that write a database into a stream and read it back."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from ..up.postgres import wheel_programs
from ..up.private_server import PrivateServerFailed
from .failed import BackupFailed

_BLOCK = 1 << 20


def dump(url: str, snapshot: str, into: IO[bytes]) -> None:
    """Write the database as a snapshot shows it. Raises BackupFailed."""
    command = [str(_program("pg_dump")), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    with subprocess.Popen(command, env=_environment(url), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        try:
            shutil.copyfileobj(process.stdout, into, _BLOCK)
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read()
    _hold(process.returncode, said, "copiar")


def load(url: str, dumped: IO[bytes]) -> None:
    """Make in an empty database what `dump` wrote, all or nothing. Raises BackupFailed."""
    name = make_url(url).database or ""
    command = [str(_program("pg_restore")), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with subprocess.Popen(
        [*command, f"--dbname={name}"], env=_environment(url), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stderr
        try:
            shutil.copyfileobj(dumped, process.stdin, _BLOCK)
            process.stdin.close()
        except BrokenPipeError:  # it ended; what it said is the reason
            pass
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read()
    _hold(process.returncode, said, "restaurar")


def _hold(status: int, said: bytes, what: str) -> None:
    if status:
        reason = said.decode(errors="replace").strip().splitlines()
        raise BackupFailed(f"No se pudo {what} la base de datos: {reason[0] if reason else f'salida {status}'}")


def _program(name: str) -> Path:
    try:
        return wheel_programs() / "bin" / name
    except PrivateServerFailed:
        if found := shutil.which(name):
            return Path(found)
    raise BackupFailed(f"Falta el programa {name}: instálelo (paquete postgresql-client).")


def _environment(url: str) -> dict[str, str]:
    """How libpq reaches the database of a SQLAlchemy URL; a password is never on a command line."""
    parts = make_url(url)
    query = {name: value if isinstance(value, str) else value[0] for name, value in parts.query.items()}
    values = {
        "PGHOST": parts.host or query.get("host"),
        "PGPORT": str(parts.port or query.get("port") or ""),
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "PGDATABASE": parts.database,
        "PGSSLMODE": query.get("ssl"),
        "PGCONNECT_TIMEOUT": "10",
    }
    ours = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"}
    return ours | {name: value for name, value in values.items() if value}

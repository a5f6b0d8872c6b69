"""What a running `atiende up` says about itself in its data folder: one lock, one state file, one pid file each."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

STATE_FILE = "up.json"


class AlreadyRunning(Exception):
    """Another supervisor (or a command that needs the private servers alone) holds this data folder."""


@dataclass
class UpState:
    """`pids` by name: supervisor, postgres, redis, web, worker, bridge, pbx (those that there are)."""

    address: str
    database_url: str
    redis_url: str
    ami_url: str | None = None
    demo: bool = False
    port: int = 0  # where the web process listens
    pids: dict[str, int] = field(default_factory=dict)

    def write(self, run_dir: Path) -> None:
        """Write the state file, whole or not at all, and a pid file for each process."""
        _write_whole(run_dir / STATE_FILE, json.dumps(asdict(self), indent=1))
        for name, pid in self.pids.items():
            _write_whole(run_dir / f"{name}.pid", f"{pid}\n")


@contextmanager
def only_one(run_dir: Path) -> Iterator[None]:
    """Hold the data folder alone; the lock goes with the process, however it ends. Raises AlreadyRunning."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run_dir / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_already(run_dir)) from None
        _forget(run_dir)  # what a killed supervisor wrote is no longer true
        try:
            yield
        finally:
            _forget(run_dir)


def running_state(run_dir: Path) -> UpState | None:
    """What the running supervisor says, or None when there is none (or it is not up yet)."""
    if not _locked(run_dir):
        return None
    try:
        return UpState(**json.loads((run_dir / STATE_FILE).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _locked(run_dir: Path) -> bool:
    try:
        with (run_dir / "up.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _already(run_dir: Path) -> str:
    state = running_state(run_dir)
    where = f": {state.address}" if state else "."
    return f"Atiende ya está en marcha con los datos de {run_dir.parent}{where}"


def _forget(run_dir: Path) -> None:
    for file in [run_dir / STATE_FILE, *run_dir.glob("*.pid")]:
        file.unlink(missing_ok=True)


def _write_whole(file: Path, text: str) -> None:
    aside = file.with_name(f".{file.name}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    aside.replace(file)

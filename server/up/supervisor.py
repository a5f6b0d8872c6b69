"""`atiende up`: one process that starts all the others, keeps them running and takes them with it when it ends.

1. Take the data folder for ourselves; end what a killed supervisor may have left there.
2. Start the private PostgreSQL and Redis that the settings do not replace, and wait until they answer.
3. Run `atiende prepare` to its end: migrations, and for a demo its base, campaigns and users.
4. Start web, worker and, with a PBX, the bridge (two when one is to stand by), each a process of its own, told
   everything by its environment.
5. Watch: what dies starts again, at once the first time, then with growing pauses.
6. On SIGTERM, SIGINT or SIGHUP stop them: first the programs that write, then the servers that keep what they wrote.

If we are killed with -9 the kernel tells every child to stop (see `child_processes`), PostgreSQL with a clean shutdown.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from types import FrameType

from ... import __version__
from ..settings import Settings, WrongSetting
from .child_processes import end_leftovers, marked, start_child
from .demo import at_home
from .demo_pbx import simulated_pbx_command, simulated_pbx_environment
from .postgres import PrivatePostgres
from .private_server import PrivateServer
from .redis import PrivateRedis
from .run_folder import UpState, only_one
from .service import Service

Say = Callable[[str], None]
# -P: the current folder is no place to import from (a checkout holds a folder called queue)
PROGRAM = [sys.executable, "-P", "-m", "atiende.server.cli"]
TICK = 0.1  # seconds between two looks at the children


class StopRequested(BaseException):
    """Raised where we are when somebody asks us to stop."""


class NotPrepared(Exception):
    """Migrations or the demo failed; what they said went to the terminal."""


def up(settings: Settings, demo: bool, bridges: int, say: Say) -> int:
    """Run until asked to stop; the exit status.

    Raises AlreadyRunning, PrivateServerFailed, WrongSetting, NotPrepared.
    """
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sig, _request_stop)
    with only_one(settings.run_dir):
        supervisor = Supervisor(settings, demo, bridges, say)
        try:
            supervisor.start()
            supervisor.watch()
        except StopRequested:
            say("Deteniendo Atiende…")
        finally:
            for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(sig, signal.SIG_IGN)
            supervisor.stop()
    say("Atiende se detuvo.")
    return 0


class Supervisor:
    """The processes of one installation, in the order in which they start."""

    def __init__(self, settings: Settings, demo: bool, bridges: int, say: Say) -> None:
        self.settings = (at_home(settings) if demo else settings).with_values(
            port=settings.port or free_port(settings.host)
        )
        self.demo, self.bridges, self.say = demo, bridges, say
        self.services: list[Service] = []
        self._told: dict[str, int] = {}

    def start(self) -> None:
        """Start everything, in order, and say where it is."""
        began = time.monotonic()
        self.say(f"Atiende {__version__} · datos en {self.settings.data_dir}")
        end_leftovers(marked(self.settings.data_dir))
        _check_port(self.settings)
        self._start_private_servers()
        simulated = self.demo and not self.settings.ami_url
        if simulated:
            ami_url = f"ami://atiende:{secrets.token_hex(16)}@127.0.0.1:{free_port('127.0.0.1')}"
            self.settings = self.settings.with_values(ami_url=ami_url)
        for_people = self._prepare()
        if simulated:
            secret = simulated_pbx_environment(self.settings)
            self._start_program("pbx", simulated_pbx_command(self.settings), secret)
        for name in ("web", "worker"):
            self._start_program(name, [*PROGRAM, name])
        for number in range(self.bridges if self.settings.ami_url else 0):
            self._start_program(f"bridge-{number + 1}" if number else "bridge", [*PROGRAM, "bridge"])
        self._wait_for_web()
        self.say(f"Atiende está en {self.settings.address} ({time.monotonic() - began:.1f} s)")
        if for_people:
            self.say(for_people)

    def watch(self) -> None:
        """Keep everything running, until asked to stop."""
        while True:
            self._look()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop all: first the programs, at the same time, then the servers they need, the last started first."""
        needed = [service for service in self.services if service.name in ("postgres", "redis", "pbx")]
        workers = [service for service in self.services if service not in needed]
        for service in workers:
            if service.process is not None and service.pid is not None:
                service.process.send_signal(service.stop_signal)
        for service in workers:
            service.stop(timeout=5.0)
        for service in reversed(needed):
            service.stop(timeout=10.0)

    def _start_private_servers(self) -> None:
        if not self.settings.database_url:
            postgres = PrivatePostgres(self.settings.data_dir)
            self._start_private(postgres, "PostgreSQL")
            self.settings = self.settings.with_values(database_url=postgres.url())
        if not self.settings.redis_url:
            redis = PrivateRedis(self.settings.data_dir)
            self._start_private(redis, "Redis")
            self.settings = self.settings.with_values(redis_url=redis.url())

    def _start_private(self, server: PrivateServer, title: str) -> None:
        began = time.monotonic()
        self._add(Service(server.name, server.start, server.stop_signal))
        server.wait_ready()
        self.say(f"{title} privado: listo ({time.monotonic() - began:.1f} s)")

    def _start_program(self, name: str, command: list[str], aside: Mapping[str, str] | None = None) -> None:
        mark, environment = self.settings.data_dir, {**self.settings.environment(), **(aside or {})}

        def start() -> subprocess.Popen[str]:
            return start_child(command, mark=mark, environment=environment)

        self._add(Service(name, start))

    def _add(self, service: Service) -> None:
        self.services.append(service)
        service.launch()
        self._tell_pids()

    def _prepare(self) -> str:
        began = time.monotonic()
        child = start_child(
            [*PROGRAM, "prepare", *(["--demo"] if self.demo else [])],
            mark=self.settings.data_dir,
            environment=self.settings.environment(),
            stdout=subprocess.PIPE,
        )
        said, _ = child.communicate()
        if child.returncode:
            raise NotPrepared("La base de datos no se pudo preparar; el motivo está más arriba.")
        self.say(f"Base de datos al día ({time.monotonic() - began:.1f} s)")
        return said.strip()

    def _wait_for_web(self, patience: float = 60.0) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if answers(f"{self.settings.own_address}/ready"):
                return
            self._look()
            time.sleep(TICK)
        self.say("La web aún no responde; se sigue intentando.")

    def _look(self) -> None:
        for service in self.services:
            if sentence := service.check():
                self.say(sentence)
        self._tell_pids()

    def _tell_pids(self) -> None:
        pids = {"supervisor": os.getpid()}
        pids |= {service.name: service.pid for service in self.services if service.pid is not None}
        if pids == self._told:
            return
        settings = self.settings
        with contextlib.suppress(OSError):  # a full disk is no reason to end; written at the next look
            UpState(
                address=settings.address,
                database_url=settings.database_url or "",
                redis_url=settings.redis_url or "",
                ami_url=settings.ami_url,
                demo=self.demo,
                port=settings.port,
                pids=pids,
            ).write(settings.run_dir)
            self._told = pids


def free_port(host: str) -> int:
    """A TCP port nobody listens on at `host` now."""
    with socket.create_server((host, 0)) as server:
        return int(server.getsockname()[1])


def answers(url: str) -> bool:
    """Whether an HTTP GET of `url` succeeds within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1.0) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False


def _check_port(settings: Settings) -> None:
    try:
        socket.create_server((settings.host, settings.port)).close()
    except OSError as error:
        reason = f"{settings.host}:{settings.port} no se puede usar ({error.strerror})"
        raise WrongSetting("ATIENDE_PORT", reason) from None


def _request_stop(_sig: int, _frame: FrameType | None) -> None:
    raise StopRequested

"""A real Asterisk, private to one test: its own folder, its own ports, gone when the test is."""

from __future__ import annotations

import functools
import os
import random
import signal
import socket
import subprocess
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from atiende.tests.support.pbx import config as config

CHECKOUT = Path(__file__).parents[3]
START_LIMIT = 30.0
END_WITH_US = ("setpriv", "--pdeathsig", "KILL")  # a test that is killed leaves nobody behind


@functools.cache
def installed() -> Path:
    """The folder Asterisk was unpacked into, installing it first where it is missing. Raises when that fails."""
    done = subprocess.run([CHECKOUT / "scripts" / "asterisk"], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"scripts/asterisk failed: {done.stderr.strip()}")
    return Path(done.stdout.split()[-1])


def claim_base() -> tuple[int, socket.socket]:
    """A number from which the ports are ours as long as the claim is open; below those the system gives away itself.

    Asterisk binds its ports seconds later, so looking whether they are free is not enough when tests run side by side.
    """
    bases = list(range(15000, 32000, 500))
    random.shuffle(bases)
    for base in bases:
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0atiende-tests-ports-{base}")  # a name without a file, gone with its process
            _bind_ports(base)
            return base, claim
        except OSError:
            claim.close()
    raise OSError("no free ports for Asterisk")


def _bind_ports(base: int) -> None:
    """Raises OSError when somebody who makes no claims holds one of the fixed ports."""
    with socket.socket() as manager, socket.socket(type=socket.SOCK_DGRAM) as sip:
        manager.bind(("127.0.0.1", base + 38))
        sip.bind(("127.0.0.1", base + 60))


class RealAsterisk:
    """`with RealAsterisk(folder) as pbx:` and it answers at `pbx.ear_url`, on ports of its own."""

    def __init__(
        self,
        home: Path,
        queues: Mapping[str, config.Queue] | None = None,
        agents: Sequence[str] = config.AGENTS,
    ) -> None:
        base_port, claim = claim_base()
        weakref.finalize(self, claim.close)  # it may be stopped and started again
        self.root = installed()
        self.home = home.resolve()
        self.plan = config.Plan(
            root=str(self.root),
            home=str(self.home),
            modules=str(next(self.root.glob("usr/lib/*/asterisk/modules"))),
            ami=base_port + 38,
            sip=base_port + 60,
            carrier=base_port + 90,
            rtp=base_port + 100,
            queues=queues or config.default_queues(),
            agents=agents,
        )
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def ear_url(self) -> str:
        return self.url(*config.EAR)

    @property
    def bench_url(self) -> str:
        return self.url(*config.BENCH)

    def url(self, user: str, secret: str) -> str:
        return f"ami://{quote(user)}:{quote(secret)}@127.0.0.1:{self.plan.ami}"

    @property
    def sip_address(self) -> str:
        return f"127.0.0.1:{self.plan.sip}"

    def start(self) -> None:
        """Start and wait until fully booted; TimeoutError with the end of its log when it does not come up."""
        self._write()
        with (self.home / "log" / "console.log").open("ab") as console:
            self.process = subprocess.Popen(
                [*END_WITH_US, self.root / "asterisk", "-C", self.home / "etc" / "asterisk.conf", "-f", "-n"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=self.home,
                env={"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", "TERM": "dumb"},
            )
        deadline = time.monotonic() + START_LIMIT
        while not self._booted():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise TimeoutError(f"Asterisk did not start: {self._log_tail()}")
            time.sleep(0.02)

    def _write(self) -> None:
        for folder in ("etc", "lib", "agi", "spool/outgoing", "run", "log", "data/sounds"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        documentation = self.home / "data" / "documentation"
        if not documentation.exists():
            documentation.symlink_to(self.root / "usr/share/asterisk/documentation")
        for name, text in config.files(self.plan).items():
            (self.home / "etc" / name).write_text(text)

    def _booted(self) -> bool:
        user, secret = config.EAR
        login = f"Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\n\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.plan.ami), 1) as door:
                door.settimeout(1)
                door.sendall(login)
                heard = b""
                while b"FullyBooted" not in heard and (more := door.recv(4096)):
                    heard += more
                return b"FullyBooted" in heard
        except OSError:
            return False

    def _log_tail(self) -> str:
        logs = [self.home / "log" / name for name in ("console.log", "messages.log")]
        return "\n".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())

    def cli(self, command: str) -> str:
        """What `asterisk -rx command` prints."""
        argv = [self.root / "asterisk", "-C", self.home / "etc" / "asterisk.conf", "-rx", command]
        return subprocess.run(argv, capture_output=True, text=True, timeout=20).stdout

    def freeze(self) -> None:
        """SIGSTOP: the sockets stay open and nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9, and reap it."""
        self._signal(signal.SIGKILL)
        if self.process:
            self.process.wait(10)

    def stop(self) -> None:
        """SIGTERM, then kill -9 when it does not obey in 5 s."""
        self._signal(signal.SIGTERM)
        try:
            if self.process:
                self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def __enter__(self) -> RealAsterisk:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.thaw()
        self.stop()

"""A real Asterisk, private to one test: its own folder, its own ports, gone when the test is."""

from __future__ import annotations

import functools
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
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


def free_base() -> int:
    """A number from which the manager's and the SIP port are free; below the ports the system gives away itself."""
    bases = list(range(15000, 32000, 500))
    random.shuffle(bases)
    for base in bases:
        try:
            with socket.socket() as manager, socket.socket(type=socket.SOCK_DGRAM) as sip:
                manager.bind(("127.0.0.1", base + 38))
                sip.bind(("127.0.0.1", base + 60))
                return base
        except OSError:
            continue
    raise OSError("no free ports for Asterisk")


class RealAsterisk:
    """`with RealAsterisk(folder) as pbx:` and it answers at `pbx.ear_url`. `base_port` None: free ports."""

    def __init__(
        self, home: Path, base_port: int | None = None, queues: Mapping[str, config.Queue] | None = None
    ) -> None:
        base_port = base_port or free_base()
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

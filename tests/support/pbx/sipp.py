"""Phones and callers played by sipp: each is one child process, ended by `stop()` or by the test's ExitStack."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

SCENARIOS = Path(__file__).parents[2] / "pbx" / "sipp"
END_WITH_US = ("setpriv", "--pdeathsig", "KILL")  # a test that is killed leaves nobody behind
NEVER_MS = 3_600_000
FOREVER_MS = 3_600_000
PORT_TAKEN = 254  # sipp binds its port, its media port and the one two above: another may be quicker
PORT_TRIES = 5


class Sipp:
    """One running scenario. `values` fill the {NAME} marks of its file; bytes go in as they are, in any encoding."""

    def __init__(
        self, folder: Path, server: str, scenario: str, values: dict[str, bytes], *options: str, port: int = 0
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = (SCENARIOS / f"{scenario}.xml").read_bytes()
        for name, value in values.items():
            text = text.replace(b"{%s}" % name.encode(), value)
        self._argv = (need_sipp(), server, "-i", "127.0.0.1", "-nostdin", *options)
        for _ in range(PORT_TRIES):
            self._start(folder, scenario, text, port or free_port())
            if self.process.poll() != PORT_TAKEN:
                return
        raise OSError(f"sipp found no free port in {PORT_TRIES} tries: {self.log}")

    def _start(self, folder: Path, scenario: str, text: bytes, port: int) -> None:
        """Until it holds its ports, or has already ended."""
        self.port, media = port, free_port()
        self.log = folder / f"{port}.log"
        script = folder / f"{port}-{scenario}.xml"
        script.write_bytes(text)
        argv = [*END_WITH_US, *self._argv, "-sf", str(script), "-p", str(port), "-mp", str(media)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=folder
            )
        deadline = time.monotonic() + 5
        while self.process.poll() is None and not held_ports() >= {port, media, media + 2}:
            if time.monotonic() > deadline:
                raise TimeoutError(f"sipp holds no port after 5 s: {self.log}")
            time.sleep(0.005)

    def wait(self, limit: float = 20.0) -> int:
        """The exit code, 0 when the scenario went as written."""
        return self.process.wait(limit)

    def stop(self) -> None:
        """SIGTERM, then kill -9: a caller in the middle of a call just vanishes, as a lost network does."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def __enter__(self) -> Sipp:
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()


class Bench:
    """Everything sipp plays against one PBX; all of it ends with the `with` block."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self.server = server
        self.running: list[Sipp] = []

    def phone(self, extension: str, ring_ms: int = 300, talk_ms: int = FOREVER_MS, scenario: str = "phone") -> Sipp:
        """Register an agent's phone and let it take every call after `ring_ms`; NEVER_MS leaves it ringing."""
        answer = b"486 Busy Here" if scenario == "phone_refuses" else b"200 OK"
        values = {"RING_MS": b"%d" % ring_ms, "TALK_MS": b"%d" % talk_ms, "ANSWER": answer}
        phone = self._run(scenario, values)
        self._register(extension, phone.port, 3600)
        return phone

    def carrier(self, port: int, answer: str = "200 OK", ring_ms: int = 300, rings: bool = True) -> Sipp:
        """The customers, behind the trunk's port: each rings and answers, or ends with another SIP answer."""
        values = {"RING_MS": b"%d" % ring_ms, "TALK_MS": b"%d" % FOREVER_MS, "ANSWER": answer.encode()}
        scenario = "phone" if answer.startswith("200") else "phone_refuses" if rings else "turns_away"
        started = Sipp(self.folder, self.server, scenario, values, port=port)
        self.running.append(started)
        return started

    def unregister(self, extension: str, phone: Sipp) -> None:
        self._register(extension, phone.port, 0)

    def _register(self, extension: str, port: int, expires: int) -> None:
        """Sent from another port than the phone's: the phone's own port is already listening."""
        values = {"USER": extension.encode(), "EXPIRES": b"%d" % expires, "PORT": b"%d" % port}
        code = self._run("register", values, "-m", "1").wait(10)
        if code:
            raise RuntimeError(f"phone {extension} could not register: sipp ended with {code}")

    def caller(
        self,
        to: str,
        number: str = "3001234567",
        name: bytes = b"Cliente",
        talk_ms: int = FOREVER_MS,
        give_up_ms: int = FOREVER_MS,
    ) -> Sipp:
        """A customer calls `to`. `name` goes between the quotes of the From header byte by byte."""
        values = {
            "FROM": b'"%s" <sip:%s@127.0.0.1>' % (name, number.encode()),
            "TALK_MS": b"%d" % talk_ms,
            "GIVE_UP_MS": b"%d" % give_up_ms,
        }
        return self._run("caller", values, "-s", to, "-m", "1")

    def _run(self, scenario: str, values: dict[str, bytes], *options: str) -> Sipp:
        started = Sipp(self.folder, self.server, scenario, values, *options)
        self.running.append(started)
        return started

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *raised: object) -> None:
        for each in reversed(self.running):
            each.stop()


def need_sipp() -> str:
    """Its path; FileNotFoundError with the remedy when it is missing."""
    found = shutil.which("sipp")
    if not found:
        raise FileNotFoundError("sipp is missing: run scripts/asterisk as root, or install sip-tester")
    return found


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def held_ports() -> set[int]:
    """The UDP ports in use, read and not tried: a port tried by binding is taken from the one who wants it."""
    lines = Path("/proc/net/udp").read_text().splitlines()[1:]
    return {int(line.split()[1].partition(":")[2], 16) for line in lines}

"""A whole real Atiende (`atiende up`) as a separate process, for tests that look from outside.

with RunningAtiende(demo=True) as atiende:
    httpx.get(f"{atiende.address}/health")
    atiende.kill("web")             # kill -9
    atiende.wait_until_ready()
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from atiende.tests.support.folders import temporary_folder

COMMAND = (sys.executable, "-P", "-m", "atiende.server.cli")
KEPT_LINES = 2000


class RunningAtiende:
    """One installation in a temporary folder, on a free port. `output` holds its last lines."""

    def __init__(
        self,
        *,
        demo: bool = False,
        data_dir: Path | None = None,
        environment: Mapping[str, str] | None = None,
        command: tuple[str, ...] = COMMAND,
        arguments: tuple[str, ...] = (),
    ) -> None:
        """A given `data_dir` is kept at the end; `environment` adds to a clean one, `arguments` to those of `up`."""
        self._own_folder = data_dir is None
        self.data_dir = data_dir or temporary_folder()
        self.output: deque[str] = deque(maxlen=KEPT_LINES)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("ATIENDE_")}
        self.environment |= {"ATIENDE_DATA_DIR": str(self.data_dir), **(environment or {})}
        self.command = [*command, "up", "--port", "0", *(["--demo"] if demo else []), *arguments]
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> RunningAtiende:
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._own_folder:
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def start(self) -> None:
        """Start it, in the data folder, without waiting."""
        self.process = subprocess.Popen(
            self.command,
            cwd=self.data_dir,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()

    def stop(self, timeout: float = 30.0) -> int | None:
        """Ask it to stop; its exit status. Killed, and the test fails, when it does not in `timeout` seconds."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"atiende up did not stop:\n{self.last_lines()}") from None

    @property
    def state(self) -> dict[str, object]:
        """What it says about itself in run/up.json (empty while it is not up)."""
        try:
            return dict(json.loads((self.data_dir / "run/up.json").read_text()))
        except FileNotFoundError:
            return {}

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return str(self.state["address"])

    @property
    def upstream(self) -> str:
        """`127.0.0.1:PORT` of the web process itself, whatever address people type; empty while it does not listen."""
        try:
            listening = psutil.Process(self.pids["web"]).net_connections("tcp")
        except (KeyError, psutil.Error):
            return ""
        return next((f"{c.laddr.ip}:{c.laddr.port}" for c in listening if c.status == psutil.CONN_LISTEN), "")

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by name: supervisor, postgres, redis, web, worker, bridge, pbx."""
        pids = self.state.get("pids", {})
        assert isinstance(pids, dict)
        return pids

    def kill(self, name: str) -> int:
        """kill -9 one process by name; its id."""
        pid = self.pids[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_until_ready(self, timeout: float = 90.0) -> None:
        """Wait until the web process says that it can serve."""
        self.until(lambda: (at := self.upstream) != "" and answers(f"http://{at}/ready"), timeout)

    def wait_for_another(self, name: str, than: int, timeout: float = 60.0) -> int:
        """Wait until the process `name` runs under another id than `than`; the new id."""
        self.until(lambda: self.pids.get(name, than) != than and psutil.pid_exists(self.pids[name]), timeout)
        return self.pids[name]

    def until(self, condition: Callable[[], bool], timeout: float = 60.0) -> None:
        """Wait for a condition; the test fails with the last lines of output when it does not come."""
        deadline = time.monotonic() + timeout
        while not condition():
            ended = self.process is not None and self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"waited in vain ({'it ended' if ended else 'too long'}):\n{self.last_lines()}")
            time.sleep(0.05)

    def last_lines(self, count: int = 40) -> str:
        """The end of what it printed."""
        return "".join(list(self.output)[-count:])

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.output.append(line[:2000])


def answers(url: str) -> bool:
    """Whether an HTTP GET succeeds within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2.0) as response:
            return response.status == 200
    except OSError:
        return False

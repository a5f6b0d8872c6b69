"""One real web process on the run's servers, in a process of its own so that its CPU and memory are its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .harness import Run

READY_SECONDS = 30.0


@dataclass(frozen=True)
class Web:
    """Where it listens, and which process it is."""

    host: str
    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


def environment(run: Run, database_url: str, **more: str) -> dict[str, str]:
    """What a process of Atiende needs to know to work on the run's servers."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ATIENDE_")}
    return clean | {
        "ATIENDE_DATABASE_URL": database_url,
        "ATIENDE_REDIS_URL": run.servers.redis.url(),
        "ATIENDE_DATA_DIR": str(run.folder),
        "ATIENDE_SECRET_KEY": "only-for-benches-" + "x" * 32,
        "ATIENDE_LOG_LEVEL": "WARNING",
        **more,
    }


@contextmanager
def process(run: Run, database_url: str, *command: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`atiende COMMAND…` in a session of its own, as `atiende up` starts it; ended at the end."""
    log = (run.folder / f"{command[0]}.log").open("ab")
    running = subprocess.Popen(
        [sys.executable, "-P", "-m", "atiende.server.cli", *command],
        cwd=run.folder,
        env=environment(run, database_url, **more),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        log.close()


@contextmanager
def web(run: Run, database_url: str) -> Iterator[Web]:
    """`atiende web` on a free port, ready to serve."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with process(run, database_url, "web", "--port", str(port)) as running:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"http://127.0.0.1:{port}/ready"):
            if running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the web process does not serve: {(run.folder / 'web.log').read_text()[-500:]}")
            time.sleep(0.05)
        yield Web("127.0.0.1", port, running.pid)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False

"""Bun as a peer: installed once into the cache, from npm and nowhere else."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .harness import CACHE

_FOLDER = CACHE / "bun"
PROGRAM = _FOLDER / "node_modules/bun/bin/bun.exe"
_SERVER = Path(__file__).with_name("bun_server.js")


def install() -> str:
    """Its version; installed if it is not. Its install.js is run by hand, because npm may be told to run no scripts."""
    if not PROGRAM.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--cache", str(CACHE / "npm")]
        subprocess.run(["npm", "install", *options, "bun@1"], cwd=_FOLDER, check=True, capture_output=True, timeout=300)
        package = PROGRAM.parent.parent
        subprocess.run(["node", "install.js"], cwd=package, check=True, capture_output=True, timeout=120)
    return subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout.strip()


class Bun:
    """A running server of one topic."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout and process.stdin
        self.pid = process.pid
        self.port = int(process.stdout.readline())
        self._lines: IO[bytes] = process.stdin

    def publish(self, times: int) -> None:
        """Have the payload published so often."""
        self._lines.write(b"%d\n" % times)
        self._lines.flush()


@contextmanager
def serving(payload: Path) -> Iterator[Bun]:
    """Start it with the text that it publishes."""
    command = [PROGRAM, "run", _SERVER, payload]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield Bun(process)
    finally:
        process.kill()
        process.wait()

"""How much of a core each kind of process took, so that a miss shows its cause."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import psutil

Tree = Callable[[], list[psutil.Process]]


def alone(pid: int) -> Tree:
    """One process."""
    return lambda: [psutil.Process(pid)]


def tree(*pids: int) -> Tree:
    """Processes and all below them."""
    return lambda: [each for pid in pids for each in (psutil.Process(pid), *psutil.Process(pid).children(True))]


class Shares:
    """Begins to count when made."""

    def __init__(self, kinds: dict[str, Tree]) -> None:
        self._kinds = kinds
        self._began = time.monotonic()
        self._before = self._spent()
        self._idle = _idle()

    def taken(self) -> dict[str, float]:
        """Percents of one core by kind since it began, and of all cores together (`everything on this machine`)."""
        seconds, now = time.monotonic() - self._began, self._spent()
        found = {}
        for kind, spent in now.items():
            before = self._before[kind]
            found[kind] = sum(used - before.get(pid, 0.0) for pid, used in spent.items()) / seconds * 100
        cores = psutil.cpu_count() or 1
        return found | {"everything on this machine": (cores - (_idle() - self._idle) / seconds) * 100}

    def _spent(self) -> dict[str, dict[int, float]]:
        return {kind: _seconds(processes()) for kind, processes in self._kinds.items()}


def _seconds(processes: list[psutil.Process]) -> dict[int, float]:
    found = {}
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found


def _idle() -> float:
    times = psutil.cpu_times()
    return float(times.idle + getattr(times, "iowait", 0.0))

"""One supervised process: how it starts, when it may start again, how it stops."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from .child_processes import end_child

# A process that lived this long (seconds) is taken as healthy: its next death is answered at once.
HEALTHY_AFTER = 10.0
LONGEST_WAIT = 5.0


def wait_before_restart(failures: int) -> float:
    """Seconds to wait after so many deaths in a row: none, then a quarter, doubling up to five."""
    return 0.0 if failures <= 1 else min(LONGEST_WAIT, 0.25 * 2.0 ** (failures - 2))


@dataclass
class Service:
    """`start` makes the process (it may raise); the supervisor calls `check` several times a second."""

    name: str
    start: Callable[[], subprocess.Popen[str]]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[str] | None = None
    failures: int = 0
    started_at: float = 0.0
    due: float | None = None

    @property
    def pid(self) -> int | None:
        """Its process id, or None while it is down."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def launch(self) -> None:
        """Start it now. Raises what `start` raises."""
        self.started_at, self.due = time.monotonic(), None
        self.process = self.start()

    def check(self) -> str | None:
        """Notice a death, or start again when it is time; a sentence when something happened."""
        if self.pid is not None:
            return None
        if self.due is None:
            return self._plan(f"terminó ({self._how()})")
        if time.monotonic() < self.due:
            return None
        try:
            self.launch()
        except Exception as error:  # a full disk, a vanished program: told, and tried again later
            return self._plan(f"no arranca ({error})")
        return f"{self.name}: de nuevo en marcha"

    def stop(self, timeout: float) -> None:
        """Stop it, waiting `timeout` seconds before it is killed."""
        if self.process is not None:
            end_child(self.process, self.stop_signal, timeout)

    def _plan(self, what: str) -> str:
        healthy = time.monotonic() - self.started_at > HEALTHY_AFTER
        self.failures = 1 if healthy else self.failures + 1
        wait = wait_before_restart(self.failures)
        self.due = time.monotonic() + wait
        return f"{self.name} {what}; se reinicia" + (f" en {wait:g} s" if wait else "")

    def _how(self) -> str:
        code = self.process.returncode if self.process is not None else None
        return signal.Signals(-code).name if code is not None and code < 0 else f"salida {code}"

"""Child processes that never outlive us and that we can always find again.

Every child is started from the main thread (Linux ties "die with your parent" to the thread that forked), in a session
of its own so that a Ctrl-C in the terminal reaches only the supervisor, and carries the data folder in its environment:
that mark finds what an earlier supervisor, killed with -9, may have left.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

MARK = "ATIENDE_SUPERVISED_BY"
_PR_SET_PDEATHSIG = 1


def start_child(
    command: Sequence[str | Path],
    *,
    mark: Path,
    cwd: Path | None = None,
    user: str | None = None,
    stdout: IO[str] | int | None = None,
    stderr: IO[str] | int | None = None,
    environment: Mapping[str, str] | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[str]:
    """Start one process that receives `death_signal` when we end, however we end.

    `user` (with its own group and no others) needs root. `mark` is the data folder it belongs to.
    Raises OSError when the program cannot be started, RuntimeError when not called from the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("a child started from another thread would die with that thread")
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env={**(os.environ if environment is None else environment), MARK: str(mark)},
        start_new_session=True,
        text=True,
        # runs after the change of user, which would clear the death signal
        preexec_fn=_die_with_parent(death_signal),
    )


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # loaded before the fork: nothing may be loaded after it
    parent = os.getpid()

    def before_exec() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it ended between the fork and the line above
            os._exit(1)

    return before_exec


def end_child(child: subprocess.Popen[str], sig: signal.Signals = signal.SIGTERM, timeout: float = 5.0) -> int:
    """Ask a child to stop, wait `timeout` seconds, then kill it; its exit status. Harmless on one that has ended."""
    if child.poll() is None:
        child.send_signal(sig)
        try:
            child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def end_leftovers(found: Iterator[psutil.Process], timeout: float = 1.0) -> list[psutil.Process]:
    """End processes that an earlier supervisor left, kill those that do not end in time; those that live even so.

    One that waits for a disk ends only when that answers.
    """
    processes = list(found)
    for process in processes:
        _quietly(process.terminate)
    for process in _still_alive(processes, timeout):
        _quietly(process.kill)
    return _still_alive(processes, timeout)


def alive(process: psutil.Process) -> bool:
    """Whether it still does anything. One that has ended and waits for its parent to notice (a zombie) does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _still_alive(processes: list[psutil.Process], timeout: float) -> list[psutil.Process]:
    deadline = time.monotonic() + timeout
    while (left := [process for process in processes if alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def marked(mark: Path) -> Iterator[psutil.Process]:
    """Other processes that belong to this data folder."""
    for process in _others():
        try:
            if process.environ().get(MARK) == str(mark):
                yield process
        except (psutil.Error, OSError):
            continue  # gone meanwhile, or somebody else's


def working_in(folder: Path) -> Iterator[psutil.Process]:
    """Other processes whose current folder is this one."""
    for process in _others():
        try:
            if process.cwd() == str(folder):
                yield process
        except (psutil.Error, OSError):
            continue


def _others() -> Iterator[psutil.Process]:
    us = {os.getpid(), os.getppid()}
    return (process for process in psutil.process_iter() if process.pid not in us)


def _quietly(act: Callable[[], object]) -> None:
    with contextlib.suppress(psutil.Error):
        act()

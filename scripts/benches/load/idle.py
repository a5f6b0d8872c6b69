"""What an installation takes that nobody uses: all its processes, its own PostgreSQL and Redis included."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import psutil

from atiende.tests.support.running_atiende import RunningAtiende

from ..shared.harness import Figure, Run

WHAT = "an installation without a demonstration and with nobody signed in: CPU of all its processes"
SETTLES = 15.0  # seconds after the start
PARTS = ("supervisor", "web", "worker", "postgres", "redis")


async def bench(run: Run) -> list[Figure]:
    """Percents of one core, by process and of all together."""
    atiende = RunningAtiende()
    try:
        await asyncio.to_thread(atiende.__enter__)
        await asyncio.sleep(0 if run.tiny else SETTLES)
        seconds = run.size(60, 30, 1)
        before = {part: spent(atiende.pids[part], part) for part in PARTS}
        await asyncio.sleep(seconds)
        taken = {part: (spent(atiende.pids[part], part) - before[part]) / seconds * 100 for part in PARTS}
    finally:
        await asyncio.to_thread(atiende.__exit__)
    figures = [Figure(f"CPU of {part}, idle", taken[part], "% of a core") for part in PARTS]
    return [Figure("CPU of everything, idle", sum(taken.values()), "% of a core", "<= 1"), *figures]


def spent(pid: int, part: str) -> float:
    """CPU seconds of a process and all below it, those that ended included; of the supervisor, its own."""
    root = psutil.Process(pid)
    below = [] if part == "supervisor" else root.children(recursive=True)
    seconds = 0.0
    for process in (root, *below):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            ended = 0.0 if part == "supervisor" else times.children_user + times.children_system
            seconds += times.user + times.system + ended
    return seconds

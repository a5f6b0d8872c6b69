"""What strangers can do to agents at work: their p99 while nobody attacks, and while somebody does."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from dataclasses import dataclass
from typing import Any

import psutil

from atiende.server.listening.descriptors import ConnectionLimits

from ..load.agents import Tally
from ..load.floor import load_floor
from ..load.office import Office
from ..shared.harness import Figure, Run, percentile
from ..shared.web import Web, web
from .connections import allow_many_files

WHAT = "50 agents (12) at work while strangers half-open 10,000 connections, send heads without end and 80,000 keys"
EACH_SECOND = 100
_WARM = 3.0


@dataclass
class Peak:
    """The most that was seen of a process."""

    memory: float = 0.0  # MB
    descriptors: int = 0

    async def watch(self, pid: int) -> None:
        """Look at it twice a second, until cancelled."""
        process = psutil.Process(pid)
        while True:
            self.memory = max(self.memory, process.memory_info().rss / 2**20)
            self.descriptors = max(self.descriptors, process.num_fds())
            await asyncio.sleep(0.5)


async def bench(run: Run) -> list[Figure]:
    """The same work twice: quiet, then attacked."""
    allow_many_files()
    agents, seconds = run.size(50, 12, 3), run.size(60, 10, 2)
    floor = await load_floor(run, run.size(100_000, 5_000, 400), run.size(100_000, 5_000, 2_000), agents + 1, 1)
    with web(run, floor.url) as site:
        office = Office(run, floor)
        try:
            await office.open([site, site])
            await _work(office, _WARM if seconds > 2 else 0.5, agents / 10)
            quiet, before = await _measured(office, site, seconds, agents / 10)
            attacker = await _attacker(site, seconds + 2, run.size(10_000, 2_000, 50))
            attacked, during = await _measured(office, site, seconds, agents / 10)
            got = json.loads((await attacker.communicate())[0])
        finally:
            office.close()
    return [*_times(quiet, attacked), *_bounds(before, during), *_got(got)]


async def _measured(office: Office, site: Web, seconds: float, rate: float) -> tuple[Tally, Peak]:
    office.tally, peak = Tally(), Peak()
    watching = asyncio.create_task(peak.watch(site.pid))
    try:
        await _work(office, seconds, rate)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return office.tally, peak


async def _work(office: Office, seconds: float, rate: float) -> None:
    """`rate` gestiones a second, by one agent after the other."""
    loop, desks = asyncio.get_running_loop(), office.desks
    began = loop.time()
    async with asyncio.TaskGroup() as turns:
        for place in range(max(1, round(rate * seconds))):
            due = began + place / rate
            await asyncio.sleep(due - loop.time())
            desk = desks[place % len(desks)]
            turns.create_task(desk.turn(due, len(desks) / rate, place, calls=False, tally=office.tally))


async def _attacker(site: Web, seconds: float, half_open: int) -> asyncio.subprocess.Process:
    command = ["nice", sys.executable, "-P", "-m", f"{__package__}.attacker"]
    words = [str(site.port), str(int(seconds)), str(half_open), str(EACH_SECOND)]
    return await asyncio.create_subprocess_exec(*command, *words, stdout=asyncio.subprocess.PIPE)


def _times(quiet: Tally, attacked: Tally) -> list[Figure]:
    figures = []
    for what, calm, busy in (
        ("p99 of saving a gestión while attacked", quiet.saved, attacked.saved),
        ("p99 until the next case is there while attacked", quiet.shown, attacked.shown),
    ):
        mine, theirs = percentile(busy or [float("nan")], 99), percentile(calm or [float("nan")], 99)
        note = f"{len(busy)} gestiones, {len(calm)} quiet ones"
        figures.append(Figure(what, mine, "ms", "<= 2", "quiet", theirs, mine / theirs, note=note))
    failed = quiet.failed + attacked.failed
    return [
        *figures,
        Figure("requests of agents failed", len(failed), "", "<= 0", note=failed[0][:120] if failed else ""),
    ]


def _bounds(before: Peak, during: Peak) -> list[Figure]:
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limits = ConnectionLimits.fitting(descriptors)
    note = f"strangers {limits.strangers:,}, of one address {limits.of_address:,}, of {descriptors:,} descriptors"
    return [
        Figure("memory of the web process beyond its quiet peak", during.memory - before.memory, "MB", "<= 150"),
        Figure("descriptors of the web process at most", during.descriptors, "", note=f"quiet {before.descriptors}"),
        Figure("connections that one process takes", limits.all, "", note=note),
    ]


def _got(got: dict[str, Any]) -> list[Figure]:
    cut = f"{got.get('opened', 0):,} opened, {got.get('cut', 0):,} cut by the server"
    return [
        Figure("half-open connections at most", got.get("most open", 0), "", note=cut),
        Figure("sent of a 100 MB head", got.get("bytes of heads", 0) / max(1, got.get("heads", 0)) / 2**20, "MB each"),
        Figure(
            "answered to 80,000 keys", got.get("bytes answered to bodies", 0) / max(1, got.get("bodies", 0)), "bytes"
        ),
    ]

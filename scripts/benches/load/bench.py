"""A whole floor at work on the real programs: what it gets done, how soon, and what the programs take for it.

Two web processes (each with half of the agents), worker, bridge and a simulated PBX. Agents save gestiones and call by
the requests of their pages, each with a live line; supervisors watch the board; bases are brought in without a pause;
one agent sits at a real Chromium.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psutil
from redis.asyncio import Redis

from ..live.connections import allow_many_files
from ..shared.harness import Figure, Run, percentile
from ..shared.shares import Shares, tree
from .agents import Desk, work
from .browser import Presser, presser
from .floor import load_floor
from .office import Office
from .programs import Programs, programs
from .screens import listen
from .uploads import files, import_on_and_on

WHAT = "200 agents and 20 supervisors (60 and 6) at work, 20 gestiones/s, 5 dials/s, an import; Guardar y siguiente"
SETTLE = 2.0  # seconds until the last event is with the last screen


@dataclass(frozen=True)
class Load:
    """`rate` gestiones a second, a call after each `every`th; `warm` seconds are not counted."""

    rate: float
    every: int
    warm: float
    seconds: float


async def bench(run: Run) -> list[Figure]:
    """Everything at once; the first seconds are not counted."""
    allow_many_files()
    load = Load(run.size(20, 6, 2), run.size(4, 3, 2), run.size(15, 5, 1), run.size(90, 20, 4))
    customers, cases = run.size(1_000_000, 20_000, 400), run.size(1_000_000, 40_000, 2_000)
    floor = await load_floor(run, customers, cases, run.size(200, 60, 8), run.size(20, 6, 2))
    paths = files(run.folder, customers, run.size(100_000, 20_000, 200), 3)
    office = Office(run, floor)
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(programs(run, floor, len(floor.agents) / load.rate))
        stack.callback(office.close)
        await stack.enter_async_context(_listening(run, office))
        await office.open(there.sites)
        before = set(psutil.Process().children())
        browser = await stack.enter_async_context(presser(Desk.of(floor.agents[0], floor, there.sites[0])))
        there.kinds["Chromium"] = tree(*(each.pid for each in set(psutil.Process().children()) - before))
        importing = import_on_and_on(there.sites[1], floor.supervisors[0].id, paths, office.tally)
        figures = await _measure(load, office, there, browser, importing)
        await asyncio.sleep(SETTLE)
        return [*figures, *office.lost()]


@asynccontextmanager
async def _listening(run: Run, office: Office) -> AsyncIterator[None]:
    redis = Redis.from_url(run.servers.redis.url())
    listening = asyncio.create_task(listen(redis, office.told))
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await redis.aclose()


async def _measure(
    load: Load, office: Office, there: Programs, browser: Presser, importing: Coroutine[Any, Any, None]
) -> list[Figure]:
    """Let all work at the same time; the figures of the counted seconds."""
    working = work(office.desks, load.rate, load.every, load.warm + load.seconds, office.tally)
    tasks = [asyncio.create_task(each) for each in (working, importing, browser.again_and_again(office.tally))]
    try:
        await asyncio.sleep(load.warm)
        office.tally.begin()
        browser.spent.clear()
        before, shares = await office.done(), Shares(there.kinds)
        await asyncio.sleep(load.seconds)
        taken, after = shares.taken(), await office.done()
        await tasks[0]
        await browser.first()
        for broken in (task for task in tasks if task.done()):
            broken.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    each = {what: (after[what] - before[what]) / load.seconds for what in after}
    return [
        *_pressed(browser.spent),
        *_done(load, each),
        *office.tally.figures(),
        await office.calls_lost(),
        Figure("rows imported/s meanwhile", each["imported"], "/s"),
        Figure("events pushed/s, all screens together", each["pushed"], "/s"),
        *(Figure(f"share of a core: {kind}", share, "%") for kind, share in taken.items()),
    ]


def _pressed(spent: list[dict[str, float]]) -> list[Figure]:
    """*Guardar y siguiente* in the browser, whole and by parts."""
    parts = {part: percentile([one[part] for one in spent], 50) for part in spent[0]}
    note = f"saving {parts['saving']:.0f}, the next case {parts['page']:.0f}, painting it {parts['painting']:.0f}"
    whole = [one["painted"] for one in spent]
    return [
        Figure("p95 of Guardar y siguiente, click → next case painted", percentile(whole, 95), "ms", "<= 150"),
        Figure("its median", percentile(whole, 50), "ms", note=f"{note}; {len(spent)} presses"),
    ]


def _done(load: Load, each: dict[str, float]) -> list[Figure]:
    """Rates against those asked for."""
    asked = {"gestiones/s done": (each["saved"], load.rate), "dials/s done": (each["dialled"], load.rate / load.every)}
    return [
        Figure(what, done, "/s", ">= 0.98", "asked", wanted, done / wanted) for what, (done, wanted) in asked.items()
    ]

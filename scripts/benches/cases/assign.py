"""Sharing a hundred thousand customers among two hundred agents, against one SQL statement that does no more."""

from __future__ import annotations

import time
from typing import Any

from atiende.models.permissions import Role
from atiende.queue.campaigns.assignment import Sharing, assign
from atiende.queue.work import Actor, Let
from atiende.server.database import make_engine

from ..shared.data import connect, database
from ..shared.harness import Figure, Run
from .case_list import house_of

WHAT = "assign 100,000 customers (5,000) to 200 agents, one event for each agent; against one SQL statement"
CAMPAIGN = 2

_PLAIN = """
WITH found AS (SELECT id, row_number() OVER (ORDER BY random()) AS n FROM
    (SELECT id FROM customers ORDER BY id LIMIT $1::int) few)
UPDATE cases SET agent_id = ($3::bigint[])[1 + found.n % 200], assigned_at = now(), version = version + 1 FROM found
WHERE cases.customer_id = found.id AND cases.campaign_id = $2::bigint AND cases.status <> 'closed'
"""


async def _people(plain: Any) -> tuple[list[int], int]:
    """Two hundred agents, and a supervisor."""
    agents = await plain.fetch("SELECT id FROM users WHERE role = 'agent' ORDER BY id LIMIT 200")
    boss = await plain.fetchval("SELECT id FROM users WHERE role = 'supervisor' LIMIT 1")
    return [row["id"] for row in agents], boss


async def bench(run: Run) -> list[Figure]:
    """The whole action with its commit, new cases included the first time."""
    url = await database(run, run.size(1_000_000, 20_000, 400), run.size(5_000_000, 100_000, 2_000))
    customers = run.size(100_000, 5_000, 400)
    plain = await connect(run, url)
    agents, boss = await _people(plain)
    engine = make_engine(url)
    house = house_of(run, engine)
    told: list[Any] = []

    async def keep(waiting: list[tuple[int, Let]]) -> list[int]:
        told[:] = waiting
        return []

    house.release = keep

    async def ours() -> float:
        began = time.perf_counter()
        async with house.work(Actor(boss, "Jefa", Role.SUPERVISOR)) as work:
            await assign(work, Sharing(campaign=CAMPAIGN, max=customers, agents=agents))
        return time.perf_counter() - began

    async def peer() -> float:
        began = time.perf_counter()
        await plain.execute(_PLAIN, customers, CAMPAIGN, agents)
        return time.perf_counter() - began

    try:
        first = await ours()
        events = len(told)
        what = f"{customers:,} customers who have cases, seconds"
        again = await run.compare(what, "s", "", ours, ("one statement", peer))
    finally:
        await engine.dispose()
        await plain.close()
    return [
        Figure(f"{customers:,} customers, new cases for those who had none", first, "s", "<= 5"),
        *(again, Figure("the same", again.value, "s", "<= 5")),
        Figure(f"events told, {len(agents)} agents", events, "", note="of the first time"),
    ]

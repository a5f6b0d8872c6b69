"""Giving agents their next case, fifty at the same time, against pgbench with the same SQL."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql

from atiende.models.cases.case import Case
from atiende.models.permissions import Role
from atiende.queue.cases.next_case import TAKE_NEXT
from atiende.queue.cases.taking import leave_case, open_next
from atiende.queue.people.agents import lock_agent
from atiende.queue.work import Actor, House
from atiende.server.database import make_engine

from ..shared.data import connect, database
from ..shared.harness import Figure, Run, percentile
from .case_list import house_of

WHAT = "next case for an agent, 5 M cases (100,000), 50 at the same time; against pgbench on the same SQL"
AT_ONCE = 50
_VARIABLES = {"me": ":uid", "now": "(:now)::timestamptz", "besides": "0", "left": ":number"}
_CLOCK = select(func.clock_timestamp())
_CASES: Any = Case.__table__
_LEAVING = (
    update(_CASES)
    .where(_CASES.c.number == bindparam("left"))
    .values(
        last_contact_at=func.clock_timestamp(), due_at=None, holder_id=None, agent_id=None, version=_CASES.c.version + 1
    )
)
_DIALECT = postgresql.dialect(paramstyle="named")
PACE = 20  # next cases a second of a floor of 200 agents

Turn = Callable[[int], Awaitable[float]]


async def bench(run: Run) -> list[Figure]:
    """Agents without cases of their own take free ones, which go to the end when they are left."""
    url = await database(run, run.size(1_000_000, 20_000, 400), run.size(5_000_000, 100_000, 2_000))
    agents = await _agents(run, url)
    engine = make_engine(url, size=AT_ONCE)
    house = house_of(run, engine)
    seconds = float(run.size(30, 6, 1))
    spent: list[float] = []
    script = run.folder / "next_case.sql"
    script.write_text(_script(agents[0]))

    async def ours() -> float:
        return await _rate(agents, lambda agent: _claim(house, agent), seconds, spent)

    async def peer() -> float:
        return await asyncio.to_thread(_pgbench, run, url, script, seconds)

    whole: list[float] = []
    try:
        claims = await run.compare("claims/s through the application's engine", "/s", ">= 0.5", ours, ("pgbench", peer))
        rate = await _rate(agents, lambda agent: _whole(house, agent), seconds, [])
        await _paced(agents, lambda agent: _whole(house, agent), seconds, whole)
    finally:
        await engine.dispose()
    return [
        claims,
        Figure("p99 of a claim, 50 in one process that never rests", percentile(spent, 99), "ms", "<= 50"),
        Figure("p99 of pgbench with 50 clients", _p99(script), "ms"),
        Figure("the whole action (agent, row, events, outbox): calls/s of one process", rate, "/s"),
        Figure(f"p99 of the whole action at {PACE} a second", percentile(whole, 99), "ms", "<= 50"),
    ]


async def _agents(run: Run, url: str) -> list[int]:
    connection = await connect(run, url)
    made = await connection.fetch(
        "INSERT INTO users (username, name, role) SELECT 'libre' || i, 'Libre ' || i, 'agent'"
        " FROM generate_series(1, $1) i ON CONFLICT (username) DO UPDATE SET name = excluded.name RETURNING id",
        AT_ONCE,
    )
    ids = sorted(row["id"] for row in made)
    await connection.execute(
        "INSERT INTO agents (user_id, state) SELECT unnest($1::bigint[]), 'waiting' ON CONFLICT DO NOTHING", ids
    )
    await connection.execute(
        "INSERT INTO campaign_agents (campaign_id, user_id) SELECT c, u FROM unnest($1::bigint[]) u,"
        " generate_series(1, 3) c ON CONFLICT DO NOTHING",
        ids,
    )
    await connection.close()
    return ids


async def _rate(agents: list[int], turn: Turn, seconds: float, spent: list[float]) -> float:
    """Turns a second of all agents at the same time; `spent` gets the milliseconds of each."""
    began = time.monotonic()
    done = 0

    async def work(agent: int) -> None:
        nonlocal done
        while time.monotonic() - began < seconds:
            spent.append(await turn(agent))
            done += 1

    await asyncio.gather(*map(work, agents))
    return done / (time.monotonic() - began)


async def _paced(agents: list[int], turn: Turn, seconds: float, spent: list[float]) -> None:
    """A turn every so often, by one agent after the other, even when earlier agents are not ready yet."""

    async def work(at: int, agent: int) -> None:
        await asyncio.sleep(at / PACE)
        spent.append(await turn(agent))

    for _ in range(max(1, int(seconds * PACE) // len(agents))):
        await asyncio.gather(*(work(at, agent) for at, agent in enumerate(agents)))


async def _claim(house: House, agent: int) -> float:
    """What `open_next` asks of the database to find and take a case; then the case goes to the end of its list."""
    began = time.perf_counter()
    async with house.engine.begin() as connection:
        now = (await connection.execute(_CLOCK)).scalar_one()
        given = {"me": agent, "now": now, "besides": 0}
        number = (await connection.execute(TAKE_NEXT, given)).one().number
    took = (time.perf_counter() - began) * 1e3
    async with house.engine.begin() as connection:
        await connection.execute(_LEAVING, {"left": number})
    return took


async def _whole(house: House, agent: int) -> float:
    """`Siguiente` as it is pressed."""
    began = time.perf_counter()
    actor = Actor(agent, "Libre", Role.AGENT)
    async with house.work(actor) as work:
        row = await open_next(work, await lock_agent(work, agent))
    took = (time.perf_counter() - began) * 1e3
    if row is not None:
        async with house.work(actor) as work:
            await leave_case(work, row.number)
            await work.session.execute(_LEAVING, {"left": row.number})
    return took


def _script(first: int) -> str:
    """The same statements for pgbench."""
    return "\n".join(
        [
            f"\\set uid {first} + :client_id",
            "BEGIN;",
            "SELECT clock_timestamp() AS now \\gset",
            f"{_plain(TAKE_NEXT)} \\gset",
            "COMMIT;",
            f"{_plain(_LEAVING)};",
        ]
    )


def _plain(statement: Any) -> str:
    """A statement with pgbench's variables in place of its values, in one line."""
    compiled = statement.compile(dialect=_DIALECT)
    state = compiled.construct_expanded_state({name: 0 for name in _VARIABLES if name in compiled.binds})
    text = state.statement
    for name, value in state.parameters.items():
        plain = "NULL" if value is None else str(value) if isinstance(value, int) else f"'{value}'"
        put = _VARIABLES.get(name, plain)
        text = re.sub(rf":{name}\b", lambda _, put=put: put, text)
    return " ".join(text.split())


def _p99(script: Path) -> float:
    """From the log of the last pgbench: milliseconds."""
    lines = [line for log in script.parent.glob("pgbench_log.*") for line in log.read_text().splitlines()]
    return percentile([int(line.split()[2]) / 1e3 for line in lines], 99)


def _pgbench(run: Run, url: str, script: Path, seconds: float) -> float:
    postgres = run.servers.postgres
    name = url.partition("?")[0].rpartition("/")[2]
    command = [
        postgres.programs / "pgbench",
        *("-n", "-M", "prepared", "-c", str(AT_ONCE), "-j", "1", "-T", str(int(seconds)), "-f", script),
        *("-l", "--log-prefix", script.parent / "pgbench_log"),
        *("-h", postgres.socket_dir, "-U", "atiende", name),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if not found:
        raise RuntimeError(f"pgbench: {done.stderr[-300:]}")
    return float(found[1])

"""How fast screens come in with their session checked, and what an idle one costs."""

from __future__ import annotations

import resource

import asyncpg
import psutil

from ..shared.data import connect, database, secret_of
from ..shared.harness import Figure, Run, cpu_seconds
from ..shared.screens import Screens
from ..shared.web import Web, web

WHAT = "connections accepted/s with session check, KB of memory and database transactions for each"
SCREENS, SCREENS_SMALL, SCREENS_TINY = 3000, 1000, 30


async def bench(run: Run) -> list[Figure]:
    """Agents with a tab each come in as fast as they can; then they only sit there."""
    allow_many_files()
    count = run.size(SCREENS, SCREENS_SMALL, SCREENS_TINY)
    url = await database(run, customers=1000, cases=1000, agents=count)
    counting = await connect(run, url)
    rates, memory, asked, cpu, lost = [], [], [], [], 0
    for _ in range(run.rounds):
        with web(run, url) as site:
            warm = agents_screens(site)
            warm.open(range(1, 11))
            warm.quiet()
            before, used, queries = (
                psutil.Process(site.pid).memory_info().rss,
                cpu_seconds(site.pid),
                await _done(counting),
            )
            screens = agents_screens(site)
            seconds = screens.open(range(11, count + 1))
            rates.append((count - 10) / seconds)
            cpu.append((cpu_seconds(site.pid) - used) * 1e3 / (count - 10))
            screens.quiet(1.0)
            asked.append((await _done(counting) - queries) / (count - 10))
            memory.append((psutil.Process(site.pid).memory_info().rss - before) / 1024 / (count - 10))
            lost += screens.lost
            screens.close()
            warm.close()
    await counting.close()
    return [
        _median(f"accepted/s, {count} agents with a tab each", rates, "/s", ">= 1000"),
        _median("CPU of the web process for each", cpu, "ms", ""),
        _median("memory of an idle one", memory, "KB", "<= 30"),
        _median("database transactions for each, everything included", asked, "", "<= 1"),
        Figure("lost", lost, "", "<= 0"),
    ]


def agents_screens(site: Web) -> Screens:
    """Screens of the agents of the data."""
    return Screens(site.host, site.port, lambda n: f"/api/v1/live?tab=t{n}", lambda n: f"atiende={secret_of(n)}")


def allow_many_files() -> None:
    """As many open files as the system lets us, for us and for the servers we start."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _done(connection: asyncpg.Connection) -> int:
    """Transactions of this database so far, with hardly any of our own."""
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    return int(
        await connection.fetchval(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        )
    )


def _median(what: str, rounds: list[float], unit: str, goal: str) -> Figure:
    return Figure(what, sorted(rounds)[len(rounds) // 2], unit, goal, rounds=rounds)

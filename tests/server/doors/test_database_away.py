"""A database that dies, or stands still, under the web process: a sentence, and service again when it is back."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from atiende.server import database
from atiende.server.settings import Settings
from atiende.tests.support.client import Site, running_app
from atiende.tests.support.servers import Servers, private_servers

FOR_EVER = 3600.0  # seconds that a statement may take
GENEROUS = 60.0  # seconds until a test gives up waiting


@asynccontextmanager
async def site_of(servers: Servers, folder: Path) -> AsyncIterator[Site]:
    url = servers.postgres.url(await servers.new_database())
    secret = "only-for-tests-" + "x" * 32
    settings = Settings(database_url=url, redis_url=servers.redis.url(), data_dir=folder, secret_key=secret)
    async with asyncio.timeout(GENEROUS), running_app(settings) as site:
        yield site


@contextmanager
def frozen(servers: Servers) -> Iterator[None]:
    """The server and all its processes stand still."""
    process = servers.postgres.process
    assert process is not None
    pids = [process.pid, *_children(process.pid)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.faults
async def test_a_killed_database_is_a_503_at_once_and_comes_back(tmp_path: Path) -> None:
    with private_servers() as servers:
        async with site_of(servers, tmp_path) as site:
            agent = await site.signed_in("agent")
            assert (await agent.get("/api/v1/me")).status_code == 200
            await servers.run_sql("CHECKPOINT")  # the tests' database is not durable by itself
            process = servers.postgres.process
            assert process is not None
            os.kill(process.pid, signal.SIGKILL)
            await asyncio.to_thread(process.wait)
            for _ in range(3):
                answer = await agent.get("/api/v1/me")
                assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            servers.postgres.start()
            servers.postgres.wait_ready()
            assert (await agent.get("/api/v1/me")).status_code == 200


@pytest.mark.faults
async def test_a_database_that_stands_still_holds_nobody_and_serves_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a statement may take: reads, changes and pages on connections that were open are refused."""
    monkeypatch.setitem(database._CONNECT, "command_timeout", FOR_EVER)
    with private_servers() as servers:
        async with site_of(servers, tmp_path) as site:
            agent = await site.signed_in("agent")
            async with site.house.engine.connect() as holding, holding.begin():
                await holding.execute(text("LOCK TABLE agents"))
                asked = [asyncio.create_task(agent.get("/api/v1/me")) for _ in range(12)]
                asked.append(asyncio.create_task(agent.post("/api/v1/agents/me/state", json={"state": "waiting"})))
                while site.app.state.web.pulse._connection is None:  # they are in the midst of their statements
                    await asyncio.sleep(0.02)
                with frozen(servers):
                    answers = await asyncio.gather(*asked, *(agent.get(path) for path in ("/api/v1/me", "/casos")))
            assert {answer.status_code for answer in answers} == {503}
            assert answers[0].json()["code"] == "unavailable"
            assert (await agent.get("/api/v1/me")).status_code == 200


@pytest.mark.faults
async def test_a_slow_statement_of_a_living_database_is_waited_for(tmp_path: Path) -> None:
    with private_servers() as servers:
        async with site_of(servers, tmp_path) as site:
            agent = await site.signed_in("agent")
            pulse = site.app.state.web.pulse
            async with site.house.engine.connect() as holding, holding.begin():
                await holding.execute(text("LOCK TABLE sessions"))
                waiting = asyncio.create_task(agent.get("/api/v1/me"))
                while pulse._connection is None:  # it waited long enough to ask
                    await asyncio.sleep(0.02)
                assert not waiting.done()
            assert (await waiting).status_code == 200

"""A database that dies under the web process: a sentence at once, and service again as soon as it is back."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from atiende.server.settings import Settings
from atiende.server.up.postgres import PrivatePostgres
from atiende.tests.support.client import Client, Site, running_app
from atiende.tests.support.promises import promised
from atiende.tests.support.servers import private_servers

Mortal = tuple[Site, Client, PrivatePostgres]


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[Mortal]:
    """An application with an agent, over a database of this test alone."""
    with private_servers() as servers:
        url = servers.postgres.url(await servers.new_database())
        settings = Settings(
            database_url=url, redis_url=servers.redis.url(), data_dir=tmp_path, secret_key="only-for-tests-" + "x" * 32
        )
        async with running_app(settings) as site:
            yield site, await site.signed_in("agent"), servers.postgres


@pytest.mark.faults
async def test_a_killed_database_is_a_503_at_once_and_comes_back(mortal: Mortal) -> None:
    site, agent, postgres = mortal
    assert (await agent.get("/api/v1/me")).status_code == 200
    async with site.house.engine.connect() as connection:
        await connection.execute(text("CHECKPOINT"))  # the tests' database is not durable by itself
    process = postgres.process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.wait)
    for _ in range(3):
        began = time.monotonic()
        answer = await agent.get("/api/v1/me")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert time.monotonic() - began < promised(2)
    postgres.start()
    postgres.wait_ready()
    began = time.monotonic()
    assert (await agent.get("/api/v1/me")).status_code == 200
    assert time.monotonic() - began < promised(3)


@pytest.mark.faults
async def test_a_frozen_database_is_a_503_within_two_seconds(mortal: Mortal) -> None:
    _, agent, postgres = mortal
    process = postgres.process
    assert process is not None
    frozen = [process.pid, *_children(process.pid)]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert (await agent.get("/api/v1/me")).status_code == 503
        assert time.monotonic() - began < promised(2)
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    assert (await agent.get("/api/v1/me")).status_code == 200


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

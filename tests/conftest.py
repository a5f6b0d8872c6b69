"""Fixtures that every room uses. All tests and fixtures share the session's event loop (see pyproject.toml)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis.asyncio

from atiende.server.settings import Settings
from atiende.tests.support.order import give_names, take_turns
from atiende.tests.support.servers import Servers, private_servers


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes `-n auto` means: none for tests of a single file, else one a core, within reason."""
    single = len(config.args) == 1 and ".py" in config.args[0]
    return 0 if single else max(2, min(os.cpu_count() or 2, 4))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """No two tests of one name: of these, several processes would run one. In each process the same order, in which the
    tests take turns that mostly wait and mostly work."""
    give_names(items)
    if hasattr(config, "workerinput"):
        items[:] = take_turns(items)


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """What the person running the tests has in the environment must not change them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ATIENDE_")]:
            patch.delenv(name)
        patch.setitem(Settings.model_config, "env_file", None)
        yield


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """A private PostgreSQL and Redis, started when the first test asks for them."""
    with private_servers() as running:
        yield running


@pytest.fixture
async def database_url(servers: Servers) -> AsyncIterator[str]:
    """SQLAlchemy URL of a migrated database of this test alone, with no rows."""
    name = await servers.new_database()
    yield servers.postgres.url(name)
    await servers.drop_database(name)


@pytest.fixture
async def redis_url(servers: Servers) -> AsyncIterator[str]:
    """URL of a Redis that holds nothing when the test begins."""
    client = redis.asyncio.Redis.from_url(servers.redis.url())
    await client.flushall()
    await client.aclose()
    yield servers.redis.url()


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation of this test alone."""
    return Settings(
        database_url=database_url, redis_url=redis_url, data_dir=tmp_path, secret_key="only-for-tests-" + "x" * 32
    )

"""Fixtures of the tests of actions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from atiende.tests.support.floors.bases import BasesHouse, bases_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[BasesHouse]:
    """A house for uploads, over this test's own database and folder."""
    async with bases_house(database_url, tmp_path) as made:
        yield made

"""One Chromium for all tests of a browser; each has contexts of its own, as private windows are."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from atiende.tests.support.browser import one_chromium


@pytest.fixture(scope="session", autouse=True)
async def _one_chromium() -> AsyncIterator[None]:
    async with one_chromium():
        yield

"""Listening to a PBX in a test, and waiting for what it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TypeVar

from atiende.telephony.ear import READ_EVERY, Patience, PbxEar
from atiende.telephony.facts import Fact

LIMIT = 60.0  # seconds until a test gives up; how quickly something goes is for the benches to say
SomeFact = TypeVar("SomeFact", bound=Fact)


class Heard:
    """All facts since the beginning; `next` walks on from the last one found."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._passed = 0
        self._more = asyncio.Event()

    def take(self, fact: Fact) -> None:
        self.facts.append(fact)
        self._more.set()

    async def next(self, kind: type[SomeFact], limit: float = LIMIT, **fields: object) -> SomeFact:
        """The next fact of that kind with those values; TimeoutError shows what came instead."""
        try:
            async with asyncio.timeout(limit):
                return await self._next(kind, fields)
        except TimeoutError:
            came = "\n".join(map(repr, self.facts[self._passed :]))
            raise TimeoutError(f"no {kind.__name__} {fields} in {limit} s; after the last one came:\n{came}") from None

    async def _next(self, kind: type[SomeFact], fields: dict[str, object]) -> SomeFact:
        at = self._passed
        while True:
            self._more.clear()
            for at in range(at, len(self.facts)):  # noqa: B020
                fact = self.facts[at]
                if isinstance(fact, kind) and all(getattr(fact, name) == value for name, value in fields.items()):
                    self._passed = at + 1
                    return fact
            at = len(self.facts)
            await self._more.wait()

    def of(self, *kinds: type[Fact]) -> list[Fact]:
        return [fact for fact in self.facts if isinstance(fact, kinds)]


@asynccontextmanager
async def listening(
    url: str, pbx: str = "centro", patience: Patience | None = None, read_every: float = READ_EVERY
) -> AsyncIterator[Heard]:
    """An ear on that PBX for the length of the block."""
    heard = Heard()

    async def listen() -> None:
        async with aclosing(PbxEar(pbx, url, None, patience or Patience(), read_every).facts()) as facts:
            async for fact in facts:
                heard.take(fact)

    task = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def eventually(check: Callable[[], bool | Awaitable[bool]], limit: float = LIMIT) -> None:
    """Until `check` holds; TimeoutError after `limit` seconds."""
    async with asyncio.timeout(limit):
        while True:
            result = check()
            if await result if isinstance(result, Awaitable) else result:
                return
            await asyncio.sleep(0.02)

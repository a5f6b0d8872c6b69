"""Which browser tab of an agent is the active one: the first, until another takes over.

A key in Redis that lives some seconds longer than its last refresh. When Redis is away nobody is locked out: every tab
is active, and the first refresh afterwards settles it.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from datetime import UTC, datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from ..events import TabTaken
from .hub import Hub
from .listener import Close, Listener
from .stream import EventStream
from .together import Together

REFRESH = 5.0
LIVES = 20  # seconds without a refresh until another tab may be the first
_PATIENCE = 0.5
_AT_ONCE = 500  # tabs refreshed by one call

# Each of these scripts does many keys at once.
# Mine already, free, or taken on purpose: then it is mine. ARGV: seconds, then tab, socket, take of each key.
_CLAIM = """
local mine = {}
for i = 1, #KEYS do
  local tab, socket, take = ARGV[i * 3 - 1], ARGV[i * 3], ARGV[i * 3 + 1]
  local now = redis.call('GET', KEYS[i])
  mine[i] = 0
  if take == '1' or not now or string.sub(now, 1, #tab + 1) == tab .. ' ' then
    redis.call('SET', KEYS[i], tab .. ' ' .. socket, 'EX', ARGV[1])
    mine[i] = 1
  end
end
return mine
"""
# ARGV: seconds, then what each key should hold. Answers which are another's.
_REFRESH = """
local others = {}
for i = 1, #KEYS do
  local now = redis.call('GET', KEYS[i])
  if now and now ~= ARGV[i + 1] then
    others[#others + 1] = i - 1
  else
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[1])
  end
end
return others
"""
_LET_GO = """
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[i] then redis.call('DEL', KEYS[i]) end
end
"""


class ActiveTabs:
    """The registry, and the upkeep of this process's active tabs (`run`)."""

    def __init__(self, redis: Redis, stream: EventStream, hub: Hub) -> None:
        self.stream = stream
        self.hub = hub
        self._claim_script = redis.register_script(_CLAIM)
        self._refresh = redis.register_script(_REFRESH)
        self._let_go_script = redis.register_script(_LET_GO)
        self._claim = Together(self._claim_all, _AT_ONCE)
        self._let_go = Together(self._let_go_all, _AT_ONCE)
        self._held: dict[Listener, str] = {}  # the socket's own name; a reload has the same tab but another socket

    async def claim(self, listener: Listener, take: bool) -> bool:
        """Whether this socket's tab is the person's active one now; `take` makes it so and closes the others."""
        socket = secrets.token_hex(6)
        try:
            active = await self._claim((listener, socket, take))
            if take:
                async with asyncio.timeout(_PATIENCE):
                    await self._tell(listener)
        except (RedisError, OSError):
            active = True
        if active:
            self._replace(listener)
            self._held[listener] = f"{listener.tab} {socket}"
        return active

    async def let_go(self, listener: Listener) -> None:
        """The socket is gone: another tab may be the first at once."""
        held = self._held.pop(listener, None)
        if held is None:
            return
        with suppress(RedisError, OSError):  # the key ends by itself
            await self._let_go((listener, held))

    async def _claim_all(self, claims: list[tuple[Listener, str, bool]]) -> list[bool]:
        arguments: list[str | int] = [LIVES]
        for listener, socket, take in claims:
            arguments += [listener.tab, socket, int(take)]
        async with asyncio.timeout(_PATIENCE):
            mine = await self._claim_script(keys=[_key(listener) for listener, _, _ in claims], args=arguments)
        return [bool(one) for one in mine]

    async def _let_go_all(self, gone: list[tuple[Listener, str]]) -> list[None]:
        async with asyncio.timeout(_PATIENCE):
            await self._let_go_script(keys=[_key(listener) for listener, _ in gone], args=[held for _, held in gone])
        return [None] * len(gone)

    async def run(self) -> None:
        """Keep the active tabs active, until cancelled; a tab that another one replaced closes."""
        while True:
            await asyncio.sleep(REFRESH)
            try:
                async with asyncio.timeout(REFRESH):
                    await self.refresh()
            except (RedisError, OSError):
                continue

    async def refresh(self) -> None:
        """Once: tell Redis that these tabs are still here."""
        held = list(self._held.items())
        for start in range(0, len(held), _AT_ONCE):
            some = held[start : start + _AT_ONCE]
            keys = [_key(listener) for listener, _ in some]
            arguments: list[str | int] = [LIVES, *(what for _, what in some)]
            for at in await self._refresh(keys=keys, args=arguments):
                if some[at][0] in self._held:
                    some[at][0].end(Close.TAB_TAKEN)

    def _replace(self, listener: Listener) -> None:
        """The same tab came again: its earlier socket is a line that broke, which we did not notice."""
        for other in [x for x in self._held if x.user_id == listener.user_id and x.tab == listener.tab]:
            del self._held[other]
            other.end(Close.TAB_TAKEN)

    async def _tell(self, listener: Listener) -> None:
        event = TabTaken(at=datetime.now(UTC), user_id=listener.user_id, tab=listener.tab)
        await self.stream.publish([(event.topics(), {"type": event.type, **event.model_dump(mode="json")})])


def _key(listener: Listener) -> str:
    return f"atiende:tab:{listener.user_id}"

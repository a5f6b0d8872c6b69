"""The one stream of events in Redis, whose numbers have no gaps.

An entry's id is its number, `n-0`. A reader that finds 17 after 15 has lost 16, because the stream keeps a bounded
length. It must then have everything refetched. `epoch` names one life of the numbers: a Redis that was flushed or
restarted begins a new one, with numbers above all earlier ones. Together they are the cursor, `epoch:number`.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import orjson
from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

KEEP = 20_000  # entries, about four minutes of a floor with 200 agents
QUICKLY = 0.5  # seconds that a page may wait for its cursor
_AT_ONCE = 500  # entries published by one call of the script
PASSING_SECONDS = 10

KEYS = ("atiende:events", "atiende:events:epoch", "atiende:events:number", "atiende:events:run")

_PUBLISH = """
local epoch = redis.call('GET', KEYS[2])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[2], epoch, 'NX')
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[3], ARGV[2])
end
for i = 4, #ARGV, 4 do
  redis.call('INCR', KEYS[3])
  local id = redis.call('GET', KEYS[3]) .. '-0'
  local payload = ARGV[i + 2]
  if ARGV[i + 3] ~= '0' then
    redis.call('SET', KEYS[1] .. ':' .. ARGV[i], payload, 'EX', ARGV[i + 3])
    payload = ''
  end
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], id, 'e', epoch, 'k', ARGV[i], 't', ARGV[i + 1], 'p', payload)
end
return {epoch, redis.call('GET', KEYS[3])}
"""

# A Redis that comes back from its file may have forgotten its last second: its numbers would be given out twice.
_BEGIN = """
if redis.call('GET', KEYS[4]) ~= ARGV[3] or not redis.call('GET', KEYS[2]) then
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[2], ARGV[1])
  redis.call('SET', KEYS[3], ARGV[2])
  redis.call('SET', KEYS[4], ARGV[3])
end
return {redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3])}
"""

Told = tuple[Iterable[str], Mapping[str, Any]]  # topics, event as a dict with its `type`


class Cursor(NamedTuple):
    """A place in the stream: everything up to `number` has happened."""

    epoch: str
    number: int

    def __str__(self) -> str:
        return f"{self.epoch}:{self.number}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Parse `epoch:number`. Raises ValueError."""
        epoch, _, number = text.partition(":")
        if not (text.isascii() and epoch.isalnum() and number.isdigit() and len(number) < 17 and len(epoch) < 40):
            raise ValueError("not a cursor")
        return cls(epoch, int(number))


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the stream. `passing`: only its last value counts, so it is not replayed."""

    epoch: str
    number: int
    type: str
    topics: tuple[str, ...]
    payload: bytes  # JSON object; empty when it passed by and nobody kept it
    passing: bool = False

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.epoch, self.number)


class EventStream:
    """Publish and read. Raises `RedisError` or `OSError` when Redis is away, except where it says otherwise."""

    def __init__(self, redis: Redis, keep: int = KEEP) -> None:
        self.redis = redis
        self.keep = keep
        self._sha = ""

    async def publish(self, entries: Sequence[Told], *, passing: bool = False) -> Cursor | None:
        """Append events in this order, a few hundred per call atomically; the cursor of the last.

        A `passing` event is big and soon replaced by the next one (the wall board): its payload does not stay in the
        stream.
        """
        last = None
        for start in range(0, len(entries), _AT_ONCE):
            last = await self._publish(entries[start : start + _AT_ONCE], PASSING_SECONDS if passing else 0)
        return last

    async def _publish(self, entries: Sequence[Told], seconds: int) -> Cursor:
        arguments: list[Any] = [*_new_epoch(), self.keep]
        for topics, event in entries:
            arguments += [event["type"], " ".join(topics), orjson.dumps(event), seconds]
        for _ in range(3):
            try:
                return _cursor(await self.redis.evalsha(self._sha, len(KEYS), *KEYS, *arguments))  # type: ignore[misc]
            except NoScriptError:  # never loaded by us, or the Redis is another one than before
                await self.begin()
        raise RedisError("the script cannot be kept")

    async def begin(self) -> Cursor:
        """Make sure that this Redis has an epoch of its own life; where the stream stands."""
        run = (await self.redis.info("server"))["run_id"]
        begun = self.redis.eval(_BEGIN, len(KEYS), *KEYS, *_new_epoch(), run)  # type: ignore[arg-type]
        at = _cursor(await begun)  # type: ignore[misc]
        self._sha = await self.redis.script_load(_PUBLISH)
        return at

    async def where(self) -> Cursor:
        """Where the stream stands now."""
        epoch, number = await self.redis.mget(KEYS[1:3])
        return _cursor((epoch, number)) if epoch and number else await self.begin()

    async def cursor(self) -> str:
        """Where the stream stands, or an empty text when Redis does not say so within half a second."""
        try:
            async with asyncio.timeout(QUICKLY):
                return str(await self.where())
        except (RedisError, OSError):
            return ""

    async def read(self, after: Cursor, wait: float = 1.0) -> list[Entry]:
        """What came after `after`; waits up to `wait` seconds for something. The caller checks the numbers."""
        found = await self.redis.xread({KEYS[0]: f"{after.number}-0"}, count=_AT_ONCE, block=int(wait * 1000))
        return await self._entries(found[0][1] if found else [])

    async def replay(self, since: Cursor, limit: int = 2000) -> list[Entry] | None:
        """Everything after `since`; None when that cannot be said: another epoch, gone by, or more than `limit`."""
        rows = await self.redis.xrange(KEYS[0], f"({since.number}-0", "+", count=limit + 1)
        at = await self.where()
        if at.epoch != since.epoch or since.number > at.number or len(rows) > limit:
            return None
        entries = await self._entries(rows)
        if not entries:
            return entries if since.number == at.number else None
        whole = entries[0].number == since.number + 1 and entries[0].epoch == entries[-1].epoch == since.epoch
        return entries if whole else None

    async def _entries(self, rows: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> list[Entry]:
        """Decode rows; the payloads that do not stay in the stream are fetched, each kind once."""
        kinds = sorted({fields[b"k"] for _, fields in rows if not fields[b"p"]})
        kept: list[bytes | None] = []
        if kinds:
            kept = await self.redis.mget([f"{KEYS[0]}:{kind.decode()}" for kind in kinds])
        payloads = dict(zip(kinds, kept, strict=True))
        return [_entry(name, fields, payloads) for name, fields in rows]


def _entry(name: bytes, fields: dict[bytes, bytes], kept: Mapping[bytes, bytes | None]) -> Entry:
    payload, kind = fields[b"p"], fields[b"k"]
    return Entry(
        epoch=fields[b"e"].decode(),
        number=int(name.split(b"-")[0]),
        type=kind.decode(),
        topics=tuple(fields[b"t"].decode().split()),
        payload=payload or kept[kind] or b"",
        passing=not payload,
    )


def _cursor(pair: Any) -> Cursor:
    epoch, number = cast("tuple[bytes, bytes]", pair)
    return Cursor(epoch.decode(), int(number))


def _new_epoch() -> tuple[str, int]:
    """A name, and a first number: microseconds, so that a waiting reader of an older epoch hears of the new one."""
    return secrets.token_hex(6), time.time_ns() // 1000

"""Somebody who is not signed in and means harm, as a process of its own: half-open connections, a head without end and
large bodies, from eight addresses of this machine. Says at its end, as JSON, what it got.

    python -P -m atiende.scripts.benches.live.attacker PORT SECONDS HALF_OPEN EACH_SECOND
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from collections import Counter
from contextlib import suppress

from .connections import allow_many_files

SOURCES = [f"127.0.0.{number}" for number in range(2, 10)]
HEAD_BYTES = 100 << 20
KEYS = 80_000
BODIES_EACH_SECOND = 2


class HalfOpen(asyncio.Protocol):
    """Begins a request and says no more."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._counts["opened"] += 1
        self._counts["open"] += 1
        self._counts["most open"] = max(self._counts["most open"], self._counts["open"])
        transport.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")

    def connection_lost(self, exc: Exception | None) -> None:
        self._counts["open"] -= 1
        self._counts["cut"] += 1


class Attack:
    """`counts` is what was done and what came back."""

    def __init__(self, port: int, half_open: int, each_second: int) -> None:
        self.port, self.half_open, self.each_second = port, half_open, each_second
        self.counts: Counter[str] = Counter()
        self._sources = itertools.cycle(SOURCES)
        self._body = json.dumps({f"clave-{number}": number for number in range(KEYS)}).encode()

    async def run(self, seconds: float) -> None:
        """All at once, for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                tasks.create_task(self._open_by_halves())
                tasks.create_task(self._send_head_without_end())
                tasks.create_task(self._send_bodies())

    async def _open_by_halves(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if self.counts["open"] < self.half_open:
                source = (next(self._sources), 0)
                with suppress(OSError):
                    await loop.create_connection(
                        lambda: HalfOpen(self.counts), "127.0.0.1", self.port, local_addr=source
                    )
            await asyncio.sleep(1 / self.each_second)

    async def _send_head_without_end(self) -> None:
        block = b"a" * (1 << 20)
        while True:
            with suppress(OSError):
                _, writer = await self._connect()
                writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ")
                for _ in range(HEAD_BYTES // len(block)):
                    writer.write(block)
                    await writer.drain()
                    self.counts["bytes of heads"] += len(block)
                writer.transport.abort()
            self.counts["heads"] += 1
            await asyncio.sleep(1.0)

    async def _send_bodies(self) -> None:
        head = f"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(self._body)}\r\n"
        head += "Content-Type: application/json\r\nConnection: close\r\n\r\n"
        while True:
            with suppress(OSError):
                reader, writer = await self._connect()
                writer.write(head.encode() + self._body)
                while answered := await reader.read(65536):
                    self.counts["bytes answered to bodies"] += len(answered)
                writer.transport.abort()
            self.counts["bodies"] += 1
            await asyncio.sleep(1 / BODIES_EACH_SECOND)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=(next(self._sources), 0))


if __name__ == "__main__":
    allow_many_files()
    port, seconds, half_open, each_second = (int(each) for each in sys.argv[1:5])
    attack = Attack(port, half_open, each_second)
    asyncio.run(attack.run(seconds))
    print(json.dumps(attack.counts))

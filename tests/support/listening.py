"""The application behind the product's own server on a real port, and connections that behave badly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from atiende.server.listening.connections import Connections
from atiende.server.listening.descriptors import ConnectionLimits
from atiende.server.listening.http_protocol import HEAD_SECONDS, LimitedHttp
from atiende.server.web_server import WebServer, web_config
from atiende.tests.support.client import Site
from atiende.tests.support.sockets import until

ROOMY = ConnectionLimits(all=1000, strangers=500, of_address=250)


class Served:
    """Where it listens, and its connections."""

    def __init__(self, connections: Connections, port: int) -> None:
        self.connections, self.port = connections, port

    async def open(self, source: str = "127.0.0.1") -> Peer:
        """A connection from one of this machine's addresses."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(source, 0))
        return Peer(reader, writer)


class Peer:
    """The other side of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, path: str = "/health", **headers: str) -> bytes:
        """A whole request; its answer as far as one read brings it."""
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{n}: {v}" for n, v in headers.items())]
        return await self.say("\r\n".join(lines).encode() + b"\r\n\r\n")

    async def say(self, sent: bytes, seconds: float = 10.0) -> bytes:
        """Send this; what comes back, empty when the connection was cut."""
        with suppress(ConnectionError):
            self.writer.write(sent)
            await self.writer.drain()
        return await self.read(seconds)

    async def read(self, seconds: float = 10.0) -> bytes:
        """What comes next, empty at the end."""
        async with asyncio.timeout(seconds):
            try:
                return await self.reader.read(65536)
            except ConnectionError:
                return b""

    def close(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def listening(
    site: Site, limits: ConnectionLimits = ROOMY, seconds: float = HEAD_SECONDS
) -> AsyncIterator[Served]:
    """The running application as `atiende web` serves it, with these limits."""
    config = web_config(site.app, limits, port=0, loop="asyncio", lifespan="off", timeout_graceful_shutdown=1)
    assert isinstance(config.http, partial)
    connections = config.http.keywords["connections"]
    config.http = partial(LimitedHttp, connections=connections, seconds=seconds)  # type: ignore[assignment]
    server = WebServer(config)
    serving = asyncio.create_task(server._serve())
    try:
        await until(lambda: server.started)
        yield Served(connections, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await serving

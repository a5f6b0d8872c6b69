"""Help for tests of live sockets: listeners that hear what they are told, a web process to connect to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from atiende.realtime.line.hub import Hub
from atiende.realtime.line.listener import Listener
from atiende.realtime.line.stream import EventStream
from atiende.server.live.protocol import LiveProtocol
from atiende.tests.support.client import Client, Site
from atiende.tests.support.promises import LIMIT


async def until(true: Callable[[], Any], seconds: float = LIMIT) -> None:
    """Wait until something is true; AssertionError when it takes longer."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


class Screen:
    """A listener and everything that was put into its outbox, read as a browser would."""

    def __init__(self, user_id: int = 1, *topics: str, tab: str = "") -> None:
        self.hears: frozenset[str] | None = frozenset(topics)
        self.may_watch: frozenset[str] = frozenset()
        self.listener = Listener(user_id, tab, self._check)
        self.got: list[dict[str, Any]] = []

    async def _check(self, watched: frozenset[str]) -> frozenset[str] | None:
        return None if self.hears is None else self.hears | (watched & self.may_watch)

    async def read(self) -> None:
        """Take everything out, until the socket ends."""
        while (text := await self.listener.next()) is not None:
            self.got.append(json.loads(text))

    def numbers(self) -> list[int]:
        """The `n` of every event so far, in the order it came."""
        return [frame["n"] for frame in self.got if "n" in frame]

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.got]


@asynccontextmanager
async def running_hub(stream: EventStream, **options: Any) -> AsyncIterator[Hub]:
    """A hub whose reader runs."""
    hub = Hub(stream, **options)
    reader = asyncio.create_task(hub.run())
    try:
        await asyncio.wait_for(hub.hearing.wait(), 5)
        yield hub
    finally:
        await hub.stop()
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


@asynccontextmanager
async def joined(hub: Hub, screen: Screen, since: str | None = None) -> AsyncIterator[Screen]:
    """A screen with an open socket; `since` is from where it resumes."""
    await hub.join(screen.listener)
    reading = asyncio.create_task(screen.read())
    await hub.resume(screen.listener, hub.cursor if since is None else since)
    try:
        yield screen
    finally:
        hub.leave(screen.listener)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[str]:
    """The application behind a real port; its `host:port`."""
    config = uvicorn.Config(
        site.app,
        port=0,
        ws=LiveProtocol,
        ws_max_size=262144,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    try:
        await until(lambda: server.started)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield f"{host}:{port}"
    finally:
        server.should_exit = True
        await serving


def socket_of(address: str, client: Client | None = None, query: str = "", **headers: str) -> connect:
    """Open the live socket with a browser's cookie."""
    if client is not None:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return connect(f"ws://{address}/api/v1/live{query}", additional_headers=headers, compression=None)


async def heard(socket: ClientConnection, kind: str, seconds: float = LIMIT) -> dict[str, Any]:
    """The next frame of a type; others before it are dropped."""
    async with asyncio.timeout(seconds):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame


async def close_code(socket: ClientConnection, seconds: float = LIMIT) -> int | None:
    """Read until the server closes; its code."""
    async with asyncio.timeout(seconds):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code

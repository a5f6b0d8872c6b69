"""The live socket, `GET /api/v1/live`: events go down, and only resume, watch, unwatch and ping come up.

1. A page of another site is refused before the socket is accepted.
2. Accepted first and closed then when nobody is signed in: only so does the browser learn the code.
3. `hello`, then what comes: each event of the person's topics once. Anything else coming up closes with a named code.
4. A second tab of an agent hears `"active": false` and is closed, unless it takes over (`?tab=ID&take=1`).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..models.permissions import Role
from ..realtime import topics as to
from ..realtime.audience import case_number, topics_of
from ..realtime.frames import encode
from ..realtime.listener import Check, Close, Listener
from .cross_site import same_origin
from .live import Live
from .live_protocol import TRANSPORT
from .route import SignedIn
from .sign_in import who_is
from .web_process import web_of

log = structlog.get_logger()

LARGEST = 64 * 1024  # bytes of one message that comes up
MOST_WATCHED = 50
_LONGEST_TAB = 64
_TRY_AGAIN_LATER = 1013
_CUT_AFTER = 5.0  # seconds a closing client may take to read what stands before the close


class Closed(Exception):
    """What came up closes the socket."""

    def __init__(self, code: Close) -> None:
        self.code = code
        super().__init__(code.name)


async def live(websocket: WebSocket) -> None:
    """One socket, from its opening to its end."""
    origin = websocket.headers.get("origin")
    if origin is not None and not same_origin(websocket, web_of(websocket).settings.public_url, origin):
        return await websocket.close()
    await websocket.accept()
    try:
        part = web_of(websocket).live
        rights = part.hub.changes
        async with part.door:
            user = await who_is(websocket)
        if user is None:
            return await websocket.close(Close.SIGNED_OUT)
        return await _serve(websocket, part, user, rights)
    except (SQLAlchemyError, OSError) as why:
        log.warning("live.unavailable", why=str(why))
        return await websocket.close(_TRY_AGAIN_LATER)


async def _serve(websocket: WebSocket, part: Live, user: SignedIn, rights: int) -> None:
    tab = websocket.query_params.get("tab", "")[:_LONGEST_TAB] if user.role is Role.AGENT else ""
    listener = Listener(user.id, tab, _check(websocket, part, user, rights))
    active = not tab or await part.tabs.claim(listener, websocket.query_params.get("take") == "1")
    listener.put(_hello(part, user, active))
    if not active:
        listener.end(Close.TAB_TAKEN)
    try:
        if active:
            await part.hub.join(listener)
            part.presence.came(user.id)
        await _both_ways(websocket, part, listener)
    finally:
        part.hub.leave(listener)
        await part.tabs.let_go(listener)


def _check(websocket: WebSocket, part: Live, known: SignedIn, rights: int) -> Check:
    """Asks who this is and what he may hear; who, only if rights changed since he came in."""

    async def check(watched: frozenset[str]) -> frozenset[str] | None:
        user = known if part.hub.changes == rights else await who_is(websocket)
        if user is None:
            return None
        async with AsyncSession(part.engine) as session:
            return await topics_of(session, user.id, user.role, watched)

    return check


def _hello(part: Live, user: SignedIn, active: bool) -> str:
    person = {"id": user.id, "username": user.username, "name": user.name, "role": user.role}
    return encode("hello", cursor=part.hub.cursor, user=person, active=active, at=datetime.now(UTC))


async def _both_ways(websocket: WebSocket, part: Live, listener: Listener) -> None:
    """Write and read until the client goes or we end it; then close, or cut a client that does not read even that."""
    reading = asyncio.create_task(_read(websocket, part, listener))
    writing = asyncio.create_task(_write(websocket, listener))
    ended = asyncio.create_task(listener.ended.wait())
    try:
        await asyncio.wait({reading, writing, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not any(isinstance(_failure(task), WebSocketDisconnect) for task in (reading, writing)):
            await _close(websocket, listener, writing)
    finally:
        for task in (reading, writing, ended):
            task.cancel()
        await asyncio.wait({reading, writing, ended})
        for task in (reading, writing):
            why = _failure(task)
            if why and not isinstance(why, WebSocketDisconnect | OSError):
                log.error("live.failed", user=listener.user_id, exc_info=why)


def _failure(task: asyncio.Task[None]) -> BaseException | None:
    return task.exception() if task.done() and not task.cancelled() else None


async def _close(websocket: WebSocket, listener: Listener, writing: asyncio.Task[None]) -> None:
    """Let out what is left, then the close code."""
    listener.end(Close.GOING_AWAY)
    code = listener.code or Close.GOING_AWAY
    if code is Close.TOO_SLOW:
        log.info("live.too_slow", user=listener.user_id)
    try:
        async with asyncio.timeout(_CUT_AFTER):
            await asyncio.wait({writing})
            await websocket.close(code, code.name.lower().replace("_", " "))
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        if transport := websocket.scope.get("extensions", {}).get(TRANSPORT):
            transport["transport"].abort()


async def _write(websocket: WebSocket, listener: Listener) -> None:
    while (text := await listener.next()) is not None:
        await websocket.send_text(text)


async def _read(websocket: WebSocket, part: Live, listener: Listener) -> None:
    """Do what comes up until it is not one of the four things, which ends the listener with a code."""
    try:
        while listener.code is None:
            await _do(part, listener, _message(await websocket.receive()))
    except Closed as closed:
        listener.end(closed.code)


def _message(received: Any) -> dict[str, Any]:
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1005))
    text = received.get("text")
    if len(text or received.get("bytes") or "") > LARGEST:
        raise Closed(Close.TOO_LARGE)
    try:
        message = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        raise Closed(Close.MALFORMED) from None
    if not isinstance(message, dict):
        raise Closed(Close.MALFORMED)
    return message


async def _do(part: Live, listener: Listener, message: dict[str, Any]) -> None:
    match message:
        case {"type": "ping"}:
            listener.put(encode("pong", at=datetime.now(UTC)))
        case {"type": "resume", "since": str(since)}:
            await part.hub.resume(listener, since)
        case {"type": "watch", "topic": str(topic)} if topic == to.WALLBOARD or case_number(topic):
            if len(listener.watched) >= MOST_WATCHED or not await part.hub.watch(listener, topic):
                raise Closed(Close.NOT_YOURS)
            if topic == to.WALLBOARD:
                await part.watchers.came()
        case {"type": "watch", "topic": str()}:
            raise Closed(Close.NOT_YOURS)
        case {"type": "unwatch", "topic": str(topic)}:
            part.hub.unwatch(listener, topic)
        case _:
            raise Closed(Close.MALFORMED)

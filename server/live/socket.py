"""The live socket, `GET /api/v1/live`: events go down, and only resume, watch, unwatch and ping come up.

1. Refuse a page of another site before the socket is accepted.
2. When nobody is signed in, accept the socket and then close it: only so does the browser learn the code.
3. Send `hello`, then each event of the person's topics once. Any other message from the client closes the socket with
   a named code.
4. Tell a second tab of an agent `"active": false` and close it, unless it takes over (`?tab=ID&take=1`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.websockets import WebSocket, WebSocketDisconnect

from ...models.permissions import Role
from ...models.refused import TooManyRequests
from ...realtime import topics as to
from ...realtime.line.audience import case_number, case_topics, own_topics, watched_cases
from ...realtime.line.frames import encode
from ...realtime.line.listener import Check, Close, Listener
from ..identity.cross_site import same_origin
from ..identity.person import SignedIn
from ..identity.request_lookup import bearer_of, cookie_of
from ..identity.secret import hash_of
from ..identity.socket_lookup import Key, SocketUser
from ..listening.budgets import MOST_SOCKETS, Spend
from .protocol import LiveProtocol, line_of
from .runtime import Live

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


async def serve_socket(websocket: WebSocket, live: Live, public_url: str | None, https: bool) -> None:
    """One socket, from its opening to its end. `public_url` is the address people type, when one is set."""
    origin = websocket.headers.get("origin")
    if origin is not None and not same_origin(websocket, public_url, origin):
        return await websocket.close()
    await websocket.accept()
    try:
        key = _key(websocket, https)
        rights = live.hub.changes
        guest = await live.lookup.ask(key) if key else None
        if key is None or guest is None:
            return await websocket.close(Close.SIGNED_OUT)
        if not _may_open(live, guest.user):
            return await websocket.close(Close.TOO_MANY)
        return await _serve(websocket, live, guest.user, _check(live, key, guest, rights))
    except (SQLAlchemyError, OSError) as why:
        log.warning("live.unavailable", why=str(why))
        return await websocket.close(_TRY_AGAIN_LATER)


def _may_open(live: Live, user: SignedIn) -> bool:
    """Whether this person may have one more socket now."""
    try:
        live.spending.spend(Spend.SOCKET, user.asks_as)
    except TooManyRequests:
        return False
    return live.hub.sockets_of(user.id) < MOST_SOCKETS


def _key(connection: WebSocket, https: bool) -> Key | None:
    """The token or the session that came along; None when neither did."""
    bearer, cookie = bearer_of(connection), cookie_of(connection, https)
    if bearer is not None:
        return Key(True, hash_of(bearer))
    return Key(False, hash_of(cookie)) if cookie is not None else None


async def _serve(websocket: WebSocket, live: Live, user: SignedIn, check: Check) -> None:
    line = line_of(websocket.scope)
    tab = websocket.query_params.get("tab", "")[:_LONGEST_TAB] if user.role is Role.AGENT else ""
    listener = Listener(user.id, tab, check, line.transport.write if line else None)
    active = not tab or await live.tabs.claim(listener, websocket.query_params.get("take") == "1")
    try:
        if line:
            line.settle(user.asks_as)
            _hang_on(line, live, listener)
        listener.put(_hello(live, user, active))
        if not active:
            listener.end(Close.TAB_TAKEN)
        if active:
            await live.hub.join(listener)
            live.presence.came(user.id)
        await (_until_end if line else _both_ways)(websocket, live, listener)
    finally:
        live.hub.leave(listener)
        await live.tabs.let_go(listener)


def _hang_on(line: LiveProtocol, live: Live, listener: Listener) -> None:
    """The hub hears of every change of the line."""
    listener.congested = line.is_congested
    line.congested = partial(live.hub.congested, listener)
    line.flows_again = partial(live.hub.flows_again, listener)
    line.lost = partial(live.hub.leave, listener)


def _check(live: Live, key: Key, known: SocketUser, rights: int) -> Check:
    """Asks what this person may hear; who it is, only if somebody's rights changed since the person came in."""

    async def check(watched: frozenset[str]) -> frozenset[str] | None:
        guest = known if live.hub.changes == rights else await live.lookup.ask(key)
        if guest is None:
            return None
        user = guest.user
        topics = own_topics(user.id, user.role, guest.campaigns, watched)
        if numbers := watched_cases(watched):
            async with live.asking, AsyncSession(live.engine) as session:
                topics |= await case_topics(session, numbers, user.id, user.role, guest.campaigns)
        return topics

    return check


def _hello(live: Live, user: SignedIn, active: bool) -> bytes:
    person = {"id": user.id, "username": user.username, "name": user.name, "role": user.role}
    return encode("hello", cursor=live.hub.cursor, user=person, active=active, at=datetime.now(UTC))


async def _until_end(
    websocket: WebSocket, live: Live, listener: Listener, writing: asyncio.Task[None] | None = None
) -> None:
    """Read until the client goes or we end it: one task for each socket, since the hub writes by itself."""
    loop = asyncio.get_running_loop()
    ended = asyncio.timeout(None)
    try:
        async with ended:
            listener.ending = lambda: ended.reschedule(loop.time())
            await _read(websocket, live, listener)
    except WebSocketDisconnect:
        return None
    except (OSError, SQLAlchemyError) as why:
        if not ended.expired():
            log.warning("live.unavailable", user=listener.user_id, why=str(why))
    finally:
        listener.ending = None
    live.hub.leave(listener)
    return await _close(websocket, listener, writing)


async def _both_ways(websocket: WebSocket, live: Live, listener: Listener) -> None:
    """The same behind a server that only writes by `send`."""
    writing = asyncio.create_task(_write(websocket, listener))
    try:
        await _until_end(websocket, live, listener, writing)
    finally:
        writing.cancel()
        await asyncio.wait({writing})


async def _close(websocket: WebSocket, listener: Listener, writing: asyncio.Task[None] | None) -> None:
    """The close code, after what stands before it; a client that does not read even that is cut off."""
    listener.end(Close.GOING_AWAY)
    code = listener.code or Close.GOING_AWAY
    if code is Close.TOO_SLOW:
        log.info("live.too_slow", user=listener.user_id)
    try:
        async with asyncio.timeout(_CUT_AFTER):
            if writing is not None:
                await asyncio.wait({writing})
            await websocket.close(code, code.name.lower().replace("_", " "))
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        if line := line_of(websocket.scope):
            line.transport.abort()


async def _write(websocket: WebSocket, listener: Listener) -> None:
    """Write what waits in the outbox, until it ends."""
    with suppress(WebSocketDisconnect, OSError):
        while (text := await listener.next()) is not None:
            await websocket.send_text(text)


async def _read(websocket: WebSocket, live: Live, listener: Listener) -> None:
    """Do what comes up until it is not one of the four things, which ends the listener with a code."""
    try:
        while listener.code is None:
            message = _message(await websocket.receive())
            live.spending.spend(Spend.FRAME, f"u:{listener.user_id}")
            await _do(live, listener, message)
    except Closed as closed:
        listener.end(closed.code)
    except TooManyRequests:
        listener.end(Close.TOO_MANY)


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


async def _do(live: Live, listener: Listener, message: dict[str, Any]) -> None:
    match message:
        case {"type": "ping"}:
            listener.put(encode("pong", at=datetime.now(UTC)))
        case {"type": "resume", "since": str(since)}:
            await live.hub.resume(listener, since)
        case {"type": "watch", "topic": str(topic)} if topic == to.WALLBOARD or case_number(topic):
            if len(listener.watched) >= MOST_WATCHED or not await live.hub.watch(listener, topic):
                raise Closed(Close.NOT_YOURS)
            if topic == to.WALLBOARD:
                await live.watchers.came()
        case {"type": "watch", "topic": str()}:
            raise Closed(Close.NOT_YOURS)
        case {"type": "unwatch", "topic": str(topic)}:
            live.hub.unwatch(listener, topic)
        case _:
            raise Closed(Close.MALFORMED)

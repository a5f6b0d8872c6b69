"""Who is behind a request: the person of its session's cookie, or of its program's token.

How long a session lives stands in `session_lifetime`.
"""

from __future__ import annotations

import asyncio

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from ...models.people.user import Session, Token, User
from ..database import is_away
from .person import SignedIn
from .secret import hash_of
from .session_lifetime import (
    LONGEST,
    PATIENCE,
    is_to_renew,
    is_use_to_write,
    renewing,
    session_is_alive,
    token_is_alive,
    used,
)


def cookie_name(https: bool) -> str:
    """The session cookie; over https the browser itself limits it to this host."""
    return "__Host-atiende" if https else "atiende"


def set_cookie(response: Response, secret: str, https: bool) -> None:
    """Give the browser its session."""
    response.set_cookie(
        cookie_name(https),
        secret,
        max_age=int(LONGEST.total_seconds()),
        secure=https,
        httponly=True,
        samesite="lax",
    )


def forget_cookie(response: Response, https: bool) -> None:
    """Take the session from the browser."""
    response.delete_cookie(cookie_name(https), secure=https, httponly=True, samesite="lax")


def bearer_of(connection: HTTPConnection) -> str | None:
    """The token of a program, when it sent one."""
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def cookie_of(connection: HTTPConnection, https: bool) -> str | None:
    """The session the browser sent."""
    return connection.cookies.get(cookie_name(https))


def uses_cookie(request: Request) -> bool:
    """Whether the request is authorised by something the browser adds by itself."""
    return bearer_of(request) is None


async def who_is(connection: HTTPConnection, engine: AsyncEngine, https: bool) -> SignedIn | None:
    """The person behind a request; None when nobody is signed in. `engine` commits each statement by itself.

    Raises OSError or a database error when the database is away; it is asked twice, since after its restart the
    first connection of the pool may still be the old one.
    """
    bearer, cookie = bearer_of(connection), cookie_of(connection, https)
    if bearer is None and cookie is None:
        return None
    look = asyncio.create_task(_find_surely(engine, bearer, cookie))
    done, _ = await asyncio.wait({look}, timeout=PATIENCE)
    if not done:  # not awaited any more: closing a connection that does not answer takes seconds by itself
        look.cancel()
        raise TimeoutError("the database does not answer")
    return look.result()


async def _find_surely(engine: AsyncEngine, bearer: str | None, cookie: str | None) -> SignedIn | None:
    try:
        return await _find(engine, bearer, cookie)
    except DBAPIError as why:
        if not is_away(why):
            raise
        return await _find(engine, bearer, cookie)


async def _find(engine: AsyncEngine, bearer: str | None, cookie: str | None) -> SignedIn | None:
    async with AsyncSession(engine, expire_on_commit=False) as session:
        if bearer is not None:
            return await _by_token(session, hash_of(bearer))
        return await _by_session(session, hash_of(cookie or ""))


_BY_SESSION = (
    select(User, Session.seen_at, func.now())
    .join(Session, Session.user_id == User.id)
    .where(Session.token_hash == bindparam("hash"), session_is_alive())
)
_BY_TOKEN = (
    select(User, Token.id, Token.last_used_at, func.now())
    .join(Token, Token.user_id == User.id)
    .where(Token.token_hash == bindparam("hash"), token_is_alive())
)


async def _by_session(session: AsyncSession, stored: bytes) -> SignedIn | None:
    found = (await session.execute(_BY_SESSION, {"hash": stored})).one_or_none()
    if found is None:
        return None
    user, seen_at, at = found
    if is_to_renew(seen_at, at):
        await session.execute(renewing(Session.token_hash == stored, at))
        await session.commit()
    return signed_in(user, f"s:{stored.hex()[:12]}")


async def _by_token(session: AsyncSession, stored: bytes) -> SignedIn | None:
    found = (await session.execute(_BY_TOKEN, {"hash": stored})).one_or_none()
    if found is None:
        return None
    user, token_id, used_at, at = found
    if is_use_to_write(used_at, at):
        await session.execute(used(Token.id == token_id, at))
        await session.commit()
    return signed_in(user, f"t:{token_id}")


def signed_in(user: User, session: str) -> SignedIn:
    """The person as doors know them."""
    return SignedIn(user.id, user.username, user.name, user.role, user.locale, user.extension, session)

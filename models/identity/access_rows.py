"""Builds rows of a person's sessions and tokens, as the person and administrators see them. No secret is in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..people.user import Session, Token, User
from ..rows.values import Row
from .browsers import browser_name


class SessionRow(Row):
    """A signed-in browser; `current` is the one that asks."""

    id: str
    created_at: datetime
    seen_at: datetime  # to ten minutes
    expires_at: datetime
    address: str
    browser: str  # as it names itself
    browser_name: str  # as people do
    current: bool


class TokenRow(Row):
    """A program's key; `last_used_at` none: it was never used."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class OwnedToken(TokenRow):
    """A key, and whose it is."""

    user_id: int
    user: str


def session_id(token_hash: bytes) -> str:
    """What a session is called in lists, logs and the audit: a part of its hash, which opens nothing."""
    return token_hash.hex()[:12]


async def session_rows(session: AsyncSession, user_id: int, current: str = "") -> list[SessionRow]:
    """The sessions of a person that are alive, the last seen first."""
    alive = Session.user_id == user_id, Session.revoked_at.is_(None), Session.expires_at > func.now()
    found = await session.scalars(select(Session).where(*alive).order_by(Session.seen_at.desc(), Session.token_hash))
    return [_session(one, current) for one in found]


def _session(one: Session, current: str) -> SessionRow:
    name = session_id(one.token_hash)
    return SessionRow(
        id=name,
        created_at=one.created_at,
        seen_at=one.seen_at,
        expires_at=one.expires_at,
        address=one.address or "",
        browser=one.browser or "",
        browser_name=browser_name(one.browser or ""),
        current=name == current,
    )


_ALIVE = (Token.revoked_at.is_(None), Token.expires_at > func.now())


async def token_rows(session: AsyncSession, user_id: int) -> list[TokenRow]:
    """The keys of a person that are valid, the newest first."""
    found = await session.scalars(select(Token).where(Token.user_id == user_id, *_ALIVE).order_by(Token.id.desc()))
    return [TokenRow.model_validate(one) for one in found]


async def all_tokens(session: AsyncSession) -> list[OwnedToken]:
    """Every valid key of everybody, by person."""
    wanted = select(Token, User.name).join(User, User.id == Token.user_id).where(*_ALIVE, User.active)
    found = await session.execute(wanted.order_by(User.name, User.id, Token.id.desc()))
    return [
        OwnedToken(**TokenRow.model_validate(token).model_dump(), user_id=token.user_id, user=name)
        for token, name in found
    ]

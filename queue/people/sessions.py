"""Sessions of people: opened, closed, ended from elsewhere. Only hashes of secrets come in here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from ...models.identity.access_rows import session_id
from ...models.people.user import Session
from ...models.refused import NotFound
from ...realtime.events import RightsChanged
from ..work import Work
from . import agents
from .tokens import revoke_tokens


async def open_session(
    work: Work, user_id: int, token_hash: bytes, expires_at: datetime, address: str, browser: str
) -> None:
    """A person signed in with this browser; an agent who was DESCONECTADO is EN ESPERA."""
    work.session.add(
        Session(token_hash=token_hash, user_id=user_id, expires_at=expires_at, address=address, browser=browser)
    )
    await work.session.flush()
    await agents.sign_in(work, user_id)
    await work.audit("sign-in.succeeded", f"user:{user_id}", address=address, browser=browser)


async def close_session(work: Work, user_id: int, token_hash: bytes) -> None:
    """A person signed out of this browser. With the last one the person is DESCONECTADO and leaves the open case."""
    if await _end(work, user_id, Session.token_hash == token_hash):
        await work.audit("sign-out", f"user:{user_id}")


async def end_session(work: Work, user_id: int, wanted: str) -> None:
    """End one session of a person, by its id as lists show it. Raises NotFound."""
    alive = select(Session.token_hash).where(Session.user_id == user_id, Session.revoked_at.is_(None))
    stored = next((found for found in await work.session.scalars(alive) if session_id(found) == wanted), None)
    if stored is None:
        raise NotFound
    await _end(work, user_id, Session.token_hash == stored)
    await work.audit("session.ended", f"user:{user_id}", session=wanted)


async def end_sessions(work: Work, user_id: int, keep: str | None = None) -> int:
    """End the sessions of a person, except the one of this id; how many were alive."""
    of_theirs = Session.user_id == user_id
    alive = select(Session.token_hash).where(of_theirs, Session.revoked_at.is_(None), Session.expires_at > func.now())
    others = [stored for stored in await work.session.scalars(alive) if session_id(stored) != keep]
    if others:
        await _end(work, user_id, Session.token_hash.in_(others))
        await work.audit("sessions.ended", f"user:{user_id}", count=len(others))
    return len(others)


async def revoke_everything(work: Work, user_id: int) -> None:
    """End all sessions and tokens of a person, whose role, password or right to enter changed."""
    await _revoke(work, Session.user_id == user_id)
    await revoke_tokens(work, user_id)
    await agents.sign_out(work, user_id)
    work.tell(RightsChanged(at=work.now, user_id=user_id, signed_out=True))


async def _end(work: Work, user_id: int, which: ColumnElement[bool]) -> int:
    """End these of a person's sessions; their sockets close, the person's other pages stay as they are."""
    ended = await _revoke(work, which)
    out = not await _has_session(work, user_id)
    if out:
        await agents.sign_out(work, user_id)
    work.tell(RightsChanged(at=work.now, user_id=user_id, signed_out=out, others_only=not out))
    return ended


async def _revoke(work: Work, which: ColumnElement[bool]) -> int:
    ended = update(Session).where(which, Session.revoked_at.is_(None)).values(revoked_at=func.now())
    return len((await work.session.execute(ended.returning(Session.user_id))).all())


async def _has_session(work: Work, user_id: int) -> bool:
    alive = (Session.user_id == user_id) & Session.revoked_at.is_(None) & (Session.expires_at > func.now())
    return (await work.session.execute(select(Session.user_id).where(alive).limit(1))).first() is not None

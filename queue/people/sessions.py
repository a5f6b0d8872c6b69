"""Sessions of people and tokens of programs: opened, closed, revoked. Only hashes of secrets come in here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from ...models.people.user import Session, Token
from ...realtime.events import RightsChanged
from ..work import Work
from . import agents


async def open_session(
    work: Work, user_id: int, token_hash: bytes, expires_at: datetime, address: str, browser: str
) -> None:
    """A person signed in with this browser; an agent who was DESCONECTADO is EN ESPERA."""
    work.session.add(
        Session(token_hash=token_hash, user_id=user_id, expires_at=expires_at, address=address, browser=browser)
    )
    await work.session.flush()
    await agents.sign_in(work, user_id)


async def close_session(work: Work, user_id: int, token_hash: bytes) -> None:
    """A person signed out of this browser. With the last one the person is DESCONECTADO and leaves the open case."""
    await _revoke(work, Session.token_hash == token_hash)
    out = not await _has_session(work, user_id)
    if out:
        await agents.sign_out(work, user_id)
    work.tell(RightsChanged(at=work.now, user_id=user_id, signed_out=out))  # this browser's sockets close in any case


async def revoke_everything(work: Work, user_id: int) -> None:
    """End all sessions and tokens of a person, whose role, password or right to enter changed."""
    await _revoke(work, Session.user_id == user_id)
    mine = update(Token).where(Token.user_id == user_id, Token.revoked_at.is_(None))
    await work.session.execute(mine.values(revoked_at=func.now()))
    await agents.sign_out(work, user_id)
    work.tell(RightsChanged(at=work.now, user_id=user_id, signed_out=True))


async def make_token(work: Work, user_id: int, name: str, token_hash: bytes) -> int:
    """A program may act for this person; the token's id."""
    token = Token(user_id=user_id, name=name, token_hash=token_hash)
    work.session.add(token)
    await work.session.flush()
    await work.audit("token.made", f"user:{user_id}", token=token.id, name=name)
    return token.id


async def revoke_token(work: Work, user_id: int, token_id: int) -> bool:
    """Make a token useless; whether this person had such a token and it was still valid."""
    mine = (Token.id == token_id) & (Token.user_id == user_id) & Token.revoked_at.is_(None)
    gone = update(Token).where(mine).values(revoked_at=func.now()).returning(Token.id)
    if (await work.session.execute(gone)).scalar_one_or_none() is None:
        return False
    await work.audit("token.revoked", f"user:{user_id}", token=token_id)
    work.tell(RightsChanged(at=work.now, user_id=user_id))
    return True


async def _revoke(work: Work, which: ColumnElement[bool]) -> None:
    ended = update(Session).where(which, Session.revoked_at.is_(None)).values(revoked_at=func.now())
    await work.session.execute(ended)


async def _has_session(work: Work, user_id: int) -> bool:
    alive = (Session.user_id == user_id) & Session.revoked_at.is_(None) & (Session.expires_at > func.now())
    return (await work.session.execute(select(Session.user_id).where(alive).limit(1))).first() is not None

"""Tokens: keys of programs that act for a person. Only hashes of secrets come in here; every token ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from ...models.people.user import Token, User
from ...models.refused import N_, BadInput, Conflict
from ...realtime.events import RightsChanged
from ..work import Work

LIVES = timedelta(days=90)  # when nothing else is asked for
LONGEST = timedelta(days=365)
AT_MOST = 50  # that one person may have at a time


async def make_token(work: Work, user_id: int, name: str, token_hash: bytes, until: datetime | None = None) -> Token:
    """A program may act for this person until then (90 days when not said). Raises BadInput, Conflict."""
    ends = until or work.now + LIVES
    if not work.now < ends <= work.now + LONGEST + timedelta(days=1):  # "in a year" may be a leap year
        sentence = N_("Elija una fecha futura, de aquí a un año como mucho.")
        raise BadInput(field="expires_at", sentence=sentence)
    await work.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    valid = Token.user_id == user_id, Token.revoked_at.is_(None), Token.expires_at > work.now
    if (await work.session.execute(select(func.count()).where(*valid))).scalar_one() >= AT_MOST:
        raise Conflict(sentence=N_("Ya tiene demasiadas claves. Anule alguna antes."))
    token = Token(user_id=user_id, name=name, token_hash=token_hash, created_at=work.now, expires_at=ends)
    work.session.add(token)
    await work.session.flush()
    await work.audit("token.made", f"user:{user_id}", token=token.id, name=name, expires_at=ends.isoformat())
    return token


async def revoke_token(work: Work, user_id: int, token_id: int) -> bool:
    """Make a token useless; whether this person had such a token and it was still valid."""
    mine = (Token.id == token_id) & (Token.user_id == user_id) & Token.revoked_at.is_(None)
    gone = update(Token).where(mine).values(revoked_at=func.now()).returning(Token.name)
    name = (await work.session.execute(gone)).scalar_one_or_none()
    if name is None:
        return False
    await work.audit("token.revoked", f"user:{user_id}", token=token_id, name=name)
    work.tell(RightsChanged(at=work.now, user_id=user_id, others_only=True))
    return True


async def revoke_tokens(work: Work, user_id: int) -> int:
    """Make all tokens of a person useless; how many were still valid."""
    mine = update(Token).where(Token.user_id == user_id, Token.revoked_at.is_(None), Token.expires_at > work.now)
    return len((await work.session.execute(mine.values(revoked_at=func.now()).returning(Token.id))).all())

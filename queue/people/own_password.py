"""A person changes their own password: whoever else knew the old one is out, and this browser stays.

Passwords are hashed by who calls; only what is stored comes in here.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from ...models.locking import lock
from ...models.people.user import SignInTry, User
from ...models.refused import Conflict, TooManyTries
from ..work import Work
from .links import end_links
from .sessions import end_sessions
from .tokens import revoke_tokens

WINDOW = timedelta(minutes=5)
TRIES = 5


async def count_own_try(work: Work, user_id: int) -> None:
    """Write down that the present password was said, before it is checked: a session that somebody found open is no
    place to guess it. Raises TooManyTries, and then counts nothing."""
    name = _of(user_id)
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    recent = select(func.count()).where(SignInTry.username == name, SignInTry.at > work.now - WINDOW)
    if (await work.session.execute(recent)).scalar_one() >= TRIES:
        raise TooManyTries(seconds=int(WINDOW.total_seconds()))
    work.session.add(SignInTry(username=name, address="", at=work.now))


async def change_own_password(work: Work, user_id: int, before: str | None, stored: str, keep: str) -> None:
    """The person's new password; all other sessions, all keys and all links end, the session `keep` stays.

    Raises Conflict when the password was changed meanwhile.
    """
    user = await lock(work.session, User, user_id)
    if user.password_hash != before or not user.active:
        raise Conflict
    mine = update(User).where(User.id == user_id)
    await work.session.execute(mine.values(password_hash=stored, version=User.version + 1))
    await work.session.execute(delete(SignInTry).where(SignInTry.username == _of(user_id)))
    await end_links(work, user_id)
    ended, keys = await end_sessions(work, user_id, keep), await revoke_tokens(work, user_id)
    await work.audit("password.changed", f"user:{user_id}", sessions=ended, tokens=keys)


def _of(user_id: int) -> str:
    return f"password:{user_id}"  # no user name has a colon

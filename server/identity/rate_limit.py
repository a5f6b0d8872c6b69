"""How often a password may be tried.

The limit by name protects one person's password; the limit by address keeps somebody from guessing names. A try is
written down before the password is checked, so that a hundred tries at once are counted too. It is deleted when the
password was right.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select

from ...models.people.user import SignInTry
from ...models.refused import TooManyTries
from ...queue.work import Work

WINDOW = timedelta(minutes=5)
BY_NAME = 5
BY_ADDRESS = 50  # a whole floor may stand behind one address


async def count_try(work: Work, username: str, address: str) -> int:
    """Write down a try; how many more this name has. Raises TooManyTries, and then counts nothing."""
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"sign-in:{username}", 0))))
    await work.session.execute(delete(SignInTry).where(SignInTry.at < work.now - 2 * WINDOW))
    left = await _left(work, SignInTry.username == username, BY_NAME)
    await _left(work, SignInTry.address == address, BY_ADDRESS)
    work.session.add(SignInTry(username=username, address=address, at=work.now))
    return left - 1


async def forget_tries(work: Work, username: str) -> None:
    """The password was right."""
    await work.session.execute(delete(SignInTry).where(SignInTry.username == username))


async def _left(work: Work, whose: ColumnElement[bool], limit: int) -> int:
    recent = select(func.count(), func.min(SignInTry.at)).where(whose, SignInTry.at > work.now - WINDOW)
    tries, first = (await work.session.execute(recent)).one()
    if tries >= limit:
        raise TooManyTries(seconds=max(1, int((first + WINDOW - work.now).total_seconds()) + 1))
    return limit - int(tries)

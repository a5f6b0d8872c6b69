"""How long sessions and tokens live.

A session ends after `IDLE` without use, after `LONGEST` in any case, and at once when it is revoked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, func, update

from ...models.people.user import Session, Token, User

IDLE = timedelta(hours=12)  # a shift and its breaks
LONGEST = timedelta(days=7)
_RENEW_AFTER = timedelta(minutes=10)  # so that not every request writes
_USED_AFTER = timedelta(minutes=1)
PATIENCE = 1.5  # seconds; a database that does not answer this look-up is away


def session_is_alive() -> ColumnElement[bool]:
    """Neither revoked nor ended, and its person is active."""
    return Session.revoked_at.is_(None) & (Session.expires_at > func.now()) & User.active


def token_is_alive() -> ColumnElement[bool]:
    """The same of a program's token. How long it lives stands in `queue/people/tokens.py`."""
    return Token.revoked_at.is_(None) & (Token.expires_at > func.now()) & User.active


def is_to_renew(seen_at: datetime, now: datetime) -> bool:
    """Whether a session was last seen so long ago that its use is to be written down."""
    return now - seen_at > _RENEW_AFTER


def renewing(which: ColumnElement[bool], now: datetime) -> Update:
    """Write down that these sessions are in use."""
    until = func.least(now + IDLE, Session.created_at + LONGEST)
    return update(Session).where(which).values(seen_at=now, expires_at=until)


def is_use_to_write(used_at: datetime | None, now: datetime) -> bool:
    """Whether a token was last used so long ago that its use is to be written down."""
    return used_at is None or now - used_at > _USED_AFTER


def used(which: ColumnElement[bool], now: datetime) -> Update:
    """Write down that these tokens are in use."""
    return update(Token).where(which).values(last_used_at=now)

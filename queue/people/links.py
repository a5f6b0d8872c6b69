"""One-time links: the first administrator's, and those by which a person chooses a password.

A link ends when it is used, when a newer one is made, after two days, and when its person gets another password or is
shut out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.people.user import SignInLink, User
from ...models.refused import N_, Conflict
from ..work import Work

LINK_LIVES = timedelta(hours=48)
LINK_GONE = N_("Este enlace ya se usó o venció. Pida otro a quien administra.")
SHUT_OUT = N_("Esta persona no puede entrar: déjela entrar antes de darle un enlace.")


async def make_link(work: Work, user_id: int | None, token_hash: bytes) -> None:
    """A one-time link for this person to choose a password (None: the first administrator). Older links end.

    Raises Conflict for somebody who is shut out.
    """
    if user_id is not None and not await work.session.scalar(select(User.active).where(User.id == user_id)):
        raise Conflict(field="active", sentence=SHUT_OUT)
    await end_links(work, user_id)
    work.session.add(SignInLink(token_hash=token_hash, user_id=user_id, expires_at=work.now + LINK_LIVES))
    await work.audit("link.made", f"user:{user_id}" if user_id else "installation")


async def end_links(work: Work, user_id: int | None) -> None:
    """Make the links of this person useless (None: the first administrator's)."""
    same = SignInLink.user_id == user_id if user_id is not None else SignInLink.user_id.is_(None)
    await work.session.execute(update(SignInLink).where(same, SignInLink.used_at.is_(None)).values(used_at=work.now))


async def valid_link(session: AsyncSession, token_hash: bytes, now: datetime) -> SignInLink | None:
    """The one-time link of this token; None when there is none, it is over, or its person is shut out."""
    link = await session.get(SignInLink, token_hash)
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    return link if link.user_id is None or await session.scalar(_enters(link.user_id)) else None


async def use_link(work: Work, token_hash: bytes) -> int | None:
    """Use a link up; whose it is (None: the first administrator's). Raises Conflict when it is over."""
    alive = SignInLink.used_at.is_(None) & (SignInLink.expires_at > work.now)
    mine = update(SignInLink).where(SignInLink.token_hash == token_hash, alive).values(used_at=work.now)
    used = (await work.session.execute(mine.returning(SignInLink.user_id))).one_or_none()
    if used is None or (used[0] is not None and not await work.session.scalar(_enters(used[0]))):
        raise Conflict(sentence=LINK_GONE)
    return used[0]


def _enters(user_id: int) -> Select[int]:
    return select(User.id).where(User.id == user_id, User.active)

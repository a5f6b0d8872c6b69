"""Signing in, and what became of it in the audit: that somebody waits after too many tries is written down, too."""

from __future__ import annotations

from ...models.permissions import Role
from ...models.refused import TooManyTries
from ...queue.audit.refusals import note_refusal
from ...queue.people.users import folded
from ...queue.work import Actor, House
from .passwords import Passwords
from .sign_in import Entered, Visitor, sign_in


async def noted_sign_in(house: House, passwords: Passwords, username: str, password: str, visitor: Visitor) -> Entered:
    """Open a session. Raises what `sign_in` raises."""
    try:
        return await sign_in(house, passwords, username, password, visitor)
    except TooManyTries as why:
        nobody = Actor(None, "", Role.AGENT, address=visitor.address)
        subject = f"username:{folded(username)[:64]}"
        await note_refusal(house, nobody, "sign-in.locked", subject, seconds=why.values.get("seconds"))
        raise

"""Signing in with name and password (S2-02), the same for the form and for JSON.

1. The try is counted, or refused when there were too many (`rate_limit`).
2. The password is checked outside any transaction, as slowly for a name that does not exist.
3. Right: the session opens, the tries are forgotten. Wrong: an audit row, and one refusal for whatever was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select, update
from starlette.requests import Request

from ...models.people.user import User
from ...models.refused import NotSignedIn, SignInFailed
from ...queue.people.sessions import open_session
from ...queue.people.users import folded
from ...queue.work import Actor, House, Work, again
from .known_browsers import KnownBrowser, browser_of
from .passwords import Passwords
from .rate_limit import Source, count_try, forget_tries
from .secret import new_secret
from .session_lifetime import IDLE


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a sign-in comes from."""

    address: str
    browser: str
    known: KnownBrowser | None = None  # the browser, when somebody signed in there before

    @classmethod
    def of(cls, request: Request, secret_key: str = "", https: bool = False) -> Visitor:
        """The address and browser of a request; `secret_key` is the installation's, to know the browser by."""
        browser = request.headers.get("user-agent", "")[:200].replace("\0", "")
        known = browser_of(request, secret_key, https) if secret_key else None
        return cls(request.client.host if request.client else "", browser, known)

    def source(self, user_id: int | None) -> Source:
        """From where this person tries a password."""
        known = self.known if self.known is not None and user_id in self.known.people else None
        return Source.of(self.address, known.name if known else None)


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that was opened: whose, and the secret for its cookie."""

    user_id: int
    secret: str = field(repr=False)


async def sign_in(house: House, passwords: Passwords, username: str, password: str, visitor: Visitor) -> Entered:
    """Open a session. Raises SignInFailed, TooManyTries."""
    name = folded(username)
    async with house.work() as work:
        wanted = select(User.id, User.password_hash).where(User.username == name, User.active)
        user_id, stored = (await work.session.execute(wanted)).one_or_none() or (None, None)
        source = visitor.source(user_id)
        left = await count_try(work, name, source)
    if not await passwords.matches(password, stored) or user_id is None or stored is None:
        async with house.work() as work:
            subject = f"user:{user_id}" if user_id else f"username:{name}"
            await work.audit("sign-in.failed", subject, address=visitor.address)
        raise SignInFailed(field="password", extra={"left": left})
    renewed = await passwords.hash(password) if passwords.is_old(stored) else None
    secret, hashed = new_secret()

    async def enter() -> None:
        async with house.work() as work:
            await _still(work, user_id, stored, visitor)
            await forget_tries(work, name, source)
            if renewed:
                mine = update(User).where(User.id == user_id)
                await work.session.execute(mine.values(password_hash=renewed))
            await open_session(work, user_id, hashed, work.now + IDLE, visitor.address, visitor.browser)

    await again(enter)
    return Entered(user_id, secret)


async def _still(work: Work, user_id: int, stored: str, visitor: Visitor) -> None:
    """The password may have been changed, or the person deactivated, while it was checked."""
    mine = select(User).where(User.id == user_id).with_for_update()
    user = (await work.session.execute(mine)).scalar_one_or_none()
    if user is None or not user.active or user.password_hash != stored:
        raise NotSignedIn
    work.actor = Actor(user.id, user.name, user.role, address=visitor.address)

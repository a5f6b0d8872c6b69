"""How soon a password may be tried again.

A try is counted by who makes it: by the browser where this person signed in before, else by the address. So nobody is
kept out by what somebody else tries somewhere else:

1. The same name from the same browser or address: `OF_PAIR` tries, then pauses that double.
2. Unknown browsers together: a pause between tries of one name after `OF_NAME`, and of one address after `OF_ADDRESS`.
   That slows whoever guesses from many addresses, or many names; known browsers do not wait for it.

A try is written down before the password is checked, so that a hundred tries at once are counted too. Those of this
browser or address are deleted when the password was right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select

from ...models.people.user import SignInTry
from ...models.refused import TooManyTries
from ...queue.work import Work
from ..listening.forwarded import network_of

WINDOW = timedelta(hours=1)
OF_PAIR, FIRST_PAUSE, LONGEST_PAUSE = 5, 5, 300  # tries; seconds
OF_NAME, NAME_PAUSE = 50, 30
OF_ADDRESS, ADDRESS_PAUSE = 100, 2  # a whole company may stand behind one address
_BROWSER = "browser:"


@dataclass(frozen=True, slots=True)
class Source:
    """From where a password is tried."""

    name: str

    @classmethod
    def of(cls, address: str, browser: str | None) -> Source:
        """The known browser, else the address; of IPv6 the network, in which one person has every address."""
        if browser is not None:
            return cls(_BROWSER + browser)
        return cls(network_of(address))

    @property
    def known(self) -> bool:
        """Whether it is a browser in which this person signed in before."""
        return self.name.startswith(_BROWSER)


async def count_try(work: Work, username: str, source: Source) -> int:
    """Write down a try; how many more there are without a pause. Raises TooManyTries, and then counts nothing."""
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"sign-in:{username}", 0))))
    await work.session.execute(delete(SignInTry).where(SignInTry.at < work.now - WINDOW))
    theirs = (SignInTry.username == username) & (SignInTry.address == source.name)
    tries = await _pause(work, theirs, pair_pause)
    if not source.known:
        await _pause(work, (SignInTry.username == username) & ~SignInTry.address.startswith(_BROWSER), name_pause)
        await _pause(work, SignInTry.address == source.name, address_pause)
    work.session.add(SignInTry(username=username, address=source.name, at=work.now))
    return max(0, OF_PAIR - 1 - tries)


async def forget_tries(work: Work, username: str, source: Source) -> None:
    """The password was right."""
    mine = (SignInTry.username == username) & (SignInTry.address == source.name)
    await work.session.execute(delete(SignInTry).where(mine))


def pair_pause(tries: int) -> int:
    """Seconds after so many tries of one name from one browser or address."""
    return 0 if tries < OF_PAIR else min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - OF_PAIR, 10))


def name_pause(tries: int) -> int:
    """Seconds after so many tries of one name from anywhere unknown."""
    return 0 if tries < OF_NAME else NAME_PAUSE


def address_pause(tries: int) -> int:
    """Seconds after so many tries of any name from one address."""
    return 0 if tries < OF_ADDRESS else ADDRESS_PAUSE


async def _pause(work: Work, whose: ColumnElement[bool], pause: Callable[[int], int]) -> int:
    """How many tries there were. Raises TooManyTries while their pause lasts."""
    recent = select(func.count(), func.max(SignInTry.at)).where(whose, SignInTry.at > work.now - WINDOW)
    tries, last = (await work.session.execute(recent)).one()
    if wait := pause(tries):
        left = (last + timedelta(seconds=wait) - work.now).total_seconds()
        if left > 0:
            raise TooManyTries(seconds=int(left) + 1)
    return int(tries)

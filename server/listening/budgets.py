"""How much each person, and each program by its token, may ask of the server: one table.

Each kind has so many at once, and gets one back after every so many seconds. The numbers are far beyond what somebody
does by hand or a sound program needs, and below what one of them would need to slow the others down.

They are counted in the memory of each web process: no request waits for it, a Redis that is away changes nothing, and
with several web processes somebody may at most have the budget of each.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ...models.refused import TooManyRequests


class Spend(StrEnum):
    """What costs something."""

    SEARCH = "search"  # a search, or a list that searches
    EXPORT = "export"  # a file with rows
    CHANGE = "change"  # any request that may change something
    SOCKET = "socket"  # a live socket that is opened
    FRAME = "frame"  # a message that comes up a live socket
    SIGNED_OUT = "signed_out"  # a changing request of nobody, such as signing in: by address


@dataclass(frozen=True, slots=True)
class Budget:
    """`at_once` of them, and one more after every `seconds`."""

    at_once: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budget of a person, with all their browsers, and of a program's token."""

    person: Budget
    program: Budget


COMPANY = Budget(200, 0.2)  # many people stand behind one address
TABLE: Mapping[Spend, Budgets] = {
    Spend.SEARCH: Budgets(Budget(120, 0.25), Budget(300, 0.05)),
    Spend.EXPORT: Budgets(Budget(20, 30.0), Budget(60, 10.0)),
    Spend.CHANGE: Budgets(Budget(300, 0.1), Budget(1000, 0.02)),
    Spend.SOCKET: Budgets(Budget(60, 1.0), Budget(60, 1.0)),
    Spend.FRAME: Budgets(Budget(300, 0.05), Budget(300, 0.05)),
    Spend.SIGNED_OUT: Budgets(COMPANY, COMPANY),
}
MOST_SOCKETS = 64  # of one person at the same time
_TIDY_AFTER = 10_000  # entries


class Spending:
    """What was spent in this process. `clock` says seconds that never go back."""

    def __init__(self, table: Mapping[Spend, Budgets] = TABLE, clock: Callable[[], float] = time.monotonic) -> None:
        self._table, self._clock = table, clock
        self._empty_at: dict[tuple[Spend, str], float] = {}  # when nothing will count any more
        self._tidy_after = _TIDY_AFTER

    def spend(self, what: Spend, who: str) -> None:
        """Count one. `who` is `SignedIn.asks_as`, or an address. Raises TooManyRequests, and then counts nothing."""
        budgets = self._table.get(what)
        if budgets is None:
            return
        budget, now = budgets.program if who.startswith("t:") else budgets.person, self._clock()
        empty_at = max(self._empty_at.get((what, who), now), now) + budget.seconds
        wait = empty_at - now - budget.at_once * budget.seconds
        if wait > 1e-9:
            raise TooManyRequests(seconds=math.ceil(wait))
        self._empty_at[what, who] = empty_at
        if len(self._empty_at) > self._tidy_after:
            self._tidy(now)

    def _tidy(self, now: float) -> None:
        """Forget who has their whole budget again."""
        self._empty_at = {key: at for key, at in self._empty_at.items() if at > now}
        self._tidy_after = max(_TIDY_AFTER, 2 * len(self._empty_at))

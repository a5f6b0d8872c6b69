"""The connections of a process and whose they are.

A connection is a stranger's until a request on it was answered to somebody who is signed in. When strangers hold all
the places that strangers may have, the one who has said nothing for longest gives way: whoever half-opens thousands of
connections loses their own, and somebody who just came says a whole request long before it is their turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from .descriptors import ConnectionLimits

Why = Literal["refused", "gave_way", "late", "too_large"]
REASONS: tuple[Why, ...] = ("refused", "gave_way", "late", "too_large")


@dataclass(eq=False, slots=True)
class Place:
    """One connection; `cut` ends it. Told `waits` and `works` while it belongs to a stranger."""

    connections: Connections
    address: str
    cut: Callable[[], None]
    known: str = ""  # who is signed in
    open: bool = True

    def waits(self) -> None:
        """Nothing of it is being done: a request is awaited."""
        if self.open and not self.known:
            self.connections.silent(self)

    def works(self) -> None:
        """A whole head came, and is being answered."""
        self.connections.heard(self)

    def recognise(self, who: str) -> None:
        """Somebody is signed in on it; `who` names the person, or the token of a program."""
        if self.open and not self.known:
            self.connections.recognise(self, who)

    def leave(self) -> None:
        """It is over. Harmless when said twice."""
        if self.open:
            self.connections.leave(self)


@dataclass(eq=False)
class Connections:
    """`trusted` says which addresses are proxies of ours, behind which anybody may stand."""

    limits: ConnectionLimits
    trusted: Callable[[str], bool] = lambda _address: False
    open: int = 0
    strangers: int = 0
    ended: Counter[Why] = field(default_factory=Counter)  # before their time, by reason
    _of_address: Counter[str] = field(default_factory=Counter)
    _of_person: Counter[str] = field(default_factory=Counter)
    _silent: dict[Place, None] = field(default_factory=dict)  # in the order in which they fell silent
    _silent_of: dict[str, dict[Place, None]] = field(default_factory=dict)

    def enter(self, address: str, cut: Callable[[], None]) -> Place | None:
        """A place for a new connection, whose peer is `address`; None when there is none to be had."""
        proxy = self.trusted(address)
        if not self._room(address, proxy):
            self.ended["refused"] += 1
            return None
        place = Place(self, address, cut, known="proxy" if proxy else "")
        self.open += 1
        if not proxy:
            self.strangers += 1
            self._of_address[address] += 1
            self.silent(place)
        return place

    def _room(self, address: str, proxy: bool) -> bool:
        if (
            not proxy
            and self._of_address[address] >= self.limits.of_address
            and not self._give_way(self._silent_of.get(address))
        ):
            return False
        crowded = self.open >= self.limits.all or (not proxy and self.strangers >= self.limits.strangers)
        return not crowded or self._give_way(self._silent)

    def _give_way(self, silent: dict[Place, None] | None) -> bool:
        """Cut the one of them who has been silent for longest; False when there is none."""
        if not silent:
            return False
        place = next(iter(silent))
        self.ended["gave_way"] += 1
        place.leave()
        place.cut()
        return True

    def silent(self, place: Place) -> None:
        """A stranger awaits nothing of us."""
        self._silent[place] = None
        self._silent_of.setdefault(place.address, {})[place] = None

    def heard(self, place: Place) -> None:
        """A stranger is being answered, or is none any more."""
        if place in self._silent:
            del self._silent[place]
            mine = self._silent_of[place.address]
            del mine[place]
            if not mine:
                del self._silent_of[place.address]

    def recognise(self, place: Place, who: str) -> None:
        """It is a stranger's no longer, unless this person has too many."""
        if self._of_person[who] < self.limits.of_person:
            self._forget_stranger(place)
            place.known = who
            self._of_person[who] += 1

    def leave(self, place: Place) -> None:
        """It is over."""
        place.open = False
        self.open -= 1
        if not place.known:
            self._forget_stranger(place)
        elif place.known in self._of_person:
            _less(self._of_person, place.known)

    def _forget_stranger(self, place: Place) -> None:
        self.heard(place)
        self.strangers -= 1
        _less(self._of_address, place.address)


def _less(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]

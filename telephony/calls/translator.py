"""Manager messages into facts: a pure state machine, no I/O.

Until `done` the PBX is being read: events and list entries fill the same tables and nothing is told; then one PbxBack
says it all. So it does not matter that an event may be older or newer than the list beside it:
each names a whole state of one channel, the last one counts, and what comes later is told as usual.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from .. import facts as f
from .call_events import CallEvents
from .leg_book import Fields, LegBook
from .notation import looks_like_extension
from .phone_events import PhoneEvents

MAX_LEGS = 20_000

# Asterisk sorts its events into classes. It tells a manager only the classes that its login asks for and its account
# may read. An event that is handled here must be of one of these; a handler for another class adds that class.
EVENT_CLASSES = (
    "system",  # FullyBooted: the lists can be read
    "call",  # channels, dials, bridges, holds, hang-ups, the states of phones, OriginateResponse
    "agent",  # queues: their members, who waits in them, whom they ring
)


def _now() -> datetime:
    return datetime.now(UTC)


class Translator:
    """One PBX's messages into its facts. `is_agent` says which extensions are agents' (None: two to six digits)."""

    def __init__(
        self,
        pbx: str,
        is_agent: Callable[[str], bool] | None = None,
        now: Callable[[], datetime] = _now,
        max_legs: int = MAX_LEGS,
    ) -> None:
        self.pbx = pbx
        self._now = now
        is_agent = is_agent or looks_like_extension
        self._book = LegBook(pbx, is_agent, now, max_legs)
        self._phones = PhoneEvents(pbx, is_agent, now)
        self._handlers = CallEvents(self._book).handlers | self._phones.handlers

    def hear(self, message: Fields) -> list[f.Fact]:
        """The facts in one message; none for a message that says nothing to us. Raises nothing for odd ones."""
        handler = self._handlers.get(message.get("Event", ""))
        if handler is None:
            return []
        told = list(handler(message))
        if (oldest := self._book.board.oldest_too_many()) is not None:
            told += self._book.drop(oldest)
        return [] if self._book.reading else told

    def done(self, version: str, complete: bool = True) -> f.PbxBack:
        """The lists were read: what the PBX says of itself. From here on changes are told."""
        calls = self._book.begin()
        return f.PbxBack(
            pbx=self.pbx,
            at=self._now(),
            version=version,
            calls=calls,
            legs=self._book.legs(),
            phones=tuple(sorted(self._phones.phones.items())),
            waiting=self._book.waiting(),
            members=self._phones.listed_members(),
            outside=self._book.outside(),
            complete=complete,
        )

"""Where a page of a list of cases begins, as the cursor that programs and browsers hand back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..cursors import items, moment, number, read_cursor, write_cursor
from ..refused import BadInput
from .order import DUE, FREE, LATER
from .sections import Section

_NUMBER = number(0)
_SMALL = number(0, (1 << 15) - 1)  # priorities and ranks
_FREE_KEY = items(_SMALL, _SMALL, moment, _NUMBER)
_TIMED_KEY = items(moment, _NUMBER)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after `key` in one of the three groups of the order, at the time of the first page.

    `key` holds the values of the columns that order the group.
    """

    as_of: datetime
    group: int
    key: list[Any] | None

    @classmethod
    def first(cls, section: Section, now: datetime) -> Place:
        """Where the list of a section begins."""
        return cls(now, FREE if section is Section.CLOSED else DUE, None)

    def write(self) -> str:
        """The place as a cursor."""
        return write_cursor(self.as_of, self.group, self.key)

    @classmethod
    def read(cls, cursor: str, section: Section) -> Place:
        """The place that a cursor names. Raises BadInput for what is none, or is of a section in another order."""
        as_of, group, written = read_cursor(cursor, moment, number(), lambda key: key)
        groups = (FREE,) if section is Section.CLOSED else (DUE, FREE, LATER)
        if group not in groups:
            raise BadInput(field="next")
        free = group == FREE and section is not Section.CLOSED
        try:
            return cls(as_of, group, (_FREE_KEY if free else _TIMED_KEY)(written))
        except (ValueError, OverflowError) as why:
            raise BadInput(field="next") from why

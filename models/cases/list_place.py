"""Where a page of a list of cases begins, as the cursor that programs and browsers hand back."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..refused import BadInput
from .order import DUE, FREE, LATER
from .sections import Section


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after `key` in one of the three groups of the order, at the time of the first page."""

    as_of: datetime
    group: int
    key: list[Any] | None

    @classmethod
    def first(cls, section: Section, now: datetime) -> Place:
        """Where the list of a section begins."""
        return cls(now, FREE if section is Section.CLOSED else DUE, None)

    def write(self) -> str:
        """The place as a cursor."""
        plain = json.dumps([self.as_of.isoformat(), self.group, self.key])
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str, section: Section) -> Place:
        """The place that a cursor names. Raises BadInput for what is none, or is of a section in another order."""
        try:
            as_of, group, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            place = cls(datetime.fromisoformat(as_of), int(group), list(key))
            free = place.group == FREE and section is not Section.CLOSED
            if place.group not in (DUE, FREE, LATER) or len(place.key or []) != (4 if free else 2):
                raise ValueError("not a place of this list")
            key_values(place.key or [])
        except (ValueError, TypeError, binascii.Error) as why:
            raise BadInput(field="next") from why
        return place


def plain_key(values: Sequence[Any]) -> list[Any]:
    """Values of the columns that order a list, as a cursor carries them."""
    return [value.isoformat() if isinstance(value, datetime) else value for value in values]


def key_values(key: Sequence[Any]) -> list[Any]:
    """A cursor's key as values of the columns. Raises ValueError when it is not one."""
    if len(key) == 4:
        campaign_priority, priority, last_contact_at, number = key
        return [int(campaign_priority), int(priority), datetime.fromisoformat(last_contact_at), int(number)]
    at, number = key
    return [datetime.fromisoformat(at), int(number)]

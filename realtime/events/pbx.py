"""Whether the PBX answers."""

from __future__ import annotations

from datetime import datetime

from .. import topics as to
from .event import Event


class PbxLost(Event):
    """The PBX does not answer: calls cannot be seen until it is back."""

    type = "pbx.lost"
    pbx: str
    since: datetime
    version: int

    def topics(self) -> frozenset[str]:
        return frozenset({to.EVERYONE})


class PbxBack(Event):
    """The PBX answers again, and all states were read again."""

    type = "pbx.back"
    pbx: str
    since: datetime
    version: int

    def topics(self) -> frozenset[str]:
        return frozenset({to.EVERYONE})

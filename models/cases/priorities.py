"""The priorities of a case: their order, what they are called and how screens show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ..refused import N_


class Priority(StrEnum):
    """Priority of a case (S3-33), as a word; `rank` is its place in the order, 1 first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        return list(Priority).index(self) + 1

    @classmethod
    def of_rank(cls, rank: int) -> Priority:
        return list(cls)[rank - 1]


PriorityWord = Literal["urgent", "high", "normal", "low"]  # as rows and forms have it; a test holds it to Priority


@dataclass(frozen=True, slots=True)
class PriorityTerms:
    """Its rank, an icon of the sprite, a hue (class `k-<hue>`, empty = none) and the name."""

    rank: int
    icon: str
    hue: str
    name: str


PRIORITIES: Mapping[Priority, PriorityTerms] = {
    Priority.URGENT: PriorityTerms(Priority.URGENT.rank, "alert", "red", N_("Urgente")),
    Priority.HIGH: PriorityTerms(Priority.HIGH.rank, "up", "amber", N_("Alta")),
    Priority.NORMAL: PriorityTerms(Priority.NORMAL.rank, "right", "", N_("Normal")),
    Priority.LOW: PriorityTerms(Priority.LOW.rank, "down", "", N_("Baja")),
}

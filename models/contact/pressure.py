"""Contact pressure: how often a customer was contacted, by medium, and the colour that says so (S2-24, S2-25, X21).

The count is the customer's over all campaigns; thresholds and window are each campaign's.
`web/static/contact/pressure.js` holds the same rule for the browser, where contacts roll out of the window as time
passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .channels import Channel

Thresholds = tuple[int, int, int]

WINDOW_DAYS = 7
PER_MEDIUM: Thresholds = (1, 3, 5)  # 1-2 green, 3-4 amber, 5 and more red (X21)
IN_TOTAL: Thresholds = (1, 7, 12)


@dataclass(frozen=True, slots=True)
class PressureRule:
    """A campaign's window in days, and the counts from which each level (1 low, 2 medium, 3 high) begins."""

    window_days: int = WINDOW_DAYS
    media: Mapping[Channel, Thresholds] = ()  # type: ignore[assignment]
    total: Thresholds = IN_TOTAL

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> PressureRule:
        """The rule that a campaign keeps: `{"window_days": 7, "media": {"call": [1, 3, 5]}, "total": [1, 7, 12]}`."""
        media = {Channel(name): _three(counts) for name, counts in stored.get("media", {}).items()}
        return cls(int(stored.get("window_days", WINDOW_DAYS)), media, _three(stored.get("total", IN_TOTAL)))

    def thresholds(self, channel: Channel) -> Thresholds:
        """Where the levels of one medium begin."""
        return dict(self.media).get(channel, PER_MEDIUM)

    def since(self, now: datetime) -> datetime:
        """Contacts at or before this moment no longer count."""
        return now - timedelta(days=self.window_days)


def level(count: int, thresholds: Thresholds) -> int:
    """0 none, 1 low, 2 medium, 3 high."""
    return sum(count >= limit for limit in thresholds)


def _three(counts: Sequence[int]) -> Thresholds:
    low, medium, high = (int(count) for count in counts)
    return (low, medium, high)

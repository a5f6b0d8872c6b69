"""What was counted: sections of a campaign, an agent's day, the wall board."""

from __future__ import annotations

from typing import Any

from .. import topics as to
from .event import Event


class SectionsCounted(Event):
    """How many cases each section of a campaign has now; `version` grows with time."""

    type = "sections.counted"
    campaign_id: int
    version: int
    counts: dict[str, int]

    def topics(self) -> frozenset[str]:
        return frozenset({to.campaign(self.campaign_id), to.SUPERVISORS})


class DayCounted(Event):
    """An agent's own figures: cases assigned to them now, gestiones and effective contacts today, mean seconds."""

    type = "day.counted"
    agent_id: int
    version: int
    assigned: int
    dispositions: int
    effective: int
    mean_seconds: int | None

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.agent_id)})


class WallboardFigures(Event):
    """The wall board's figures, worked out once a second for all who look (M-06)."""

    type = "wallboard.figures"
    figures: dict[str, Any]

    def topics(self) -> frozenset[str]:
        return frozenset({to.WALLBOARD})

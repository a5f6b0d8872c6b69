"""What happens to a campaign."""

from __future__ import annotations

from typing import Any

from .. import topics as to
from .event import Event


class CampaignChanged(Event):
    """A campaign was made, archived, reopened, or changed its priority, agents or results."""

    type = "campaign.changed"
    campaign: dict[str, Any]
    version: int

    def topics(self) -> frozenset[str]:
        return frozenset({to.campaign(int(self.campaign["id"])), to.SUPERVISORS})

"""What happens to a campaign."""

from __future__ import annotations

from typing import Any

from ...models.rows.values import Named
from .. import topics as to
from .event import Event


class CampaignChanged(Event):
    """A campaign was made, archived, reopened, or changed its priority, agents or results."""

    type = "campaign.changed"
    campaign: dict[str, Any]
    version: int
    by: Named | None = None

    def topics(self) -> frozenset[str]:
        return frozenset({to.campaign(int(self.campaign["id"])), to.SUPERVISORS})


class RulePackChanged(Event):
    """A pack of contact rules was made or changed; `campaigns` of it are those in use that have it."""

    type = "rule_pack.changed"
    pack: dict[str, Any]
    version: int
    by: Named | None = None

    def topics(self) -> frozenset[str]:
        return frozenset({to.SUPERVISORS})

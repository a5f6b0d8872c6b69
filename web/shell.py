"""What surrounds every screen of a person: the own state, the counters of the rail, the calls, the PBX.

It is read in the same transaction as the page's own rows, after its cursor, so that the page is never older than the
first event that follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ..models.cases.section_rule import section_counts
from ..models.cases.viewer import Viewer, viewer
from ..models.clock import midnight
from ..models.permissions import Role
from ..models.rows.call import calls_of_agent, pbx_lost_since
from ..models.rows.campaign import campaigns_in_use
from ..models.rows.counters import Day, assigned, days, kinds_of_cases
from ..models.rows.person import ReleasedCase, person_row, released_case
from ..models.rows.values import CallRow, CampaignRef, PersonRow


@dataclass(frozen=True, slots=True)
class Shell:
    """What is around a screen at `now`.

    `by_campaign` are the section counters of each campaign and `counts` their sum, except one's own cases: these are
    counted in every campaign in use. `calls` are those that ring or go on.
    """

    viewer: Viewer
    person: PersonRow
    campaigns: list[CampaignRef]
    by_campaign: dict[int, dict[str, int]]
    counts: dict[str, int]
    day: Day
    calls: list[CallRow]
    pbx_lost: datetime | None
    released: ReleasedCase | None
    now: datetime

    def for_browser(self) -> dict[str, Any]:
        """As the page's modules take it."""
        return {
            "person": self.person.model_dump(mode="json"),
            "campaigns": [campaign.model_dump(mode="json") for campaign in self.campaigns],
            "by_campaign": self.by_campaign,
            "counts": self.counts,
            "day": asdict(self.day),
            "calls": [call.model_dump(mode="json") for call in self.calls],
            "pbx_lost": self.pbx_lost.isoformat() if self.pbx_lost else None,
            "released": self.released.model_dump(mode="json") if self.released else None,
            "now": self.now.isoformat(),
        }


async def shell(session: AsyncSession, user_id: int, role: Role, now: datetime, zone: ZoneInfo) -> Shell:
    """Everything around a screen of this person at `now`; their day begins at midnight of `zone`."""
    who = await viewer(session, user_id, role)
    campaigns = await campaigns_in_use(session, who.campaign_ids)
    kinds = await kinds_of_cases(session, [campaign.id for campaign in campaigns])
    by_campaign = {campaign.id: section_counts(kinds.get(campaign.id, ()), user_id) for campaign in campaigns}
    own = await assigned(session, user_id)
    counts = _sum(by_campaign.values()) | {"assigned": own.get(user_id, 0)}
    today = await days(session, [user_id], midnight(now, zone), own)
    return Shell(
        viewer=who,
        person=await person_row(session, user_id),
        campaigns=campaigns,
        by_campaign=by_campaign,
        counts=counts,
        day=today[user_id],
        calls=await calls_of_agent(session, user_id, now),
        pbx_lost=await pbx_lost_since(session),
        released=await released_case(session, user_id),
        now=now,
    )


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total = section_counts((), None)
    for of_one in counts:
        for section, n in of_one.items():
            total[section] += n
    return total

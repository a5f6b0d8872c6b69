"""What surrounds every screen of a person: the own state, the counters of the rail, the calls, the PBX.

Read in the same transaction as the page's own rows, after its cursor, so that nothing is shown older than the line
that follows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models.calls.call import Pbx
from ..models.campaigns.campaign import Campaign
from ..models.cases.case import CaseCountDelta
from ..models.clock import midnight
from ..models.permissions import Role
from ..models.rows.call import calls_of_agent
from ..models.rows.case_list import Viewer, section_counts, viewer
from ..models.rows.counters import Day, assigned, days
from ..models.rows.person import person_row
from ..models.rows.values import CallRow, CampaignRef, PersonRow


@dataclass(frozen=True, slots=True)
class Shell:
    """`by_campaign` are the section counters of each campaign; `counts` their sum, but for the own cases, which are
    counted wherever they are; `calls` those that ring or go on."""

    viewer: Viewer
    person: PersonRow
    campaigns: list[CampaignRef]
    by_campaign: dict[int, dict[str, int]]
    counts: dict[str, int]
    day: Day
    calls: list[CallRow]
    pbx_lost: datetime | None
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
            "now": self.now.isoformat(),
        }


async def shell(session: AsyncSession, user_id: int, role: Role, now: datetime, zone: ZoneInfo) -> Shell:
    """Everything around a screen of this person at `now`; their day begins at midnight of `zone`."""
    who = await viewer(session, user_id, role)
    campaigns = await _campaigns(session, who)
    by_campaign = await _counts(session, who, [campaign.id for campaign in campaigns])
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
        pbx_lost=(await session.execute(select(func.min(Pbx.since)).where(~Pbx.connected))).scalar_one(),
        now=now,
    )


async def _campaigns(session: AsyncSession, who: Viewer) -> list[CampaignRef]:
    statement = select(Campaign).where(Campaign.archived_at.is_(None)).order_by(Campaign.priority, Campaign.name)
    if who.campaign_ids is not None:
        statement = statement.where(Campaign.id.in_(who.campaign_ids))
    return [CampaignRef.model_validate(campaign) for campaign in await session.scalars(statement)]


async def _counts(session: AsyncSession, who: Viewer, campaigns: list[int]) -> dict[int, dict[str, int]]:
    d = CaseCountDelta
    kind = (d.campaign_id, d.agent_id, d.status, d.service_state)
    rows = await session.execute(select(*kind, func.sum(d.n)).where(d.campaign_id.in_(campaigns)).group_by(*kind))
    kinds: dict[int, list[tuple[int, str, str, int]]] = {campaign: [] for campaign in campaigns}
    for campaign, agent, status, service, n in rows:
        kinds[campaign].append((agent, status, service, int(n)))
    return {campaign: section_counts(rows, who.id) for campaign, rows in kinds.items()}


def _sum(counts: Any) -> dict[str, int]:
    total: dict[str, int] = section_counts((), None)
    for of_one in counts:
        for section, n in of_one.items():
            total[section] += n
    return total

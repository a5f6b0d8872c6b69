"""How far each campaign is (S1-23)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..cases.case import CaseCountDelta, CaseStatus, Disposition
from .values import Row


class Progress(Row):
    """How far a campaign is (S1-23), in cases: en proceso is `open` + `suspended`, finalizadas is `closed`.

    `free` are the open ones that nobody has. `worked_today` is how many cases had a gestión since midnight.
    """

    open: int
    free: int
    suspended: int
    closed: int
    worked_today: int


NO_CASES = Progress(open=0, free=0, suspended=0, closed=0, worked_today=0)


async def progress(session: AsyncSession, since: datetime) -> dict[int, Progress]:
    """How far each campaign is; `since` is when the installation's day began. Campaigns without cases are left out
    (`NO_CASES`)."""
    total = func.sum(CaseCountDelta.n)
    free = func.coalesce(total.filter(CaseCountDelta.agent_id == 0), 0)
    by = CaseCountDelta.campaign_id, CaseCountDelta.status
    sums = select(*by, total.label("cases"), free.label("free")).group_by(*by)
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in await session.execute(sums):
        counts[row.campaign_id][row.status] = int(row.cases)
        if row.status == CaseStatus.OPEN:
            counts[row.campaign_id]["free"] = int(row.free)
    worked = await _worked(session, since)
    return {
        campaign_id: Progress(
            open=of["open"],
            free=of["free"],
            suspended=of["suspended"],
            closed=of["closed"],
            worked_today=worked.get(campaign_id, 0),
        )
        for campaign_id, of in counts.items()
    }


async def _worked(session: AsyncSession, since: datetime) -> dict[int, int]:
    """How many cases of each campaign had a gestión since then."""
    cases = func.count(func.distinct(Disposition.case_number)).label("cases")
    statement = select(Disposition.campaign_id, cases).where(Disposition.created_at >= since)
    by_campaign = await session.execute(statement.group_by(Disposition.campaign_id))
    return {row.campaign_id: row.cases for row in by_campaign}

"""The wall board's sums of the day (M-06): calls, gestiones, results, wrap-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Disposition
from ...models.clock import midnight
from ...models.people.agent import Agent, AgentStateSpan, State
from ...models.rows.wallboard import CampaignDay, ResultLine, Today
from .calls import add_up, calls_by_campaign

RESULTS_SHOWN = 6


async def sum_up(session: AsyncSession, now: datetime, zone: ZoneInfo) -> Today:
    """The sums from midnight (in `zone`) to `now`."""
    since = midnight(now, zone)
    calls = await calls_by_campaign(session, since)
    worked = await _dispositions_by_campaign(session, since)
    whole = add_up(calls.values())
    wrap_up = await _mean_wrap_up(session, since)
    campaigns = {row.campaign_id: CampaignDay(worked=row.worked, dispositions=row.dispositions) for row in worked}
    for campaign_id, sums in calls.items():
        if campaign_id is not None:
            day = campaigns.get(campaign_id, CampaignDay())
            campaigns[campaign_id] = day.model_copy(update={"calls": add_up([sums])})
    return Today(
        as_of=now,
        since=since,
        calls=whole,
        aht_seconds=None if whole.talk_seconds is None else whole.talk_seconds + (wrap_up or 0),
        wrap_up_seconds=wrap_up,
        dispositions=sum(row.dispositions for row in worked),
        effective=sum(row.effective for row in worked),
        worked=sum(row.worked for row in worked),
        results=await _results(session, since),
        campaigns=campaigns,
    )


async def _dispositions_by_campaign(session: AsyncSession, since: datetime) -> Sequence[Any]:
    statement = select(
        Disposition.campaign_id,
        func.count().label("dispositions"),
        func.count().filter(Disposition.effective).label("effective"),
        func.count(Disposition.case_number.distinct()).label("worked"),
    )
    of_today = statement.where(_today(since)).group_by(Disposition.campaign_id)
    return (await session.execute(of_today)).all()


async def _results(session: AsyncSession, since: datetime) -> list[ResultLine]:
    times = func.count()
    named = and_(_today(since), Disposition.result_name != "")
    rows = select(Disposition.result_name, times.label("times")).where(named).group_by(Disposition.result_name)
    most = rows.order_by(times.desc(), Disposition.result_name).limit(RESULTS_SHOWN)
    return [ResultLine(name=row.result_name, count=row.times) for row in await session.execute(most)]


def _today(since: datetime) -> ColumnElement[bool]:
    """Dispositions of today. The condition names campaigns, because the index begins with them."""
    return and_(Disposition.campaign_id.in_(select(Campaign.id)), Disposition.created_at >= since)


async def _mean_wrap_up(session: AsyncSession, since: datetime) -> int | None:
    """Mean seconds of the spans of TIPIFICANDO that began today and have ended."""
    span = AgentStateSpan
    ended = and_(span.user_id.in_(select(Agent.user_id)), span.from_at >= since, span.state == State.WRAP_UP)
    mean = select(func.avg(extract("epoch", span.until_at - span.from_at))).where(ended, span.until_at.is_not(None))
    found = (await session.execute(mean)).scalar_one_or_none()
    return None if found is None else round(found)


def _seconds(interval: Any) -> Any:
    return extract("epoch", interval)

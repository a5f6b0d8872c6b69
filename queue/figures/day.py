"""The wall board's sums of the day (M-06): calls, gestiones, results, wrap-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.calls.call import Call
from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Disposition
from ...models.clock import midnight
from ...models.people.agent import Agent, AgentStateSpan, State
from ...models.rows.wallboard import CallFigures, CampaignDay, ResultLine, Today

SERVICE_SECONDS = 20
SHORT_ABANDON_SECONDS = 5
RESULTS_SHOWN = 6


async def sum_up(session: AsyncSession, now: datetime, zone: ZoneInfo) -> Today:
    """The sums from midnight (in `zone`) to `now`."""
    since = midnight(now, zone)
    calls = await _calls_by_campaign(session, since)
    worked = await _dispositions_by_campaign(session, since)
    whole = _call_figures(calls)
    wrap_up = await _mean_wrap_up(session, since)
    campaigns = {row.campaign_id: CampaignDay(worked=row.worked, dispositions=row.dispositions) for row in worked}
    for row in calls:
        if row.campaign_id is not None:
            day = campaigns.get(row.campaign_id, CampaignDay())
            campaigns[row.campaign_id] = day.model_copy(update={"calls": _call_figures([row])})
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


async def _calls_by_campaign(session: AsyncSession, since: datetime) -> Sequence[Any]:
    answered, abandoned = Call.answered_at.is_not(None), Call.abandoned
    wait = _seconds(Call.answered_at - Call.started_at)
    in_time = and_(answered, wait <= SERVICE_SECONDS)
    talked = and_(answered, Call.ended_at.is_not(None))
    patient = and_(abandoned, _seconds(Call.ended_at - Call.started_at) > SHORT_ABANDON_SECONDS)
    statement = (
        select(
            Call.campaign_id,
            func.count().label("queued"),
            func.count().filter(answered).label("answered"),
            func.count().filter(abandoned).label("abandoned"),
            func.count().filter(in_time).label("in_time"),
            func.count().filter(patient).label("patient"),
            func.coalesce(func.sum(wait).filter(answered), 0).label("wait"),
            func.count().filter(talked).label("talked"),
            func.coalesce(func.sum(_seconds(Call.ended_at - Call.answered_at)).filter(talked), 0).label("talk"),
        )
        .where(Call.started_at >= since, Call.direction == "inbound", Call.queue_name.is_not(None))
        .group_by(Call.campaign_id)
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return rows


def _call_figures(rows: Sequence[Any]) -> CallFigures:
    def total(name: str) -> float:
        return sum(float(getattr(row, name)) for row in rows)

    answered, abandoned = int(total("answered")), int(total("abandoned"))
    return CallFigures(
        queued=int(total("queued")),
        answered=answered,
        abandoned=abandoned,
        abandoned_percent=_percent(abandoned, answered + abandoned),
        service_percent=_percent(total("in_time"), answered + total("patient")),
        asa_seconds=_mean(total("wait"), answered),
        talk_seconds=_mean(total("talk"), total("talked")),
        service_seconds=SERVICE_SECONDS,
        short_abandon_seconds=SHORT_ABANDON_SECONDS,
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
    mean = select(func.avg(_seconds(span.until_at - span.from_at))).where(ended, span.until_at.is_not(None))
    found = (await session.execute(mean)).scalar_one_or_none()
    return None if found is None else round(found)


def _seconds(interval: Any) -> Any:
    return extract("epoch", interval)


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _mean(total: float, n: float) -> int | None:
    return round(total / n) if n else None


NO_CALLS = _call_figures([])

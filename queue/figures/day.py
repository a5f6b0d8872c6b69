"""Works out the wall board's figures: the moment, and the sums of the day (KPIs as `board_rows` defines them)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.calls.call import Call, CallPhase
from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case, CaseCountDelta, CaseStatus, Disposition
from ...models.clock import midnight
from ...models.customers.names import short_name
from ...models.people.agent import Agent, AgentStateSpan, CallState, PauseReason, State
from ...models.people.user import User
from ...models.permissions import Role
from ...models.rows.wallboard import (
    AgentTile,
    CallFigures,
    CallsNow,
    CampaignDay,
    CampaignLine,
    ResultLine,
    Shown,
    Today,
    Wallboard,
    WallboardLimits,
)

SERVICE_SECONDS = 20
SHORT_ABANDON_SECONDS = 5
RESULTS_SHOWN = 6
_ORDER: list[Shown] = ["waiting", "on_call", "handling", "wrap_up", "paused"]


async def figures(
    session: AsyncSession, now: datetime, zone: ZoneInfo, limits: WallboardLimits, today: Today | None = None
) -> Wallboard:
    """The board at `now`. `today` may be some seconds old; without it the day is summed up too."""
    today = today or await sum_up(session, now, zone)
    agents = await agent_tiles(session, now)
    going_on = await _going_on(session)
    return Wallboard(
        as_of=now,
        agents=agents,
        agent_counts={shown: sum(tile.shown == shown for tile in agents) for shown in _ORDER},
        campaigns=await _campaigns(session, now, agents, going_on, today, limits),
        calls_now=_calls_now(going_on),
        today=today,
        limits=limits,
    )


async def sum_up(session: AsyncSession, now: datetime, zone: ZoneInfo) -> Today:
    """The sums from midnight (in `zone`) to `now`."""
    since = midnight(now, zone)
    calls = await _calls_by_campaign(session, since)
    worked = await _dispositions_by_campaign(session, since)
    whole = _call_figures(calls)
    wrap_up = await _mean_wrap_up(session, since)
    campaigns = {row.campaign_id: CampaignDay(worked=row.worked, dispositions=row.n) for row in worked}
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
        dispositions=sum(row.n for row in worked),
        effective=sum(row.effective for row in worked),
        worked=sum(row.worked for row in worked),
        results=await _results(session, since),
        campaigns=campaigns,
    )


# The moment


async def agent_tiles(session: AsyncSession, now: datetime) -> list[AgentTile]:
    """Agents who are not DESCONECTADO: those past their limit first, then by state, the longest in it first."""
    campaigns = await session.execute(select(Campaign.id, Campaign.name))
    names = {campaign.id: campaign.name for campaign in campaigns}
    tiles = [_tile(row, names.get(row.of_case or row.of_call or 0), now) for row in await session.execute(_AGENTS)]
    return sorted(tiles, key=lambda tile: (not tile.over_limit, _ORDER.index(tile.shown), tile.since, tile.id))


_AGENTS = (
    select(
        Agent.user_id,
        Agent.state,
        Agent.since,
        Agent.call,
        Agent.call_since,
        Agent.case_number,
        Agent.wrap_up_until,
        User.name,
        PauseReason.name.label("reason"),
        PauseReason.limit_seconds,
        Case.campaign_id.label("of_case"),
        Call.campaign_id.label("of_call"),
    )
    .join(User, User.id == Agent.user_id)
    .outerjoin(PauseReason, PauseReason.id == Agent.reason_id)
    .outerjoin(Case, Case.number == Agent.case_number)
    .outerjoin(Call, Call.id == Agent.call_id)
    .where(Agent.state != State.OFFLINE, User.active, User.role == Role.AGENT)
)


def _tile(row: Any, campaign: str | None, now: datetime) -> AgentTile:
    on_call = row.call in (CallState.TALKING, CallState.HELD)
    since = row.call_since if on_call and row.call_since else row.since
    limit = None if on_call else _limit(row)
    return AgentTile.model_construct(
        id=row.user_id,
        name=short_name(row.name),
        shown="on_call" if on_call else row.state.value,
        state=row.state.value,
        reason=row.reason,
        since=since,
        call=row.call.value,
        call_since=row.call_since,
        case_number=row.case_number,
        campaign=campaign,
        limit_seconds=limit,
        over_limit=limit is not None and (now - since).total_seconds() > limit,
    )


def _limit(row: Any) -> int | None:
    """How many seconds the agent's state may last, when anything says so."""
    if row.state is State.WRAP_UP and row.wrap_up_until:
        return int((row.wrap_up_until - row.since).total_seconds())
    limit: int | None = row.limit_seconds
    return limit if row.state is State.PAUSED else None


async def _going_on(session: AsyncSession) -> Sequence[Any]:
    """Calls that have not ended, by campaign and phase."""
    in_queue = and_(Call.direction == "inbound", Call.queue_name.is_not(None), Call.answered_at.is_(None))
    statement = (
        select(
            Call.campaign_id,
            func.count().filter(in_queue).label("waiting"),
            func.min(Call.started_at).filter(in_queue).label("longest"),
            func.count().filter(Call.phase == CallPhase.RINGING).label("ringing"),
            func.count().filter(Call.phase == CallPhase.TALKING).label("talking"),
        )
        .where(Call.phase != CallPhase.ENDED)
        .group_by(Call.campaign_id)
    )
    return (await session.execute(statement)).all()


def _calls_now(going_on: Sequence[Any]) -> CallsNow:
    return CallsNow(
        waiting=sum(row.waiting for row in going_on),
        longest_wait_since=min((row.longest for row in going_on if row.longest), default=None),
        ringing=sum(row.ringing for row in going_on),
        talking=sum(row.talking for row in going_on),
    )


async def _campaigns(
    session: AsyncSession,
    now: datetime,
    agents: list[AgentTile],
    going_on: Sequence[Any],
    today: Today,
    limits: WallboardLimits,
) -> list[CampaignLine]:
    """Campaigns that are not archived: those past a limit first, then those with calls waiting, then by name."""
    active = select(Campaign.id, Campaign.name, Campaign.mode).where(Campaign.archived_at.is_(None))
    free = await _free_cases(session)
    queues = {row.campaign_id: row for row in going_on}
    nothing = _call_figures([])
    lines = []
    for campaign_id, name, mode in await session.execute(active):
        queue, day = queues.get(campaign_id), today.campaigns.get(campaign_id, CampaignDay())
        line = CampaignLine(
            id=campaign_id,
            name=name,
            mode=mode.value,
            waiting=queue.waiting if queue else 0,
            longest_wait_since=queue.longest if queue else None,
            agents=sum(tile.campaign == name for tile in agents),
            free_cases=free.get(campaign_id, 0),
            worked_today=day.worked,
            dispositions_today=day.dispositions,
            calls=day.calls or nothing,
        )
        lines.append(line)
    return sorted(lines, key=lambda line: (not _past_limit(line, now, limits), -line.waiting, line.name))


def _past_limit(line: CampaignLine, now: datetime, limits: WallboardLimits) -> bool:
    """Whether its longest wait or its service of today raises an alarm, which no order may hide (M-06)."""
    since, service = line.longest_wait_since, line.calls.service_percent
    too_long = since is not None and (now - since).total_seconds() > limits.wait_seconds
    return too_long or (service is not None and service < limits.service_percent)


async def _free_cases(session: AsyncSession) -> dict[int, int]:
    d = CaseCountDelta
    free = select(d.campaign_id, func.sum(d.n)).where(d.agent_id == 0, d.status == CaseStatus.OPEN.value)
    return {campaign: int(n) for campaign, n in await session.execute(free.group_by(d.campaign_id))}


# The day


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
        func.count().label("n"),
        func.count().filter(Disposition.effective).label("effective"),
        func.count(Disposition.case_number.distinct()).label("worked"),
    )
    of_today = statement.where(_today(since)).group_by(Disposition.campaign_id)
    return (await session.execute(of_today)).all()


async def _results(session: AsyncSession, since: datetime) -> list[ResultLine]:
    n = func.count()
    named = and_(_today(since), Disposition.result_name != "")
    rows = select(Disposition.result_name, n).where(named).group_by(Disposition.result_name)
    most = rows.order_by(n.desc(), Disposition.result_name).limit(RESULTS_SHOWN)
    return [ResultLine(name=name, count=count) for name, count in await session.execute(most)]


def _today(since: datetime) -> ColumnElement[bool]:
    """Dispositions of today; named by campaign, because that is how their index begins."""
    return and_(Disposition.campaign_id.in_(select(Campaign.id)), Disposition.created_at >= since)


async def _mean_wrap_up(session: AsyncSession, since: datetime) -> int | None:
    """Mean seconds of today's ended stretches of TIPIFICANDO."""
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

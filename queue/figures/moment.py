"""The wall board at a moment (M-06): its agents, its calls and its campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.calls.call import Call, CallPhase, Pbx
from ...models.calls.leg import CallLeg, LegKind
from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case, CaseCountDelta, CaseStatus
from ...models.customers.names import short_name
from ...models.people.agent import Agent, CallState, PauseReason, State
from ...models.people.user import User
from ...models.permissions import Role
from ...models.rows.wallboard import (
    AgentTile,
    CallsNow,
    CampaignDay,
    CampaignLine,
    DoubledMember,
    Shown,
    Today,
    Wallboard,
    WallboardLimits,
)
from .calls import NO_CALLS
from .day import sum_up

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
        doubled=await _doubled(session),
    )


async def _doubled(session: AsyncSession) -> list[DoubledMember]:
    """Extensions that a queue rings twice, as the bridges found them."""
    of_every_pbx = await session.scalars(select(Pbx.doubled).order_by(Pbx.id))
    return [DoubledMember(queue=queue, extension=extension) for found in of_every_pbx for queue, extension in found]


async def agent_tiles(session: AsyncSession, now: datetime) -> list[AgentTile]:
    """Agents who are not DESCONECTADO: those past their limit first, then by state, the longest in a state first."""
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
    """How many seconds the agent's state may last; None when it has no limit."""
    if row.state is State.WRAP_UP and row.wrap_up_until:
        return int((row.wrap_up_until - row.since).total_seconds())
    limit: int | None = row.limit_seconds
    return limit if row.state is State.PAUSED else None


async def _going_on(session: AsyncSession) -> Sequence[Any]:
    """Legs of customers' calls that go on, by campaign. `ringing` and `talking` are calls, `waiting` are callers."""
    leg = CallLeg
    in_queue = and_(leg.kind == LegKind.QUEUE, Call.direction == "inbound")
    at_agent = leg.kind == LegKind.AGENT
    calls = func.count(leg.call_id.distinct())
    statement = (
        select(
            leg.campaign_id,
            func.count().filter(in_queue).label("waiting"),
            func.min(leg.began_at).filter(in_queue).label("longest"),
            calls.filter(at_agent, leg.answered_at.is_(None)).label("ringing"),
            calls.filter(at_agent, leg.answered_at.is_not(None)).label("talking"),
        )
        .join(Call, Call.id == leg.call_id)
        .where(leg.ended_at.is_(None), Call.phase != CallPhase.ENDED, Call.direction != "internal")
        .group_by(leg.campaign_id)
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
    lines = []
    for campaign in await session.execute(active):
        queue, day = queues.get(campaign.id), today.campaigns.get(campaign.id, CampaignDay())
        line = CampaignLine(
            id=campaign.id,
            name=campaign.name,
            mode=campaign.mode.value,
            waiting=queue.waiting if queue else 0,
            longest_wait_since=queue.longest if queue else None,
            agents=sum(tile.campaign == campaign.name for tile in agents),
            free_cases=free.get(campaign.id, 0),
            worked_today=day.worked,
            dispositions_today=day.dispositions,
            calls=day.calls or NO_CALLS,
        )
        lines.append(line)
    return sorted(lines, key=lambda line: (not _past_limit(line, now, limits), -line.waiting, line.name))


def _past_limit(line: CampaignLine, now: datetime, limits: WallboardLimits) -> bool:
    """Whether its longest wait or today's service raises an alarm. No order may hide an alarm (M-06)."""
    since, service = line.longest_wait_since, line.calls.service_percent
    too_long = since is not None and (now - since).total_seconds() > limits.wait_seconds
    return too_long or (service is not None and service < limits.service_percent)


async def _free_cases(session: AsyncSession) -> dict[int, int]:
    """Open cases that nobody has, by campaign."""
    delta = CaseCountDelta
    cases = func.sum(delta.n).label("cases")
    free = select(delta.campaign_id, cases).where(delta.agent_id == 0, delta.status == CaseStatus.OPEN.value)
    by_campaign = await session.execute(free.group_by(delta.campaign_id))
    return {row.campaign_id: int(row.cases) for row in by_campaign}

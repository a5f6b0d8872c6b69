"""The figures of calls, counted from their legs (M-06).

A call that comes back into a queue was offered twice, waits twice and may be answered twice. So what was offered is
always what was answered, what was abandoned, what left without an agent, and what still waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.calls.call import Call
from ...models.calls.leg import CallLeg, LegKind, LegOutcome
from ...models.rows.wallboard import CallFigures

SERVICE_SECONDS = 20
SHORT_ABANDON_SECONDS = 5


@dataclass(slots=True)
class CallSums:
    """Of one campaign: legs in its queue by outcome, seconds waited by the answered, and what agents talked."""

    queued: int = 0
    answered: int = 0
    abandoned: int = 0
    left: int = 0
    in_time: int = 0
    patient: int = 0  # abandoned after more than SHORT_ABANDON_SECONDS
    wait: float = 0.0
    talked: int = 0
    talk: float = 0.0


async def calls_by_campaign(session: AsyncSession, since: datetime) -> dict[int | None, CallSums]:
    """The sums of legs that began at `since` or later, by campaign; None: queues of no campaign."""
    sums = {row.campaign_id: CallSums(*row[1:]) for row in await session.execute(_waits(since))}
    for row in await session.execute(_talks(since)):
        of_campaign = sums.setdefault(row.campaign_id, CallSums())
        of_campaign.talked, of_campaign.talk = row.talked, float(row.talk)
    return sums


def _waits(since: datetime) -> Any:
    leg, wait = CallLeg, _seconds(CallLeg.ended_at - CallLeg.began_at)
    answered, abandoned = leg.outcome == LegOutcome.ANSWERED, leg.outcome == LegOutcome.ABANDONED
    left = and_(leg.ended_at.is_not(None), ~answered, ~abandoned)
    return (
        select(
            leg.campaign_id,
            func.count().label("queued"),
            func.count().filter(answered).label("answered"),
            func.count().filter(abandoned).label("abandoned"),
            func.count().filter(left).label("left"),
            func.count().filter(answered, wait <= SERVICE_SECONDS).label("in_time"),
            func.count().filter(abandoned, wait > SHORT_ABANDON_SECONDS).label("patient"),
            func.coalesce(func.sum(wait).filter(answered), 0).label("wait"),
        )
        .join(Call, Call.id == leg.call_id)
        .where(leg.kind == LegKind.QUEUE, leg.began_at >= since, Call.direction == "inbound")
        .group_by(leg.campaign_id)
    )


def _talks(since: datetime) -> Any:
    leg, talk = CallLeg, _seconds(CallLeg.ended_at - CallLeg.answered_at)
    return (
        select(leg.campaign_id, func.count().label("talked"), func.sum(talk).label("talk"))
        .join(Call, Call.id == leg.call_id)
        .where(leg.kind == LegKind.AGENT, leg.began_at >= since, leg.answered_at.is_not(None))
        .where(leg.ended_at.is_not(None), leg.queue_name.is_not(None), Call.direction == "inbound")
        .group_by(leg.campaign_id)
    )


def add_up(sums: Iterable[CallSums]) -> CallFigures:
    """Several campaigns as one."""
    all_of_them = list(sums)

    def total(name: str) -> float:
        return sum(float(getattr(one, name)) for one in all_of_them)

    queued, answered, abandoned, left = (int(total(name)) for name in ("queued", "answered", "abandoned", "left"))
    return CallFigures(
        queued=queued,
        answered=answered,
        abandoned=abandoned,
        left=left,
        waiting=queued - answered - abandoned - left,
        abandoned_percent=_percent(abandoned, answered + abandoned),
        service_percent=_percent(total("in_time"), answered + total("patient")),
        asa_seconds=_mean(total("wait"), answered),
        talk_seconds=_mean(total("talk"), total("talked")),
        service_seconds=SERVICE_SECONDS,
        short_abandon_seconds=SHORT_ABANDON_SECONDS,
    )


def _seconds(interval: Any) -> Any:
    return extract("epoch", interval)


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _mean(total: float, n: float) -> int | None:
    return round(total / n) if n else None


NO_CALLS = add_up([])

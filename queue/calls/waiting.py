"""A caller who waits in a queue, or talks with somebody outside: stretches of a call in which no agent is in it.

Whoever calls these has the call locked.
"""

from __future__ import annotations

from sqlalchemy import select

from ...models.calls.call import Call, CallPhase
from ...models.calls.leg import LegOutcome
from ...models.campaigns.campaign import Campaign
from ..work import Work
from .legs import come_back_from_outside, find_phase, leave_queue, talk_outside, wait_in


async def wait(work: Work, call: Call, queue: str) -> None:
    """The caller waits in a queue: for the first time, or again after an agent handed the call back."""
    if call.phase is CallPhase.ENDED:
        return
    campaign = select(Campaign.id).where(Campaign.queue_name == queue, Campaign.archived_at.is_(None))
    await wait_in(work, call, queue, (await work.session.execute(campaign)).scalar_one_or_none())
    await find_phase(work, call)


async def stop_waiting(work: Work, call: Call, outcome: LegOutcome) -> None:
    """The caller was answered, gave up, or left the queue without either."""
    await leave_queue(work, call, outcome)
    await find_phase(work, call)


async def go_outside(work: Work, call: Call, number: str) -> None:
    """The caller talks with somebody who is no agent."""
    if call.phase is not CallPhase.ENDED:
        await talk_outside(work, call, number)
        await find_phase(work, call)


async def come_back(work: Work, call: Call) -> None:
    """The caller no longer talks with somebody outside."""
    await come_back_from_outside(work, call)
    await find_phase(work, call)

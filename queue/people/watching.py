"""What nobody sees happen to an agent: the last screen is gone, a pause goes past its limit. Supervisors are told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select

from ...models.people.agent import Agent, CallState, PauseReason, State
from ...models.people.presence import is_gone
from ...models.rows.person import person_row
from ...realtime.events import AgentGone, AgentOverran
from ..work import Work
from .agents import lock_agent, sign_out


async def sign_off(work: Work, user_id: int) -> None:
    """This agent surely had no screen for a while: the open case is left, DESCONECTADO.

    Asked again under the lock, because a screen may have come back while we waited for it. Supervisors are told, and
    the agent is at the next sign-in: which case was released, and when.
    """
    agent = await lock_agent(work, user_id)
    if not await work.session.scalar(select(Agent.user_id).where(Agent.user_id == user_id, is_gone())):
        return
    number = agent.case_number
    if number is not None:
        agent.released_case, agent.released_at = number, work.now
    await sign_out(work, user_id)
    work.tell(AgentGone(at=work.now, agent=await person_row(work.session, user_id), case_number=number))
    await work.audit("agent.gone", f"user:{user_id}", case=number)


def past_limit() -> ColumnElement[bool]:
    """Agents whose pause is past the limit of its reason, which nobody was told yet."""
    ends = Agent.since + func.make_interval(0, 0, 0, 0, 0, 0, PauseReason.limit_seconds)
    over = exists().where(PauseReason.id == Agent.reason_id, ends <= func.clock_timestamp())
    return and_(Agent.state == State.PAUSED, Agent.call == CallState.NONE, Agent.overran_at.is_(None), over)


async def tell_overrun(work: Work, user_id: int) -> None:
    """A pause is past its limit: the agent and the supervisors are told, once for each pause."""
    agent = await lock_agent(work, user_id)
    reason = await work.session.get(PauseReason, agent.reason_id or 0)
    limit = timedelta(seconds=reason.limit_seconds or 0) if reason else None
    if agent.state is not State.PAUSED or agent.overran_at is not None or not limit or agent.since + limit > work.now:
        return
    agent.overran_at = work.now
    await work.session.flush()
    work.tell(AgentOverran(at=work.now, agent=await person_row(work.session, user_id)))


async def forget_released(work: Work, user_id: int) -> None:
    """The agent was told which case was released."""
    agent = await lock_agent(work, user_id)
    agent.released_case = agent.released_at = None

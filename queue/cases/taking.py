"""Taking a case, leaving it, and giving the next one.

A case is taken by one conditional UPDATE: of two agents who press Atender, one gets it and the other is told who has
it (S2-16, X9). Looking (GET) never takes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from ...models.campaigns.campaign import AssignmentMode, Campaign, CampaignAgent
from ...models.cases.case import Case, CaseStatus
from ...models.people.agent import Agent, State
from ...models.people.user import User
from ...models.permissions import Permission, may
from ...models.refused import (
    N_,
    BusyWithCase,
    CaseClosed,
    CaseTaken,
    NotAllowed,
    NotFound,
    NotHolder,
)
from ...models.rows.case import case_row
from ...models.rows.values import CaseRow
from ...realtime.events import CaseAssigned, CaseOpened
from ..people.agents import after_case, change_state, let_go, lock_agent
from ..work import Work
from .next_case import take_next


async def open_case(work: Work, number: int) -> CaseRow:
    """Open a case to work on it: the agent holds it and is EN GESTIÓN (S0-08, S3-03). Opening it again changes nothing.

    Raises NotFound, NotAllowed (the campaign is not the agent's, or only a supervisor assigns its cases), BusyWithCase,
    CaseClosed, CaseTaken (with `holder`).
    """
    agent = await lock_agent(work, work.me)
    if agent.case_number == number:
        return await case_row(work.session, number, work.now)
    if agent.case_number is not None:
        raise BusyWithCase(number=agent.case_number)
    return await _take(work, agent, number, by_call=False)


async def open_for_call(work: Work, agent: Agent, number: int) -> CaseRow | None:
    """Open the case of a call the agent answered, whoever it is assigned to; None when somebody has it open.

    A case the agent had open is left first: the person on the line comes before it.
    """
    if agent.case_number == number:
        return await case_row(work.session, number, work.now)
    if agent.case_number is not None:
        await let_go(work, agent)
    try:
        return await _take(work, agent, number, by_call=True)
    except (CaseTaken, CaseClosed):
        return None


async def leave_case(work: Work, number: int) -> CaseRow:
    """Go out of a case without closing it: EN ESPERA, or the pause that was asked for (S3-27, S3-28)."""
    agent = await lock_agent(work, work.me)
    if agent.case_number != number:
        raise NotHolder(number=number)
    row = await let_go(work, agent)
    await after_case(work, agent)
    return row


async def open_next(work: Work, agent: Agent, *, besides: int | None = None) -> CaseRow | None:
    """Give the agent the next case; None when there is none (S0-16, S0-19).

    The agent's own due and assigned cases come first, then free ones of campaigns with self-assignment, each in the
    order of X2.
    """
    taken = await take_next(work.session, agent.user_id, work.now, besides)
    return await _opened(work, agent, taken.number, new=taken.new) if taken else None


async def _take(work: Work, agent: Agent, number: int, *, by_call: bool) -> CaseRow:
    case = await work.session.get(Case, number)
    if case is None:
        raise NotFound
    if not by_call:
        await _check_allowed(work, agent, case)
    statement = update(Case).where(Case.number == number, _takeable(work, agent, by_call=by_call))
    values: dict[str, Any] = {"holder_id": agent.user_id, "held_at": work.now, "version": Case.version + 1}
    # A call opens cases of other campaigns too. They stay free: the agent's lists would never show them again.
    taken = case.agent_id is None and (not by_call or await _sees_campaign(work, agent, case.campaign_id))
    if taken:
        values |= {"agent_id": agent.user_id, "assigned_at": work.now, "assigned_by": agent.user_id}
    if (await work.session.execute(statement.values(**values).returning(Case.number))).scalar_one_or_none() is None:
        raise await why_not_taken(work, number)
    return await _opened(work, agent, number, new=taken)


async def _opened(work: Work, agent: Agent, number: int, *, new: bool) -> CaseRow:
    """Tell of a case that was taken, and let its agent handle it; `new` when it became the agent's own."""
    row = await case_row(work.session, number, work.now)
    agent.case_number = number  # written with the state
    agent.released_case = agent.released_at = None  # who works again needs no word of it
    if new:
        work.tell(CaseAssigned(at=work.now, case=row, by=work.actor.named))
    work.tell(CaseOpened(at=work.now, case=row, by=work.actor.named))
    await change_state(work, agent, State.HANDLING)
    return row


def _takeable(work: Work, agent: Agent, *, by_call: bool) -> ColumnElement[bool]:
    """Nobody has it open, it is not closed, and it is free or the agent's own."""
    free = and_(Case.holder_id.is_(None), Case.status != CaseStatus.CLOSED)
    if by_call or may(work.actor.role, Permission.SEE_ALL_CASES):
        return free
    return and_(free, or_(Case.agent_id.is_(None), Case.agent_id == agent.user_id))


async def _sees_campaign(work: Work, agent: Agent, campaign_id: int) -> bool:
    role = (await work.session.execute(select(User.role).where(User.id == agent.user_id))).scalar_one()
    works_there = CampaignAgent.campaign_id == campaign_id, CampaignAgent.user_id == agent.user_id
    there = select(CampaignAgent.user_id).where(*works_there)
    return may(role, Permission.SEE_ALL_CASES) or (await work.session.execute(there)).first() is not None


async def _check_allowed(work: Work, agent: Agent, case: Case) -> None:
    """Whether it is the agent's own case, or one of the agent's campaigns that may be taken.

    Raises NotFound, NotAllowed.
    """
    if may(work.actor.role, Permission.SEE_ALL_CASES) or case.agent_id == agent.user_id:
        return
    works_there = select(Campaign.assignment_mode).join(CampaignAgent, CampaignAgent.campaign_id == Campaign.id)
    mine = works_there.where(Campaign.id == case.campaign_id, CampaignAgent.user_id == agent.user_id)
    mode = (await work.session.execute(mine)).scalar_one_or_none()
    if mode is None:
        raise NotFound
    if mode is AssignmentMode.DIRECTED and case.agent_id is None:
        raise NotAllowed(sentence=N_("En esta campaña los casos los asigna el supervisor."))


async def why_not_taken(work: Work, number: int) -> Exception:
    """The refusal that says why a conditional UPDATE changed no row."""
    statement = (
        select(Case.status, Case.holder_id, Case.held_at, User.id, User.name)
        .outerjoin(User, User.id == func.coalesce(Case.holder_id, Case.agent_id))
        .where(Case.number == number)
    )
    found = (await work.session.execute(statement)).one_or_none()
    if found is None:
        return NotFound()
    if found.status == CaseStatus.CLOSED:
        return CaseClosed(number=number)
    since = found.held_at.isoformat() if found.holder_id and found.held_at else None
    return CaseTaken(holder=found.name or "", extra={"holder": {"id": found.id, "name": found.name, "since": since}})

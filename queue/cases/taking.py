"""Taking a case, leaving it, giving the next one, closing it for good.

A case is claimed by one conditional UPDATE: of two agents who press Atender, one gets it and the other is told who has
it (S2-16, X9). Looking (GET) never claims.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import AssignmentMode, Campaign, CampaignAgent
from ...models.cases.case import Case, CaseStatus
from ...models.cases.priorities import Priority
from ...models.locking import lock
from ...models.people.agent import Agent, State
from ...models.people.user import User
from ...models.permissions import Permission, may
from ...models.refused import (
    N_,
    AlreadyExists,
    BusyWithCase,
    CaseClosed,
    CaseTaken,
    NotAllowed,
    NotFound,
    NotHolder,
    Stale,
)
from ...models.rows.case import case_row
from ...models.rows.values import CaseRow
from ...realtime.events import CaseAssigned, CaseMoved, CaseOpened
from ...realtime.events import CaseClosed as CaseClosedEvent
from ..people.agents import after_case, change_state, let_go, lock_agent
from ..work import Work
from .appointments import take_back
from .next_case import take_next


async def open_case(work: Work, number: int) -> CaseRow:
    """Open a case to work it: it is held, the agent is EN GESTIÓN (S0-08, S3-03). Opening it twice is opening it once.

    Raises NotFound, NotAllowed (another campaign, or only a supervisor gives its cases), BusyWithCase, CaseClosed,
    CaseTaken (with `holder`).
    """
    agent = await lock_agent(work, _me(work))
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
    """Go out of a case without closing it: EN ESPERA, or the pause that was asked (S3-27, S3-28)."""
    agent = await lock_agent(work, _me(work))
    if agent.case_number != number:
        raise NotHolder(number=number)
    row = await let_go(work, agent)
    await after_case(work, agent)
    return row


async def open_next(work: Work, agent: Agent, *, besides: int | None = None) -> CaseRow | None:
    """Give the agent the next case: his own due and assigned ones, then free ones of campaigns with self-assignment,
    each in the order of X2 (S0-16, S0-19). None when there is none."""
    taken = await take_next(work.session, agent.user_id, work.now, besides)
    return await _opened(work, agent, taken.number, new=taken.new) if taken else None


async def close_for_good(work: Work, number: int) -> CaseRow:
    """*Cerrar caso*: irreversible (S3-24, S3-25). By its holder, or by a supervisor when nobody has it open."""
    agent = await lock_agent(work, _me(work))
    mine = agent.case_number == number
    if not mine and not may(work.actor.role, Permission.SEE_ALL_CASES):
        raise NotHolder(number=number)
    free = or_(Case.holder_id.is_(None), Case.holder_id == agent.user_id)
    closing = update(Case).where(Case.number == number, Case.status != CaseStatus.CLOSED, free)
    values = closed_values(work) | {"final": True}
    if (await work.session.execute(closing.values(**values).returning(Case.number))).scalar_one_or_none() is None:
        raise await why_not_taken(work, number)
    await take_back(work, number)
    row = await case_row(work.session, number, work.now)
    work.tell(CaseClosedEvent(at=work.now, case=row, by=work.actor.named))
    await work.audit("case.closed", f"case:{number}")
    if mine:
        agent.case_number = None
        await after_case(work, agent)
    return row


def closed_values(work: Work) -> dict[str, Any]:
    """What a closed case's columns become."""
    return {
        "status": CaseStatus.CLOSED,
        "closed_at": work.now,
        "closed_by": work.actor.id,
        "holder_id": None,
        "held_at": None,
        "due_at": None,
        "due_agent_id": None,
        "version": Case.version + 1,
    }


async def reopen_case(work: Work, number: int) -> CaseRow:
    """Take back the end of a gestión (S1-32): the case is open again, for who finished it or a supervisor.

    Raises CaseClosed for a case closed for good (S3-25), AlreadyExists when the customer has a newer open case there.
    """
    case = await lock(work.session, Case, number)
    if case.status is not CaseStatus.CLOSED:
        raise NotFound
    if case.final:
        raise CaseClosed(number=number)
    if case.closed_by != work.actor.id and not may(work.actor.role, Permission.SEE_ALL_CASES):
        raise NotAllowed
    twin = select(Case.number).where(
        Case.campaign_id == case.campaign_id,
        Case.customer_id == case.customer_id,
        func.coalesce(Case.account_id, 0) == (case.account_id or 0),
        Case.status != CaseStatus.CLOSED,
    )
    newer = (await work.session.execute(twin)).scalar_one_or_none()
    if newer is not None:
        raise AlreadyExists(name=str(newer))
    values = {"status": CaseStatus.OPEN, "closed_at": None, "closed_by": None, "version": Case.version + 1}
    await work.session.execute(update(Case).where(Case.number == number).values(**values))
    row = await case_row(work.session, number, work.now)
    work.tell(CaseMoved(at=work.now, case=row, by=work.actor.named))
    await work.audit("case.reopened", f"case:{number}")
    return row


async def change_case(work: Work, number: int, version: int | None, changes: dict[str, Any]) -> None:
    """Change priority or description, or set a case aside and take it up again (S2-11, S3-31, S3-33).

    Raises NotFound, CaseClosed, Stale (with both values).
    """
    case = await lock(work.session, Case, number)
    if case.status is CaseStatus.CLOSED:
        raise CaseClosed(number=number)
    wanted = {name: value for name, value in changes.items() if value is not None}
    if version is not None and version != case.version:
        stored = {"priority": Priority.of_rank(case.priority), "status": case.status, "description": case.description}
        raise Stale(extra={"version": case.version, "stored": stored, "yours": wanted})
    if "priority" in wanted:
        case.priority = Priority(wanted["priority"]).rank
    if "status" in wanted:
        case.status = CaseStatus(wanted["status"])
    if "description" in wanted:
        case.description = wanted["description"]
    case.version += 1
    await work.session.flush()
    row = await case_row(work.session, number, work.now)
    work.tell(CaseMoved(at=work.now, case=row, by=work.actor.named))


async def may_see(session: AsyncSession, campaigns: tuple[int, ...] | None, number: int, me: int) -> Case:
    """The case, for one who sees these campaigns (none = all), has it assigned or has it open.

    Raises NotFound: that it exists is not told.
    """
    case = await session.get(Case, number)
    if case is None:
        raise NotFound
    if campaigns is not None and case.campaign_id not in campaigns and me not in (case.agent_id, case.holder_id):
        raise NotFound
    return case


async def _take(work: Work, agent: Agent, number: int, *, by_call: bool) -> CaseRow:
    case = await work.session.get(Case, number)
    if case is None:
        raise NotFound
    if not by_call:
        await _check_allowed(work, agent, case)
    statement = update(Case).where(Case.number == number, _takeable(work, agent, by_call=by_call))
    values: dict[str, Any] = {"holder_id": agent.user_id, "held_at": work.now, "version": Case.version + 1}
    # A call opens cases of other campaigns too; they stay free, since the agent's lists would never show them again.
    taken = case.agent_id is None and (not by_call or await _sees_campaign(work, agent, case.campaign_id))
    if taken:
        values |= {"agent_id": agent.user_id, "assigned_at": work.now, "assigned_by": agent.user_id}
    if (await work.session.execute(statement.values(**values).returning(Case.number))).scalar_one_or_none() is None:
        raise await why_not_taken(work, number)
    return await _opened(work, agent, number, new=taken)


async def _opened(work: Work, agent: Agent, number: int, *, new: bool) -> CaseRow:
    """Tell of a case that was taken, and let its agent handle it; `new` when it became his own."""
    row = await case_row(work.session, number, work.now)
    agent.case_number = number  # written with his state
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
    """His own case, or one of his campaigns that he may take. Raises NotFound, NotAllowed."""
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
    """The refusal that says why a conditional update touched nothing."""
    statement = (
        select(Case.status, Case.holder_id, Case.held_at, User.id, User.name)
        .outerjoin(User, User.id == func.coalesce(Case.holder_id, Case.agent_id))
        .where(Case.number == number)
    )
    found = (await work.session.execute(statement)).one_or_none()
    if found is None:
        return NotFound()
    status, holder_id, held_at, user_id, name = found
    if status == CaseStatus.CLOSED:
        return CaseClosed(number=number)
    holder = {"id": user_id, "name": name, "since": held_at.isoformat() if holder_id and held_at else None}
    return CaseTaken(holder=name or "", extra={"holder": holder})


def _me(work: Work) -> int:
    assert work.actor.id is not None, "a person acts here"
    return work.actor.id

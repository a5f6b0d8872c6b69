"""Closing a case for good, and taking back the end of a gestión (X1, S1-32, S3-24, S3-25)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select, update

from ...models.cases.case import Case, CaseStatus
from ...models.locking import lock
from ...models.permissions import Permission, may
from ...models.refused import AlreadyExists, CaseClosed, NotAllowed, NotFound, NotHolder
from ...models.rows.case import case_row
from ...models.rows.values import CaseRow
from ...realtime.events import CaseClosed as CaseClosedEvent
from ...realtime.events import CaseMoved
from ..people.agents import after_case, lock_agent
from ..work import Work
from .appointments import cancel
from .taking import why_not_taken


async def close_for_good(work: Work, number: int) -> CaseRow:
    """*Cerrar caso*: irreversible (S3-24, S3-25). By its holder, or by a supervisor when nobody has it open."""
    agent = await lock_agent(work, work.me)
    mine = agent.case_number == number
    if not mine and not may(work.actor.role, Permission.SEE_ALL_CASES):
        raise NotHolder(number=number)
    free = or_(Case.holder_id.is_(None), Case.holder_id == agent.user_id)
    closing = update(Case).where(Case.number == number, Case.status != CaseStatus.CLOSED, free)
    values = closed_values(work) | {"final": True}
    if (await work.session.execute(closing.values(**values).returning(Case.number))).scalar_one_or_none() is None:
        raise await why_not_taken(work, number)
    await cancel(work, number)
    row = await case_row(work.session, number, work.now)
    work.tell(CaseClosedEvent(at=work.now, case=row, by=work.actor.named))
    await work.audit("case.closed", f"case:{number}")
    if mine:
        agent.case_number = None
        await after_case(work, agent)
    return row


async def reopen_case(work: Work, number: int) -> CaseRow:
    """Take back the end of a gestión (S1-32): who finished it, or a supervisor, opens the case again.

    Raises CaseClosed for a case closed for good (S3-25), AlreadyExists when the customer has a newer open case there.
    """
    case = await lock(work.session, Case, number)
    if case.status is not CaseStatus.CLOSED:
        raise NotFound
    if case.final:
        raise CaseClosed(number=number)
    if case.closed_by != work.actor.id and not may(work.actor.role, Permission.SEE_ALL_CASES):
        raise NotAllowed
    newer = await _open_in_its_place(work, case)
    if newer is not None:
        raise AlreadyExists(name=str(newer))
    values = {"status": CaseStatus.OPEN, "closed_at": None, "closed_by": None, "version": Case.version + 1}
    await work.session.execute(update(Case).where(Case.number == number).values(**values))
    row = await case_row(work.session, number, work.now)
    work.tell(CaseMoved(at=work.now, case=row, by=work.actor.named))
    await work.audit("case.reopened", f"case:{number}")
    return row


async def _open_in_its_place(work: Work, case: Case) -> int | None:
    """The open case that the same customer (and account) has in the campaign by now."""
    twin = select(Case.number).where(
        Case.campaign_id == case.campaign_id,
        Case.customer_id == case.customer_id,
        func.coalesce(Case.account_id, 0) == (case.account_id or 0),
        Case.status != CaseStatus.CLOSED,
    )
    return (await work.session.execute(twin)).scalar_one_or_none()


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

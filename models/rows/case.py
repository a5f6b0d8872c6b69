"""Builds rows of cases: a few queries for any number of them, never one query for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..campaigns.campaign import AssignmentMode, Campaign, ResultNode
from ..cases.case import Case, CaseStatus
from ..cases.order import why
from ..cases.priorities import Priority
from ..contact.pressure import PressureRule
from ..customers.customer import Account, Customer
from ..people.user import User
from ..refused import NotFound
from .contacts import Contacts, contacts_of
from .customer import customer_ref, last_contact
from .pressure import pressure_of
from .refused_media import ASKED_NOT_TO, Asked, coming_refusals
from .values import AccountRow, CaseCampaign, CaseRow, HolderRef, Named, RefusalRow

_agent, _giver, _holder = (aliased(User, name=name) for name in ("agent", "giver", "holder"))


class _Found(NamedTuple):
    """What `_ROWS` finds of one case. `agent`, `giver` and `holder` are names of people."""

    case: Case
    customer: Customer
    account: Account | None
    campaign: str
    assignment_mode: AssignmentMode
    pressure: dict[str, Any]
    rule_pack_id: int | None
    time_zone: str | None
    agent: str | None
    giver: str | None
    holder: str | None
    result: str | None


# What a work changed by UPDATE must be read again (populate_existing), not taken from the session's memory.
_ROWS = (
    select(
        Case,
        Customer,
        Account,
        Campaign.name,
        Campaign.assignment_mode,
        Campaign.pressure,
        Campaign.rule_pack_id,
        Campaign.time_zone,
        _agent.name,
        _giver.name,
        _holder.name,
        ResultNode.name,
    )
    .join(Campaign, Campaign.id == Case.campaign_id)
    .join(Customer, Customer.id == Case.customer_id)
    .outerjoin(Account, Account.id == Case.account_id)
    .outerjoin(_agent, _agent.id == Case.agent_id)
    .outerjoin(_giver, _giver.id == Case.assigned_by)
    .outerjoin(_holder, _holder.id == Case.holder_id)
    .outerjoin(ResultNode, ResultNode.id == Case.last_result_id)
    .where(Case.number.in_(bindparam("numbers", expanding=True)))
    .execution_options(populate_existing=True)
)


async def case_row(session: AsyncSession, number: int, now: datetime) -> CaseRow:
    """The row of one case as it is in this transaction. Raises NotFound."""
    rows = await case_rows(session, [number], now)
    if not rows:
        raise NotFound
    return rows[0]


async def case_rows(session: AsyncSession, numbers: Sequence[int], now: datetime) -> list[CaseRow]:
    """The rows of these cases, in this order; numbers that do not exist are left out."""
    if not numbers:
        return []
    rows = [_Found._make(row) for row in await session.execute(_ROWS, {"numbers": list(numbers)})]
    contacts = await contacts_of(session, {found.case.customer_id for found in rows}, now)
    coming = await coming_refusals(session, [_asked(found) for found in rows], contacts.attempts, now)
    built = {
        found.case.number: _row(found, contacts, _refusals(found.case, coming, contacts.closed), now) for found in rows
    }
    return [built[number] for number in dict.fromkeys(numbers) if number in built]


async def customer_case_rows(session: AsyncSession, customer_id: int, now: datetime) -> list[CaseRow]:
    """Rows of a customer's cases that are not closed: those that pressure and corrections show on."""
    statement = select(Case.number).where(Case.customer_id == customer_id, Case.status != CaseStatus.CLOSED)
    numbers = (await session.execute(statement.order_by(Case.number))).scalars().all()
    return await case_rows(session, numbers, now)


async def newest_case_rows(session: AsyncSession, customer_id: int, most: int, now: datetime) -> list[CaseRow]:
    """Rows of a customer's cases, closed ones too: at most so many, the newest first."""
    statement = select(Case.number).where(Case.customer_id == customer_id)
    numbers = (await session.scalars(statement.order_by(Case.number.desc()).limit(most))).all()
    return await case_rows(session, numbers, now)


def _refusals(
    case: Case, coming: Mapping[int, dict[str, RefusalRow]], closed: Mapping[int, set[str]]
) -> dict[str, RefusalRow]:
    """By medium: what the rules refuse, and what the customer closed, which goes before it."""
    return coming.get(case.number, {}) | dict.fromkeys(closed.get(case.customer_id, ()), ASKED_NOT_TO)


def _asked(found: _Found) -> Asked:
    case = found.case
    pack_id = None if case.status == CaseStatus.CLOSED else found.rule_pack_id
    return Asked(case.number, case.customer_id, pack_id, (found.customer.time_zone, found.time_zone))


def _row(found: _Found, contacts: Contacts, refusals: Mapping[str, RefusalRow], now: datetime) -> CaseRow:
    case, customer, account = found.case, found.customer, found.account
    rule, attempts = PressureRule.of(found.pressure), contacts.attempts.get(customer.id, {})
    closed = case.status == CaseStatus.CLOSED
    held_by_other = case.holder_id is not None and case.holder_id != case.agent_id
    return CaseRow(
        number=case.number,
        version=case.version,
        status=case.status.value,
        final=case.final,
        campaign=_campaign_of(found),
        customer=customer_ref(customer),
        phones=contacts.phones.get(customer.id, []),
        account=AccountRow.model_validate(account) if account else None,
        service_state=case.service_state.value,
        agent=Named(id=case.agent_id, name=found.agent or "") if case.agent_id else None,
        assigned_at=case.assigned_at,
        assigned_by=found.giver,
        holder=_holder_of(case, found.holder),
        priority=Priority.of_rank(case.priority).value,
        pressure=pressure_of(rule, attempts, refusals, now),
        next_contact_at=case.due_at,
        next_contact_agent_id=case.due_agent_id,
        last_contact=last_contact(customer),
        rotated_at=case.last_contact_at,
        last_result=found.result,
        next_phone=case.next_phone,
        why=why(case.due_at, case.last_contact_at, case.next_phone, held_by_other, closed, now).value,
        created_at=case.created_at,
        closed_at=case.closed_at,
    )


def _campaign_of(found: _Found) -> CaseCampaign:
    mode, priority = found.assignment_mode.value, found.case.campaign_priority
    return CaseCampaign(id=found.case.campaign_id, name=found.campaign, priority=priority, assignment_mode=mode)


def _holder_of(case: Case, name: str | None) -> HolderRef | None:
    if case.holder_id is None or case.held_at is None:
        return None
    return HolderRef(id=case.holder_id, name=name or "", since=case.held_at)

"""Builds rows of cases: a few set-based queries for any number of them, never one per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..models.campaign import Campaign, ResultNode
from ..models.case import Case, CaseStatus, ContactAttempt, Priority
from ..models.case_order import why
from ..models.customer import Account, Channel, ContactKind, ContactPoint, Customer, DoNotContact
from ..models.phones import show_phone
from ..models.pressure import PressureRule, level
from ..models.refused import NotFound
from ..models.user import User
from .contact_refusals import ASKED_NOT_TO, Asked, coming_refusals, refused_now
from .rows import (
    AccountRow,
    CampaignRef,
    CaseRow,
    Contact,
    CustomerRef,
    HolderRef,
    Medium,
    Named,
    PhoneRow,
    Pressure,
    RefusalRow,
)

_LONGEST_WINDOW = timedelta(days=60)
_PHONES = [kind for kind in ContactKind if kind.is_phone]

_agent, _giver, _holder = aliased(User), aliased(User), aliased(User)
_ROWS = (
    select(
        Case,
        Campaign.name,
        Campaign.pressure,
        Customer,
        Account,
        _agent.name,
        _giver.name,
        _holder.name,
        ResultNode.name,
        Campaign.rule_pack_id,
        Campaign.time_zone,
    )
    .join(Campaign, Campaign.id == Case.campaign_id)
    .join(Customer, Customer.id == Case.customer_id)
    .outerjoin(Account, Account.id == Case.account_id)
    .outerjoin(_agent, _agent.id == Case.agent_id)
    .outerjoin(_giver, _giver.id == Case.assigned_by)
    .outerjoin(_holder, _holder.id == Case.holder_id)
    .outerjoin(ResultNode, ResultNode.id == Case.last_result_id)
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
    # What a work changed by UPDATE must be read again, not taken from the session's memory.
    statement = _ROWS.where(Case.number.in_(numbers)).execution_options(populate_existing=True)
    found = {row[0].number: tuple(row) for row in await session.execute(statement)}
    customers = {row[0].customer_id for row in found.values()}
    phones = await phone_rows(session, customers)
    attempts = await attempts_of(session, customers, now)
    forbidden = await closed_media(session, customers)
    coming = await coming_refusals(session, [_asked(row) for row in found.values()], attempts, now)
    refusals = {
        n: coming.get(n, {}) | dict.fromkeys(forbidden.get(row[0].customer_id, ()), ASKED_NOT_TO)
        for n, row in found.items()
    }
    return [_row(found[n], phones, attempts, refusals[n], now) for n in dict.fromkeys(numbers) if n in found]


async def customer_case_rows(session: AsyncSession, customer_id: int, now: datetime) -> list[CaseRow]:
    """Rows of a customer's cases that are not closed: those that pressure and corrections show on."""
    statement = select(Case.number).where(Case.customer_id == customer_id, Case.status != CaseStatus.CLOSED)
    numbers = (await session.execute(statement.order_by(Case.number))).scalars().all()
    return await case_rows(session, numbers, now)


def pressure_of(
    rule: PressureRule,
    attempts: Mapping[Channel, Sequence[datetime]],
    refusals: Mapping[str, RefusalRow],
    now: datetime,
) -> Pressure:
    """Contact pressure at `now` under one campaign's rule (S2-24, S2-25), with what is refused."""
    since = rule.since(now)
    media: dict[str, Medium] = {}
    for channel in Channel:
        times = [at for at in attempts.get(channel, ()) if at > since]
        limits = rule.thresholds(channel)
        media[channel] = Medium(count=len(times), level=level(len(times), limits), times=times, thresholds=limits)
    total = sum(medium.count for medium in media.values())
    worst = max(level(total, rule.total), *(medium.level for medium in media.values()))
    return Pressure(
        window_days=rule.window_days,
        total_thresholds=rule.total,
        call=media["call"],
        whatsapp=media["whatsapp"],
        sms=media["sms"],
        email=media["email"],
        total=total,
        level=worst,
        refused=refused_now(refusals, now),
        refusals=dict(refusals),
    )


def customer_ref(customer: Customer) -> CustomerRef:
    """A customer as a row names him."""
    document = f"{customer.document_type} {customer.document}".strip()
    return CustomerRef(id=customer.id, name=customer.full_name, document=document)


def last_contact(customer: Customer) -> Contact | None:
    """The last communication with a customer, whatever the campaign."""
    if customer.last_contact_at is None:
        return None
    return Contact(
        at=customer.last_contact_at,
        channel=customer.last_contact_channel or "",
        outcome=customer.last_contact_outcome or "",
    )


def _row(
    found: tuple[Any, ...],
    phones: Mapping[int, list[PhoneRow]],
    attempts: Mapping[int, Mapping[Channel, list[datetime]]],
    refusals: Mapping[str, RefusalRow],
    now: datetime,
) -> CaseRow:
    case, campaign_name, stored_rule, customer, account, agent, giver, holder, result, _pack, _zone = found
    closed = case.status == CaseStatus.CLOSED
    held_by_other = case.holder_id is not None and case.holder_id != case.agent_id
    return CaseRow(
        number=case.number,
        version=case.version,
        status=case.status.value,
        final=case.final,
        campaign=CampaignRef(id=case.campaign_id, name=campaign_name, priority=case.campaign_priority),
        customer=customer_ref(customer),
        phones=phones.get(customer.id, []),
        account=AccountRow.model_validate(account) if account else None,
        service_state=case.service_state.value,
        agent=Named(id=case.agent_id, name=agent) if case.agent_id else None,
        assigned_at=case.assigned_at,
        assigned_by=giver,
        holder=HolderRef(id=case.holder_id, name=holder, since=case.held_at) if case.holder_id else None,
        priority=Priority.of_rank(case.priority).value,
        pressure=pressure_of(PressureRule.of(stored_rule), attempts.get(customer.id, {}), refusals, now),
        next_contact_at=case.due_at,
        next_contact_agent_id=case.due_agent_id,
        last_contact=last_contact(customer),
        rotated_at=case.last_contact_at,
        last_result=result,
        next_phone=case.next_phone,
        why=why(case.due_at, case.last_contact_at, case.next_phone, held_by_other, closed, now).value,
        created_at=case.created_at,
        closed_at=case.closed_at,
    )


def _asked(found: tuple[Any, ...]) -> Asked:
    case, customer = found[0], found[3]
    pack_id, zone = found[-2:]
    closed = case.status == CaseStatus.CLOSED
    return Asked(case.number, case.customer_id, None if closed else pack_id, (customer.time_zone, zone))


async def phone_rows(session: AsyncSession, customers: set[int]) -> dict[int, list[PhoneRow]]:
    """The phones of these customers, principal first, shown as the house's own region reads them."""
    region = session.info["region"]
    statement = (
        select(ContactPoint)
        .where(
            ContactPoint.customer_id.in_(customers), ContactPoint.kind.in_([ContactKind.MOBILE, ContactKind.LANDLINE])
        )
        .order_by(ContactPoint.customer_id, ContactPoint.position, ContactPoint.id)
        .execution_options(populate_existing=True)
    )
    rows: dict[int, list[PhoneRow]] = defaultdict(list)
    for point in (await session.execute(statement)).scalars():
        shown = show_phone(point.value, region)
        rows[point.customer_id].append(PhoneRow(id=point.id, kind=point.kind.value, value=point.value, shown=shown))
    return rows


async def attempts_of(
    session: AsyncSession, customers: set[int], now: datetime
) -> dict[int, dict[Channel, list[datetime]]]:
    """When these customers were contacted by each medium, as far back as any campaign's window goes."""
    statement = (
        select(ContactAttempt.customer_id, ContactAttempt.channel, ContactAttempt.at)
        .where(ContactAttempt.customer_id.in_(customers), ContactAttempt.at > now - _LONGEST_WINDOW)
        .order_by(ContactAttempt.at)
    )
    times: dict[int, dict[Channel, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for customer_id, channel, at in await session.execute(statement):
        times[customer_id][channel].append(at)
    return times


async def closed_media(session: AsyncSession, customers: set[int]) -> dict[int, set[str]]:
    """The media by which these customers asked not to be contacted."""
    statement = select(DoNotContact.customer_id, DoNotContact.channel).where(DoNotContact.customer_id.in_(customers))
    closed: dict[int, set[str]] = defaultdict(set)
    for customer_id, channel in await session.execute(statement):
        closed[customer_id] |= {channel.value} if channel else {c.value for c in Channel}
    return closed

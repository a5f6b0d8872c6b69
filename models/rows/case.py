"""Builds rows of cases: a few set-based queries for any number of them, never one per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    DateTime,
    Executable,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..campaigns.campaign import Campaign, ResultNode
from ..cases.case import Case, CaseStatus, ContactAttempt
from ..cases.order import why
from ..cases.priorities import Priority
from ..contact.channels import PHONES, Channel
from ..contact.pressure import PressureRule, level
from ..customers.customer import Account, ContactPoint, Customer, DoNotContact
from ..customers.phones import show_phone
from ..people.user import User
from ..refused import NotFound
from .refused_media import ASKED_NOT_TO, Asked, coming_refusals, refused_now
from .values import (
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
_NEVER = datetime.min.replace(tzinfo=UTC)

_agent, _giver, _holder = aliased(User), aliased(User), aliased(User)
# What a work changed by UPDATE must be read again (populate_existing), not taken from the session's memory.
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
    rows = await session.execute(_ROWS, {"numbers": list(numbers)})
    found = {row[0].number: tuple(row) for row in rows}
    customers = {row[0].customer_id for row in found.values()}
    phones, attempts, forbidden = await _about(session, _ALL_OF, customers, now)
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
        media[channel.value] = Medium(count=len(times), level=level(len(times), limits), times=times, thresholds=limits)
    total = sum(medium.count for medium in media.values())
    worst = max(level(total, rule.total), *(medium.level for medium in media.values()))
    return Pressure(
        window_days=rule.window_days,
        total_thresholds=rule.total,
        **media,
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
    return (await _about(session, _PHONES_OF, customers)).phones


async def attempts_of(
    session: AsyncSession, customers: set[int], now: datetime
) -> dict[int, dict[Channel, list[datetime]]]:
    """When these customers were contacted by each medium, as far back as any campaign's window goes."""
    return (await _about(session, _ATTEMPTS_OF, customers, now)).attempts


async def closed_media(session: AsyncSession, customers: set[int]) -> dict[int, set[str]]:
    """The media by which these customers asked not to be contacted."""
    return (await _about(session, _CLOSED_OF, customers)).closed


class _About(NamedTuple):
    """What rows of cases say of customers besides their names."""

    phones: dict[int, list[PhoneRow]]
    attempts: dict[int, dict[Channel, list[datetime]]]
    closed: dict[int, set[str]]


def _of(what: str, table: Any, *columns: Any) -> Select[Any]:
    """Rows of one kind about the `customers`: kind, customer, word, value, when, and two numbers to order them by."""
    named = zip(("word", "value", "at", "position", "id"), columns, strict=True)
    shown = [column.label(name) for name, column in named]
    kind = literal(what, String, literal_execute=True).label("what")
    return select(kind, table.customer_id, *shown).where(table.customer_id.in_(bindparam("customers", expanding=True)))


_NO_WORD, _NO_TIME, _NO_NUMBER = (cast(null(), a_type) for a_type in (String, DateTime(timezone=True), BigInteger))
_PHONES_OF = _of(
    "phone",
    ContactPoint,
    type_coerce(ContactPoint.kind, String),
    ContactPoint.value,
    _NO_TIME,
    ContactPoint.position,
    ContactPoint.id,
).where(ContactPoint.kind.in_(PHONES))
_ATTEMPTS_OF = _of(
    "attempt",
    ContactAttempt,
    type_coerce(ContactAttempt.channel, String),
    _NO_WORD,
    ContactAttempt.at,
    _NO_NUMBER,
    _NO_NUMBER,
).where(ContactAttempt.at > bindparam("since", type_=DateTime(timezone=True)))
_CLOSED_OF = _of(
    "closed",
    DoNotContact,
    type_coerce(DoNotContact.channel, String),
    _NO_WORD,
    _NO_TIME,
    _NO_NUMBER,
    _NO_NUMBER,
)
_ALL_OF = union_all(_PHONES_OF, _ATTEMPTS_OF, _CLOSED_OF)


async def _about(
    session: AsyncSession, statement: Executable, customers: set[int], now: datetime | None = None
) -> _About:
    about = _About(defaultdict(list), defaultdict(lambda: defaultdict(list)), defaultdict(set))
    given = {"customers": list(customers)} | ({"since": now - _LONGEST_WINDOW} if now else {})
    region = session.info["region"]
    rows = (await session.execute(statement, given)).all()
    for what, customer_id, word, value, at, _, number in sorted(rows, key=_in_order):
        if what == "phone":
            row = PhoneRow(id=number, kind=word, value=value, shown=show_phone(value, region))
            about.phones[customer_id].append(row)
        elif what == "attempt":
            about.attempts[customer_id][Channel(word)].append(at)
        else:
            about.closed[customer_id] |= {word} if word else {c.value for c in Channel}
    return about


def _in_order(row: Sequence[Any]) -> tuple[Any, ...]:
    what, _, _, _, at, position, number = row
    return what, at or _NEVER, position or 0, number or 0

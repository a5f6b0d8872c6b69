"""A case as its own screen shows it: the row, the whole customer, the history, the results to choose from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import create_model
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign, CampaignType, ResultNode
from ..cases.case import Appointment, Case, ContactAttempt, Disposition
from ..contact.channels import ContactKind
from ..customers.customer import Account, ContactPoint, Customer
from ..customers.field_types import shown_types
from ..customers.fields import CUSTOMER_FIELDS
from ..customers.phones import show_phone
from ..people.user import User
from .case import case_row, customer_ref
from .values import AccountRow, CaseRow, CustomerRef, Named, Row

MOST_HISTORY = 200


class ContactPointRow(Row):
    """One datum of contact; phones are also shown as the country reads them."""

    id: int
    version: int
    kind: str
    value: str
    shown: str
    label: str


_CustomerData = create_model("_CustomerData", __base__=Row, **shown_types(CUSTOMER_FIELDS))


class CustomerSheet(_CustomerData):  # the columns of the table of fields
    """All that is kept of a customer (S3-40…S3-45, S3-47, S3-63)."""

    id: int
    version: int
    name: str
    ref: CustomerRef
    time_zone: str | None
    custom: dict[str, Any]
    updated_at: datetime
    contact_points: list[ContactPointRow]
    accounts: list[AccountRow]


class HistoryRow(Row):
    """One earlier gestión or contact, by anybody (S0-11, S3-65). `kind` is disposition or attempt."""

    kind: str
    at: datetime
    agent: Named | None
    case_number: int | None
    result: str
    finished: bool
    observations: str
    channel: str | None
    value: str
    next_contact_at: datetime | None


class ResultRow(Row):
    """One result of the campaign's tree, with those below it."""

    id: int
    name: str
    action: str | None
    schedules: bool
    successful: bool
    colour: str
    children: list[ResultRow]


class AppointmentRow(Row):
    """The next contact that is promised."""

    id: int
    at: datetime
    agent: Named | None
    phone: str | None
    note: str


class CaseSheet(Row):
    """Everything the case screen shows."""

    row: CaseRow
    description: str
    campaign_type: str
    assignment_mode: str
    dials: bool
    customer: CustomerSheet
    history: list[HistoryRow]
    results: list[ResultRow]
    results_version: int
    appointment: AppointmentRow | None


# Built once: they run for every case that is opened, and putting one together takes as long as running it.
_WITH_CAMPAIGN = (
    select(Case, Campaign, CampaignType.name)
    .join(Campaign, Campaign.id == Case.campaign_id)
    .join(CampaignType, CampaignType.id == Campaign.type_id)
    .where(Case.number == bindparam("number"))
)
_CUSTOMER = select(Customer).where(Customer.id == bindparam("customer")).execution_options(populate_existing=True)
_ACCOUNTS = select(Account).where(Account.customer_id == bindparam("customer")).order_by(Account.id)
_POINTS = (
    select(ContactPoint)
    .where(ContactPoint.customer_id == bindparam("customer"))
    .order_by(ContactPoint.position, ContactPoint.id)
)
_DONE = (
    select(Disposition, User.name)
    .join(User, User.id == Disposition.agent_id)
    .where(Disposition.customer_id == bindparam("customer"))
    .order_by(Disposition.created_at.desc())
    .limit(MOST_HISTORY)
)
_TRIED = (
    select(ContactAttempt, User.name)
    .outerjoin(User, User.id == ContactAttempt.agent_id)
    .where(ContactAttempt.customer_id == bindparam("customer"))
    .order_by(ContactAttempt.at.desc())
    .limit(MOST_HISTORY)
)
_RESULTS = (
    select(ResultNode)
    .where(ResultNode.campaign_id == bindparam("campaign"), ResultNode.retired_at.is_(None))
    .order_by(ResultNode.position, ResultNode.id)
)
_PROMISED = (
    select(Appointment, User.name)
    .outerjoin(User, User.id == Appointment.agent_id)
    .where(
        Appointment.case_number == bindparam("number"),
        Appointment.done_at.is_(None),
        Appointment.cancelled_at.is_(None),
    )
)


async def case_sheet(session: AsyncSession, number: int, now: datetime) -> CaseSheet:
    """The whole screen of one case. Raises NotFound."""
    row = await case_row(session, number, now)
    case, campaign, kind = (await session.execute(_WITH_CAMPAIGN, {"number": number})).one()
    return CaseSheet(
        row=row,
        description=case.description,
        campaign_type=kind,
        assignment_mode=campaign.assignment_mode.value,
        dials=campaign.mode.dials,
        customer=await customer_sheet(session, case.customer_id),
        history=await history(session, case.customer_id),
        results=await result_rows(session, campaign.id),
        results_version=campaign.results_version,
        appointment=await _appointment(session, number),
    )


async def customer_sheet(session: AsyncSession, customer_id: int) -> CustomerSheet:
    """All that is kept of a customer. Raises NoResultFound for one that is not there."""
    customer = (await session.execute(_CUSTOMER, {"customer": customer_id})).scalar_one()
    accounts = await session.scalars(_ACCOUNTS, {"customer": customer_id})
    kept = {name: getattr(customer, name) for name in CustomerSheet.model_fields if hasattr(customer, name)}
    return CustomerSheet(
        **kept,
        name=customer.full_name,
        ref=customer_ref(customer),
        contact_points=await contact_point_rows(session, customer_id),
        accounts=[AccountRow.model_validate(account) for account in accounts],
    )


async def contact_point_rows(session: AsyncSession, customer_id: int) -> list[ContactPointRow]:
    """A customer's contact data, the principal first."""
    points = await session.scalars(_POINTS, {"customer": customer_id})
    return [contact_point_row(point, session.info["region"]) for point in points]


def contact_point_row(point: ContactPoint, region: str) -> ContactPointRow:
    """One datum as shown in `region`."""
    phone = ContactKind(point.kind).is_phone
    shown = show_phone(point.value, region) if phone else point.value
    return ContactPointRow(
        id=point.id, version=point.version, kind=point.kind.value, value=point.value, shown=shown, label=point.label
    )


async def history(session: AsyncSession, customer_id: int) -> list[HistoryRow]:
    """All gestiones and contacts of a customer, newest first."""
    region, whose = session.info["region"], {"customer": customer_id}
    rows = [_of_disposition(d, name) for d, name in await session.execute(_DONE, whose)]
    rows += [_of_attempt(a, name, region) for a, name in await session.execute(_TRIED, whose)]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:MOST_HISTORY]


async def result_rows(session: AsyncSession, campaign_id: int) -> list[ResultRow]:
    """The results an agent may choose, as a tree in their order (S0-22, S4-20)."""
    return _tree(list(await session.scalars(_RESULTS, {"campaign": campaign_id})), None)


def _tree(nodes: list[ResultNode], parent: int | None) -> list[ResultRow]:
    return [
        ResultRow(
            id=node.id,
            name=node.name,
            action=node.action.value if node.action else None,
            schedules=node.schedules,
            successful=node.successful,
            colour=node.colour,
            children=_tree(nodes, node.id),
        )
        for node in nodes
        if node.parent_id == parent
    ]


def _of_disposition(done: Disposition, agent: str) -> HistoryRow:
    return HistoryRow(
        kind="disposition",
        at=done.created_at,
        agent=Named(id=done.agent_id, name=agent),
        case_number=done.case_number,
        result=done.result_name,
        finished=done.finished,
        observations=done.observations,
        channel=None,
        value="",
        next_contact_at=done.next_contact_at,
    )


def _of_attempt(tried: ContactAttempt, agent: str | None, region: str) -> HistoryRow:
    value = show_phone(tried.value, region) if tried.value.startswith("+") else tried.value
    return HistoryRow(
        kind="attempt",
        at=tried.at,
        agent=Named(id=tried.agent_id, name=agent or "") if tried.agent_id else None,
        case_number=tried.case_number,
        result=tried.outcome,
        finished=False,
        observations="",
        channel=tried.channel.value,
        value=value,
        next_contact_at=None,
    )


async def _appointment(session: AsyncSession, number: int) -> AppointmentRow | None:
    found = (await session.execute(_PROMISED, {"number": number})).one_or_none()
    if found is None:
        return None
    appointment, name = found
    agent = Named(id=appointment.agent_id, name=name) if appointment.agent_id else None
    return AppointmentRow(
        id=appointment.id, at=appointment.at, agent=agent, phone=appointment.phone, note=appointment.note
    )

"""What a search of customers finds, as seen from one campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, TableValuedAlias, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from ...models.cases.case import Case, CaseStatus
from ...models.customers.customer import Account, Customer
from ...models.people.user import User
from ...models.rows.values import Row
from ..work import Work
from .filter import Filter, Place, Records, customers_where


class Search(BaseModel):
    """Which customers, seen from which campaign (id or name); `customers` narrows it to those ticked in the list.

    `agents` are whom they would be shared among.
    """

    model_config = ConfigDict(extra="forbid")
    campaign: int | str
    filters: list[Filter] = Field(default=[], max_length=30)
    records: Records = Records.ALL
    max: int | None = Field(default=None, ge=1, le=1_000_000)
    customers: list[int] | None = None
    agents: list[int] = Field(default=[], max_length=2_000)


class Found(Row):
    """A customer as the list of the search shows them: first account, case in the campaign and whose it is."""

    id: int
    name: str
    document: str
    city: str
    service_state: str | None
    balance: str | None
    case: int | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class TheirCase:
    """An unfinished case of a found customer."""

    number: int
    customer_id: int
    agent_id: int | None
    holder_id: int | None


async def matched(work: Work, campaign_id: int, asked: Search) -> list[int]:
    """Ids of the customers that pass the search, oldest first, never more than its maximum (S4-49)."""
    place = Place(campaign_id, work.house.region)
    statement = select(Customer.id).where(customers_where(asked.filters, asked.records, place))
    if asked.customers is not None:
        statement = statement.where(among(Customer.id, asked.customers))
    return list(await work.session.scalars(statement.order_by(Customer.id).limit(asked.max)))


async def cases_of(work: Work, campaign_id: int, customers: Sequence[int]) -> list[TheirCase]:
    """Their unfinished cases in the campaign."""
    return await _cases(work, _cases_of(campaign_id, customers))


async def lock_cases_of(
    work: Work, campaign_id: int, customers: Sequence[int], records: Records
) -> tuple[list[TheirCase], set[int]]:
    """Their unfinished cases that nobody works on, locked until the end of the work; and the customers to leave out.

    Left out is who has a case held open, being touched by another work at this moment, or no longer of the kind of
    records that was searched. Nobody is waited for, so this never blocks an agent nor meets one in a deadlock.
    """
    statement = _cases_of(campaign_id, customers)
    seen = await _cases(work, statement)
    locked = {case.number: case for case in await _cases(work, statement.with_for_update(of=Case, skip_locked=True))}
    left_out = {case.customer_id for case in seen if case.number not in locked}
    left_out |= {case.customer_id for case in locked.values() if case.holder_id is not None}
    if records is Records.UNASSIGNED:
        left_out |= {case.customer_id for case in locked.values() if case.agent_id is not None}
    return [case for case in locked.values() if case.customer_id not in left_out], left_out


async def examples(work: Work, campaign_id: int, customers: Sequence[int]) -> list[Found]:
    """Rows of these few customers."""
    theirs = aliased(Case)
    unfinished = theirs.campaign_id == campaign_id, theirs.status != CaseStatus.CLOSED
    case = select(func.min(theirs.number)).where(theirs.customer_id == Customer.id, *unfinished).scalar_subquery()
    statement = (
        select(Customer, Account, Case.number, User.name)
        .select_from(Customer)
        .outerjoin(Account, Account.id == first_account_of(Customer.id))
        .outerjoin(Case, Case.number == case)
        .outerjoin(User, User.id == Case.agent_id)
        .where(Customer.id.in_(customers))
        .order_by(Customer.sort_key, Customer.id)
    )
    return [_found(*row) for row in (await work.session.execute(statement))]


def first_account_of(customer: SQLColumnExpression[int]) -> ColumnElement[int]:
    """The account a customer had first, as a value in a statement."""
    account = aliased(Account)
    return select(func.min(account.id)).where(account.customer_id == customer).scalar_subquery()


def among(column: SQLColumnExpression[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """`column` is one of any number of ids.

    As one array it is looked up row by row whatever the planner believes; a join goes wrong by hours on a table that
    was filled a moment ago and has no statistics yet.
    """
    return column == any_(bindparam(None, list(ids), type_=ARRAY(BigInteger), unique=True))


def numbers_as_rows(**columns: Sequence[int | None]) -> TableValuedAlias:
    """Equally long columns of numbers as a table that a statement can join, in one parameter each."""
    kind = ARRAY(BigInteger)
    binds = [bindparam(None, list(values), type_=kind, unique=True) for values in columns.values()]
    return func.unnest(*binds).table_valued(*columns, name="given").render_derived()


def _cases_of(campaign_id: int, customers: Sequence[int]) -> Any:
    return (
        select(Case.number, Case.customer_id, Case.agent_id, Case.holder_id)
        .where(among(Case.customer_id, customers))
        .where(Case.campaign_id == campaign_id, Case.status != CaseStatus.CLOSED)
        .order_by(Case.number)
    )


async def _cases(work: Work, statement: Any) -> list[TheirCase]:
    return [TheirCase(*row) for row in await work.session.execute(statement)]


def _found(customer: Customer, account: Account | None, case: int | None, agent: str | None) -> Found:
    return Found(
        id=customer.id,
        name=customer.full_name,
        document=f"{customer.document_type} {customer.document}".strip(),
        city=customer.city,
        service_state=account.service_state if account else None,
        balance=str(account.balance) if account and account.balance is not None else None,
        case=case,
        agent=agent,
    )

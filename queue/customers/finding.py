"""Finding customers by name, document and phone (S0-27, S0-28, S4-93, S4-94)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.cases.case import Case, CaseStatus
from ...models.contact.channels import PHONES
from ...models.customers.customer import ContactPoint, Customer
from ...models.customers.phones import calling_code, read_phone
from ...models.customers.search import named, plan_for_the_words


def search(
    region: str, q: str = "", document: str = "", phone: str = "", mine: int | None = None
) -> ColumnElement[bool]:
    """Customers by name, document and phone, all of those given (S4-93); `mine` = only those assigned to this agent
    (S4-94). In `q` digits are a document or a phone, letters the beginnings of names (S0-27)."""
    wanted: list[ColumnElement[bool]] = []
    if q.strip():
        digits = "".join(ch for ch in q if ch.isdigit())
        by_words = named(q)
        wanted.append(or_(by_words, _has_phone(q, region)) if len(digits) >= 5 else by_words)
    if document.strip():
        wanted.append(Customer.document.startswith(document.strip(), autoescape=True))
    if phone.strip():
        wanted.append(_has_phone(phone, region))
    if mine is not None:
        wanted.append(
            exists().where(Case.customer_id == Customer.id, Case.agent_id == mine, Case.status != CaseStatus.CLOSED)
        )
    return and_(*wanted) if wanted else Customer.id.is_not(None)


async def find_customers(
    session: AsyncSession, wanted: ColumnElement[bool], after: tuple[str, int] | None, limit: int
) -> list[Customer]:
    """Customers in Spanish order of their names, after the key of the last one seen."""
    statement = select(Customer).where(wanted).order_by(Customer.sort_key, Customer.id).limit(limit)
    if after is not None:
        statement = statement.where(
            or_(Customer.sort_key > after[0], and_(Customer.sort_key == after[0], Customer.id > after[1]))
        )
    await plan_for_the_words(session)
    return list((await session.execute(statement)).scalars())


def _has_phone(raw: str, region: str) -> ColumnElement[bool]:
    """Whole numbers are matched as read; a beginning as it stands in E.164 or after the country."""
    phone = read_phone(raw, region)
    digits = "".join(ch for ch in raw if ch.isdigit())
    if phone is not None:
        match = ContactPoint.value == phone.value
    else:
        country = calling_code(region)
        match = or_(
            ContactPoint.value.startswith(f"+{digits}", autoescape=True),
            ContactPoint.value.startswith(f"+{country}{digits}", autoescape=True),
        )
    return exists().where(ContactPoint.customer_id == Customer.id, ContactPoint.kind.in_(PHONES), match)

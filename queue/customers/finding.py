"""Finding customers by name, document and phone (S0-27, S0-28, S4-93, S4-94)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.cases.case import Case, CaseStatus
from ...models.customers.customer import ContactPoint, Customer
from ...models.customers.search import LAST_DIGITS, named, plan_for_the_words, with_document, with_phone

MOST_OF_A_PHONE = 7  # digits that stand beside words


def search(
    region: str, q: str = "", document: str = "", phone: str = "", mine: int | None = None
) -> ColumnElement[bool]:
    """Customers by name, document and phone, all of those given (S4-93); `mine` = only those assigned to this agent
    (S4-94). In `q` digits are a document, a phone or its last digits, letters the beginnings of names
    (S0-27)."""
    wanted: list[ColumnElement[bool]] = []
    if q.strip():
        wanted.append(_by_number(q, region) if _may_be_phone(q) else named(q))
    if document.strip():
        wanted.append(with_document(document, region))
    if phone.strip():
        wanted.append(Customer.id.in_(select(ContactPoint.customer_id).where(with_phone(phone, region))))
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


def _by_number(q: str, region: str) -> ColumnElement[bool]:
    """Whose document or phone this is. Each is looked up by its own index, whatever the other finds."""
    points = select(ContactPoint.customer_id).where(with_phone(q, region))
    return Customer.id.in_(union(select(Customer.id).where(named(q)).correlate(None), points))


def _may_be_phone(q: str) -> bool:
    """Whether somebody may have typed a phone or its last digits: no words beside a few digits."""
    digits = sum(char.isdigit() for char in q)
    return digits >= (MOST_OF_A_PHONE if any(char.isalpha() for char in q) else LAST_DIGITS)

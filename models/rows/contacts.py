"""How customers can be reached and were reached: phones, contacts made, closed media.

All three come by one query for any number of customers, never by one query for each row of a list.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    DateTime,
    Executable,
    Row,
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

from ..cases.case import ContactAttempt
from ..contact.channels import PHONES, Channel
from ..customers.customer import ContactPoint, DoNotContact
from ..customers.phones import show_phone
from .values import PhoneRow

_LONGEST_WINDOW = timedelta(days=60)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Contacts(NamedTuple):
    """By customer: phones, the principal first; when they were contacted by each medium; media they closed."""

    phones: dict[int, list[PhoneRow]]
    attempts: dict[int, dict[Channel, list[datetime]]]
    closed: dict[int, set[str]]


async def contacts_of(session: AsyncSession, customers: set[int], now: datetime) -> Contacts:
    """All three of these customers, contacts as far back as any campaign's window goes."""
    return await _read(session, _ALL_OF, customers, now)


async def phone_rows(session: AsyncSession, customers: set[int]) -> dict[int, list[PhoneRow]]:
    """The phones of these customers, principal first, shown as the house's own region reads them."""
    return (await _read(session, _PHONES_OF, customers)).phones


async def attempts_of(
    session: AsyncSession, customers: set[int], now: datetime
) -> dict[int, dict[Channel, list[datetime]]]:
    """When these customers were contacted by each medium, as far back as any campaign's window goes."""
    return (await _read(session, _ATTEMPTS_OF, customers, now)).attempts


async def closed_media(session: AsyncSession, customers: set[int]) -> dict[int, set[str]]:
    """The media by which these customers asked not to be contacted."""
    return (await _read(session, _CLOSED_OF, customers)).closed


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


async def _read(
    session: AsyncSession, statement: Executable, customers: set[int], now: datetime | None = None
) -> Contacts:
    found = Contacts(defaultdict(list), defaultdict(lambda: defaultdict(list)), defaultdict(set))
    given = {"customers": list(customers)} | ({"since": now - _LONGEST_WINDOW} if now else {})
    region = session.info["region"]
    for row in sorted((await session.execute(statement, given)).all(), key=_in_order):
        if row.what == "phone":
            phone = PhoneRow(id=row.id, kind=row.word, value=row.value, shown=show_phone(row.value, region))
            found.phones[row.customer_id].append(phone)
        elif row.what == "attempt":
            found.attempts[row.customer_id][Channel(row.word)].append(row.at)
        else:
            found.closed[row.customer_id] |= {row.word} if row.word else {channel.value for channel in Channel}
    return found


def _in_order(row: Row[Any]) -> tuple[Any, ...]:
    return row.what, row.at or _NEVER, row.position or 0, row.id or 0

"""Finding customers by words: the condition, and how the database is to plan it."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, false, func, or_, text
from sqlalchemy.ext.asyncio import AsyncSession

from .customer import ContactPoint, Customer
from .documents import read_document, split_type
from .lines import line_of
from .names import prefix_query
from .phones import calling_code, read_phone
from .written import seen

LAST_DIGITS = 4  # so many digits find a phone by its end
_NUMBER_PARTS = re.compile(r"(?<=\d)[ .,'-]+(?=\d|[kK]\b)")  # within a document as people write it
_PLAN_EACH = text("SET LOCAL plan_cache_mode = force_custom_plan")


def named(words: str) -> ColumnElement[bool]:
    """Customers of whom each of these words begins a name, or the document in any spelling of it, with or without its
    type; none when there is no word in it."""
    query = prefix_query(_NUMBER_PARTS.sub("", split_type(words, "")[1]))
    return Customer.search.op("@@")(func.to_tsquery("simple", query)) if query else false()


def with_document(text: str, region: str) -> ColumnElement[bool]:
    """Customers whose document begins so, in any spelling; with a type in front, only those of it or of none."""
    try:
        kind, document = read_document("", text, region)
    except ValueError:
        return false()
    found = Customer.document.startswith(document, autoescape=True)
    return and_(found, Customer.document_type.in_((kind, ""))) if kind else found


def with_phone(raw: str, region: str) -> ColumnElement[bool]:
    """Contact points that are this phone: the whole line in any spelling, its beginning, or its last digits."""
    if phone := read_phone(raw, region):
        return ContactPoint.line == line_of(phone.value)
    digits = "".join(char for char in seen(raw) if char.isdigit())
    begins = [f"+{digits}", f"+{calling_code(region)}{digits}", digits] if digits else []
    matches = [ContactPoint.line.startswith(beginning, autoescape=True) for beginning in begins]
    if len(digits) >= LAST_DIGITS:
        matches.append(func.reverse(ContactPoint.line).startswith(digits[::-1], autoescape=True))
    return and_(ContactPoint.line.is_not(None), or_(false(), *matches))


async def plan_for_the_words(session: AsyncSession) -> None:
    """Until the end of the transaction, plan each statement for its own values.

    How many customers words match is anything from one to all. One plan for every search walks the whole order of
    names for somebody who is there once: 3 s among a million.
    """
    await session.execute(_PLAN_EACH)

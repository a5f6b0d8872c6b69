"""Finding customers by words: the condition, and how the database is to plan it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, func, text
from sqlalchemy.ext.asyncio import AsyncSession

from .customer import Customer
from .names import prefix_query

_PLAN_EACH = text("SET LOCAL plan_cache_mode = force_custom_plan")


def named(words: str) -> ColumnElement[bool]:
    """Customers of whom each of these words begins a name, or is the document; none when there is no word in it."""
    query = prefix_query(words)
    return Customer.search.op("@@")(func.to_tsquery("simple", query)) if query else false()


async def plan_for_the_words(session: AsyncSession) -> None:
    """Until the end of the transaction, plan each statement for its own values.

    How many customers words match is anything from one to all. One plan for every search walks the whole order of
    names for somebody who is there once: 3 s among a million.
    """
    await session.execute(_PLAN_EACH)

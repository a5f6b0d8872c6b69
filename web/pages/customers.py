"""A customer as their page shows them: data, cases, history."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.customers.customer import Customer
from ...models.refused import NotFound
from ...models.rows.campaign import campaigns_by_name
from ...models.rows.case import newest_case_rows
from ...models.rows.customer import customer_sheet
from ...models.rows.history import history
from ..shell import Shell

MOST_CASES = 50


async def gather_customer(session: AsyncSession, around: Shell, customer_id: int) -> dict[str, Any]:
    """What `customers/customer.html` needs besides `shell`; `campaigns` are those in which this person may open a case.

    Raises NotFound.
    """
    if await session.get(Customer, customer_id) is None:
        raise NotFound
    sheet = await customer_sheet(session, customer_id)
    past = await history(session, customer_id)
    return {
        "customer": sheet,
        "cases": await newest_case_rows(session, customer_id, MOST_CASES, around.now),
        "campaigns": await campaigns_by_name(session, around.viewer.campaign_ids),
        "browser": {
            "customer": sheet.model_dump(mode="json"),
            "history": [row.model_dump(mode="json") for row in past],
        },
    }

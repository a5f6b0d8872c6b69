"""A case and a customer as their pages show them. Looking claims nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case
from ...models.customers.customer import Customer
from ...models.refused import NotFound
from ...models.rows.case import case_rows
from ...models.rows.case_sheet import case_sheet, customer_sheet, history
from ...models.rows.values import Named
from ..shell import Shell

MOST_CASES = 50


async def case(session: AsyncSession, viewer_id: int, number: int, now: datetime) -> dict[str, Any]:
    """What `case/case.html` needs besides `shell` and `tabs`. The door has seen to it that this person may look."""
    sheet = await case_sheet(session, number, now)
    row = sheet.row
    return {
        "row": row,
        "sheet": sheet,
        "customer": sheet.customer,
        "mine": row.holder is not None and row.holder.id == viewer_id,
        "browser": sheet.model_dump(mode="json"),
        "thin": True,
        "section": "assigned" if row.agent and row.agent.id == viewer_id else "",
    }


async def customer(session: AsyncSession, around: Shell, customer_id: int) -> dict[str, Any]:
    """What `customers/customer.html` needs besides `shell`. Raises NotFound."""
    if await session.get(Customer, customer_id) is None:
        raise NotFound
    sheet = await customer_sheet(session, customer_id)
    numbers = select(Case.number).where(Case.customer_id == customer_id).order_by(Case.number.desc()).limit(MOST_CASES)
    cases = await case_rows(session, list(await session.scalars(numbers)), around.now)
    past = await history(session, customer_id)
    browser = {"customer": sheet.model_dump(mode="json"), "history": [row.model_dump(mode="json") for row in past]}
    return {"customer": sheet, "cases": cases, "campaigns": await _campaigns(session, around), "browser": browser}


async def _campaigns(session: AsyncSession, around: Shell) -> list[Named]:
    """The campaigns in use that this person may open a case in."""
    in_use = select(Campaign.id, Campaign.name).where(Campaign.archived_at.is_(None)).order_by(Campaign.name)
    if around.viewer.campaign_ids is not None:
        in_use = in_use.where(Campaign.id.in_(around.viewer.campaign_ids))
    return [Named(id=number, name=name) for number, name in await session.execute(in_use)]

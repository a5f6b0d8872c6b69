"""A case as its page shows it. Looking claims nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.rows.case_sheet import case_sheet


async def gather_case(session: AsyncSession, viewer_id: int, number: int, now: datetime) -> dict[str, Any]:
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

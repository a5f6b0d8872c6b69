"""Appointments *de cualquier agente* whose hour has come: what everybody who may take them is shown first (X2, X10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import AssignmentMode, Campaign, CampaignAgent
from ..cases.case import Case, CaseStatus, in_status
from ..cases.order import DUE, segment, segment_key
from .case import case_rows
from .values import CaseRow

MOST = 20  # nobody reads more; those taken make room for the others


async def anybodys_due(session: AsyncSession, user_id: int, now: datetime) -> list[CaseRow]:
    """The due cases that are nobody's and that this person may take, the oldest first: those of `take_next`."""
    free = in_status(CaseStatus.OPEN), Case.agent_id.is_(None), Case.holder_id.is_(None), Case.due_agent_id.is_(None)
    here = Case.campaign_id == Campaign.id, segment(DUE, now)
    rows = select(Case.number, Case.due_at).where(*free, *here).order_by(*segment_key(DUE)).limit(MOST)
    of_each = rows.correlate(Campaign).lateral("of_each")
    works_there = (
        CampaignAgent.user_id == user_id,
        Campaign.assignment_mode != AssignmentMode.DIRECTED,
        Campaign.archived_at.is_(None),
    )
    together = (
        select(of_each.c.number)
        .select_from(Campaign)
        .join(CampaignAgent, CampaignAgent.campaign_id == Campaign.id)
        .join(of_each, true())
        .where(*works_there)
        .order_by(of_each.c.due_at, of_each.c.number)
        .limit(MOST)
    )
    return await case_rows(session, list(await session.scalars(together)), now)

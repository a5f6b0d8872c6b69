"""A case as its own screen shows it: the row, the whole customer, the history, the results to choose from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign, CampaignType
from ..cases.case import Appointment, Case
from ..people.user import User
from .case import case_row
from .customer import CustomerSheet, customer_sheet
from .history import HistoryRow, history
from .result import ResultRow, result_rows
from .values import CaseRow, Named, Row


class AppointmentRow(Row):
    """The next contact that is promised."""

    id: int
    at: datetime
    agent: Named | None
    phone: str | None
    note: str


class CaseSheet(Row):
    """Everything the case screen shows."""

    row: CaseRow
    description: str
    campaign_type: str
    assignment_mode: str
    dials: bool
    customer: CustomerSheet
    history: list[HistoryRow]
    results: list[ResultRow]
    results_version: int
    appointment: AppointmentRow | None


# Built once: they run for every case that is opened, and putting one together takes as long as running it.
_WITH_CAMPAIGN = (
    select(Case, Campaign, CampaignType.name)
    .join(Campaign, Campaign.id == Case.campaign_id)
    .join(CampaignType, CampaignType.id == Campaign.type_id)
    .where(Case.number == bindparam("number"))
)
_PROMISED = (
    select(Appointment, User.name)
    .outerjoin(User, User.id == Appointment.agent_id)
    .where(
        Appointment.case_number == bindparam("number"),
        Appointment.done_at.is_(None),
        Appointment.cancelled_at.is_(None),
    )
)


async def case_sheet(session: AsyncSession, number: int, now: datetime) -> CaseSheet:
    """The whole screen of one case. Raises NotFound."""
    row = await case_row(session, number, now)
    case, campaign, campaign_type = (await session.execute(_WITH_CAMPAIGN, {"number": number})).one()
    return CaseSheet(
        row=row,
        description=case.description,
        campaign_type=campaign_type,
        assignment_mode=campaign.assignment_mode.value,
        dials=campaign.mode.dials,
        customer=await customer_sheet(session, case.customer_id),
        history=await history(session, case.customer_id),
        results=await result_rows(session, campaign.id),
        results_version=campaign.results_version,
        appointment=await _appointment(session, number),
    )


async def _appointment(session: AsyncSession, number: int) -> AppointmentRow | None:
    found = (await session.execute(_PROMISED, {"number": number})).one_or_none()
    if found is None:
        return None
    appointment, name = found
    agent = Named(id=appointment.agent_id, name=name) if appointment.agent_id else None
    return AppointmentRow(
        id=appointment.id, at=appointment.at, agent=agent, phone=appointment.phone, note=appointment.note
    )

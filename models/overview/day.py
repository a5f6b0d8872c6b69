"""Rows of a supervisor's overview: the appointments of today, and the uploads that wait or are just done."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..bases.upload import Upload, UploadKind, UploadState
from ..campaigns.campaign import Campaign, CampaignAgent
from ..cases.case import Appointment, Case
from ..customers.customer import Customer
from ..people.agent import Agent, State
from ..people.user import User
from ..permissions import Role
from ..rows.upload import UploadRow, upload_row
from ..rows.values import Row

NEAREST = 3  # so many appointments and uploads are named


class AppointmentLine(Row):
    """An appointment that is open; `agent` is whose it is, none when it is anybody's."""

    case_number: int
    at: datetime
    customer: str
    agent: str | None
    overdue: bool


class Appointments(Row):
    """The appointments of a day; an overdue one of an earlier day is among them until it is done."""

    done: int
    overdue: int
    to_come: int
    nearest: list[AppointmentLine]

    @property
    def total(self) -> int:
        return self.done + self.overdue + self.to_come


async def appointments_of_day(session: AsyncSession, since: datetime, now: datetime) -> Appointments:
    """Those of the day that began at `since`, at `now`; the nearest first, overdue ones before them."""
    until = since + timedelta(days=1)
    open_ = and_(Appointment.done_at.is_(None), Appointment.cancelled_at.is_(None), Appointment.at < until)
    done = and_(Appointment.done_at.is_not(None), Appointment.at >= since, Appointment.at < until)
    counts = select(
        func.count().filter(done).label("done"),
        func.count().filter(open_, Appointment.at < now).label("overdue"),
        func.count().filter(open_, Appointment.at >= now).label("to_come"),
    ).where(or_(done, open_))
    found = (await session.execute(counts)).one()
    lines = (
        select(Appointment.case_number, Appointment.at, Customer.full_name, User.name)
        .join(Case, Case.number == Appointment.case_number)
        .join(Customer, Customer.id == Case.customer_id)
        .outerjoin(User, User.id == Appointment.agent_id)
        .where(open_)
        .order_by(Appointment.at, Appointment.id)
        .limit(NEAREST)
    )
    nearest = [
        AppointmentLine(
            case_number=row.case_number, at=row.at, customer=row.full_name, agent=row.name, overdue=row.at < now
        )
        for row in await session.execute(lines)
    ]
    return Appointments(done=found.done, overdue=found.overdue, to_come=found.to_come, nearest=nearest)


async def uploads_to_see(session: AsyncSession) -> list[UploadRow]:
    """Those that were tried and not carried out, or stopped, and then the latest of all."""
    waits = Upload.state.in_((UploadState.CHECKED, UploadState.STOPPED, UploadState.FAILED))
    statement = select(Upload.id).where(Upload.kind == UploadKind.UPLOAD, Upload.state != UploadState.UPLOADED)
    statement = statement.order_by(case((waits, 0), else_=1), Upload.created_at.desc()).limit(NEAREST)
    return [await upload_row(session, upload_id) for upload_id in await session.scalars(statement)]


async def offline_agents(session: AsyncSession) -> int:
    """How many agents who may enter are DESCONECTADO."""
    statement = select(func.count()).select_from(Agent).join(User, User.id == Agent.user_id)
    away = statement.where(User.active, User.role == Role.AGENT, Agent.state == State.OFFLINE)
    return await session.scalar(away) or 0


async def agents_of_campaigns(session: AsyncSession) -> dict[int, int]:
    """How many active people work in each campaign in use; a campaign without any has 0."""
    works = select(CampaignAgent.campaign_id, CampaignAgent.user_id).join(User, User.id == CampaignAgent.user_id)
    works_ = works.where(User.active).subquery()
    statement = select(Campaign.id, func.count(works_.c.user_id).label("agents"))
    joined = statement.outerjoin(works_, works_.c.campaign_id == Campaign.id).where(Campaign.archived_at.is_(None))
    return {row.id: row.agents for row in await session.execute(joined.group_by(Campaign.id))}

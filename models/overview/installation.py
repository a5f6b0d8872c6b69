"""What an installation holds so far: what the first steps are ticked by. Nothing of it is stored for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign, CampaignAgent, CampaignType, ResultNode
from ..cases.case import Case, CaseCountDelta, Disposition
from ..customers.customer import Customer
from ..people.user import User
from ..permissions import Role
from ..rows.values import Named, Row

COUNTED = 10_000  # customers are counted up to so many: more of them change nothing here


class FirstPerson(Row):
    """Who made the installation, and when."""

    name: str
    created_at: datetime


class FirstCampaign(Named):
    """The campaign in use that was made first."""

    type: str
    mode: str
    results: int
    agents: int


class Installation(Row):
    """What exists. `waiting` are active people who have no password yet; `shared` whether anybody has or had a case."""

    first: FirstPerson | None
    supervisors: int
    agents: int
    entered: int
    waiting: list[Named]
    campaign: FirstCampaign | None
    campaigns: int
    customers: int
    cases: int
    shared: bool
    worked: bool

    @property
    def people(self) -> int:
        return self.entered + len(self.waiting)


async def installation(session: AsyncSession) -> Installation:
    """What exists now."""
    users = (await session.scalars(select(User).where(User.active).order_by(User.created_at, User.id))).all()
    waiting = [Named(id=user.id, name=user.name) for user in users if user.password_hash is None]
    some = select(Customer.id).limit(COUNTED).subquery()
    cases = select(func.coalesce(func.sum(CaseCountDelta.n), 0))
    return Installation(
        first=FirstPerson(name=users[0].name, created_at=users[0].created_at) if users else None,
        supervisors=sum(user.role is Role.SUPERVISOR for user in users),
        agents=sum(user.role is Role.AGENT for user in users),
        entered=len(users) - len(waiting),
        waiting=waiting,
        campaign=await _first_campaign(session),
        campaigns=await session.scalar(select(func.count()).where(Campaign.archived_at.is_(None))) or 0,
        customers=await session.scalar(select(func.count()).select_from(some)) or 0,
        cases=int(await session.scalar(cases) or 0),
        shared=await _any(session, select(Case.number).where(Case.agent_id.is_not(None)).exists())
        or await _any(session, exists(Disposition.id)),
        worked=await _any(session, exists(Disposition.id)),
    )


async def _any(session: AsyncSession, condition: object) -> bool:
    return bool(await session.scalar(select(condition)))  # type: ignore[call-overload]


async def _first_campaign(session: AsyncSession) -> FirstCampaign | None:
    results = select(func.count()).where(ResultNode.campaign_id == Campaign.id, ResultNode.retired_at.is_(None))
    agents = select(func.count()).where(CampaignAgent.campaign_id == Campaign.id)
    statement = (
        select(
            Campaign.id,
            Campaign.name,
            Campaign.mode,
            CampaignType.name.label("type"),
            results.scalar_subquery().label("results"),
            agents.scalar_subquery().label("agents"),
        )
        .join(CampaignType, CampaignType.id == Campaign.type_id)
        .where(Campaign.archived_at.is_(None))
        .order_by(Campaign.id)
        .limit(1)
    )
    row = (await session.execute(statement)).first()
    if row is None:
        return None
    named = {"id": row.id, "name": row.name, "type": row.type, "mode": row.mode.value}
    return FirstCampaign(**named, results=row.results, agents=row.agents)

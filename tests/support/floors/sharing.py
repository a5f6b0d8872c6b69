"""A floor for tests of campaigns and assignments: a house, people, customers, a campaign."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from atiende.models.cases.case import Case, CaseCountDelta, CaseStatus
from atiende.models.customers.customer import Account, Customer
from atiende.models.customers.service_states import ServiceState
from atiende.models.people.agent import Agent, State
from atiende.models.people.user import User
from atiende.models.permissions import Role
from atiende.models.rows.campaign import CampaignRow
from atiende.queue.campaigns.form import NewCampaign
from atiende.queue.campaigns.lifecycle import create_campaign
from atiende.queue.work import Actor, House, Let


@dataclass
class Floor:
    """`let_out` holds the events in the order they were told."""

    house: House
    let_out: list[dict[str, Any]] = field(default_factory=list)
    supervisor: Actor = field(default_factory=lambda: Actor(None, "Nadie", Role.SUPERVISOR))

    def work(self, actor: Actor | None = None) -> Any:
        """A work of the supervisor, or of another."""
        return self.house.work(actor or self.supervisor)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Events of a type, as they were let out."""
        return [event for event in self.let_out if event["event"]["type"] == kind]

    async def people(self, count: int, role: Role = Role.AGENT, prefix: str = "agente") -> list[Actor]:
        """That many users with their working side."""
        people = []
        async with self.house.work() as work:
            for at in range(count):
                user = User(username=f"{prefix}{at}", name=f"{prefix.title()} {at}", role=role)
                work.session.add(user)
                await work.session.flush()
                work.session.add(Agent(user_id=user.id, state=State.WAITING))
                people.append(Actor(user.id, user.name, role))
        return people

    async def customers(self, count: int, city: str = "Bogotá", **values: Any) -> list[int]:
        """That many customers of a city."""
        async with self.house.work() as work:
            first = await work.session.scalar(select(func.count()).select_from(Customer)) or 0
            rows = [
                {"document_type": "CC", "document": str(1000 + first + at), "full_name": f"Cliente {first + at}"}
                | {"city": city}
                | values
                for at in range(count)
            ]
            return list(await work.session.scalars(insert(Customer).returning(Customer.id), rows))

    async def account(self, customer: int, state: ServiceState = ServiceState.ACTIVE, plan: str = "") -> int:
        """An account of a customer."""
        async with self.house.work() as work:
            account = Account(customer_id=customer, number=f"A{customer}", service_state=state, plan=plan)
            work.session.add(account)
            await work.session.flush()
            return account.id

    async def campaign(self, name: str = "Mora", agents: Sequence[Actor] = (), **values: Any) -> CampaignRow:
        """A campaign of the supervisor."""
        new = NewCampaign(name=name, agents=[agent.id for agent in agents if agent.id], **values)
        async with self.work() as work:
            return await create_campaign(work, new)

    async def cases(self, campaign: CampaignRow, customers: Sequence[int], **values: Any) -> list[int]:
        """An open case for each customer; their numbers."""
        row = {"campaign_id": campaign.id, "campaign_priority": campaign.priority, "status": CaseStatus.OPEN}
        rows = [row | {"customer_id": customer} | values for customer in customers]
        async with self.house.work() as work:
            return list(await work.session.scalars(insert(Case).returning(Case.number), rows))

    async def all_cases(self) -> list[Case]:
        """Every case as it is stored."""
        async with self.house.work() as work:
            return list(await work.session.scalars(select(Case).order_by(Case.number)))

    async def counted(self) -> int:
        """How many cases the counters say there are."""
        async with self.house.look() as session:
            return int(await session.scalar(select(func.sum(CaseCountDelta.n))) or 0)


@asynccontextmanager
async def sharing_floor(database_url: str) -> AsyncIterator[Floor]:
    """A floor over a test's own database, with one supervisor."""
    engine = create_async_engine(database_url)
    let_out: list[dict[str, Any]] = []

    async def release(waiting: list[tuple[int, Let]]) -> list[int]:
        let_out.extend(let.payload for _, let in waiting if let.kind == "event")
        return [row for row, _ in waiting]

    house = House(engine, release, "CO", ZoneInfo("America/Bogota"), "es", "")
    floor = Floor(house, let_out)
    floor.supervisor = (await floor.people(1, Role.SUPERVISOR, "jefe"))[0]
    yield floor
    await engine.dispose()

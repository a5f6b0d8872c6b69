"""A floor on which things happen at random: three agents with phones, two campaigns, a dozen cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import select, update

from atiende.models.calls.call import Call, CallPhase
from atiende.models.campaigns.campaign import ResultNode
from atiende.models.cases.case import Case
from atiende.models.contact.channels import ContactKind
from atiende.models.customers.customer import ContactPoint
from atiende.models.people.user import User
from atiende.models.rows.campaign import CampaignRow
from atiende.queue.reactions import react
from atiende.queue.work import Actor
from atiende.telephony import facts
from atiende.tests.support.floors.sharing import Floor

SHARED_PHONE = "+573105550000"  # several customers have it


@dataclass
class RandomFloor:
    """Its people, campaigns and cases, and how an act chooses among them."""

    floor: Floor
    agents: list[Actor] = field(default_factory=list)
    campaigns: list[CampaignRow] = field(default_factory=list)
    customers: list[int] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    paths: dict[int, list[tuple[int, ...]]] = field(default_factory=dict)
    _calls: int = 0

    async def begin(self) -> None:
        """People the floor."""
        self.agents = await self.floor.people(3)
        async with self.floor.house.work() as work:
            for place, agent in enumerate(self.agents):
                await work.session.execute(update(User).where(User.id == agent.id).values(extension=f"100{place}"))
        kinds: list[tuple[str, dict[str, Any]]] = [
            ("Soporte", {"type": "support", "queue": "soporte", "mode": "inbound", "wrap_up_seconds": 30}),
            ("Mora", {"type": "collections", "assignment_mode": "mixed"}),
        ]
        self.campaigns = [
            await self.floor.campaign(name, self.agents[:place], **values)
            for place, (name, values) in zip((3, 2), kinds, strict=True)
        ]
        self.customers = await self.floor.customers(6)
        async with self.floor.house.work() as work:
            for place, customer in enumerate(self.customers):
                values = [f"+5731055501{place:02d}", *([SHARED_PHONE] if place < 2 else [])]
                points = [ContactPoint(customer_id=customer, kind=ContactKind.MOBILE, value=v) for v in values]
                work.session.add_all(points)
        for campaign in self.campaigns:
            self.cases += await self.floor.cases(campaign, self.customers)
            async with self.floor.house.look() as session:
                nodes = list(await session.scalars(select(ResultNode).where(ResultNode.campaign_id == campaign.id)))
            parents = {node.id: node.parent_id for node in nodes}
            self.paths[campaign.id] = [_path(node.id, parents) for node in nodes]

    def agent(self, rng: Random) -> Actor:
        return rng.choice(self.agents)

    async def held(self, agent: Actor) -> int | None:
        async with self.floor.house.look() as session:
            return await session.scalar(select(Case.number).where(Case.holder_id == agent.id))

    async def call(self, rng: Random) -> Call | None:
        async with self.floor.house.look() as session:
            going_on = await session.scalars(select(Call).where(Call.phase != CallPhase.ENDED).order_by(Call.pbx_call))
            found = going_on.all()
        return rng.choice(found) if found else None

    async def hear(self, fact: type[facts.Fact], **values: Any) -> None:
        await react(self.floor.house, fact(pbx="main", at=datetime.now(UTC), **values))


def _path(node: int, parents: dict[int, int | None]) -> tuple[int, ...]:
    above = parents[node]
    return (*(_path(above, parents) if above else ()), node)

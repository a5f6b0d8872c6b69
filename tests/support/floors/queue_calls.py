"""Two agents whose phones a queue rings, and the facts that a PBX tells of them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import update

from atiende.models.contact.channels import ContactKind
from atiende.models.customers.customer import ContactPoint
from atiende.models.people.agent import Agent
from atiende.models.people.user import User
from atiende.models.rows.campaign import CampaignRow
from atiende.queue.reactions import react
from atiende.queue.work import Actor
from atiende.telephony import facts
from atiende.telephony.facts import Direction
from atiende.tests.support.floors.sharing import Floor

PHONE = "+573105550142"


class Desk:
    """Two agents with extensions 1001 and 1002 in an inbound campaign with the queue `soporte`."""

    def __init__(self, floor: Floor, agents: list[Actor], campaign: CampaignRow) -> None:
        self.floor, self.agents, self.campaign = floor, agents, campaign

    async def hear(self, fact: type[facts.Fact], **values: object) -> None:
        await react(self.floor.house, fact(pbx="main", at=datetime.now(UTC), **values))  # type: ignore[call-arg]

    async def ring(self, call: str = "c1", extension: str = "1001", number: str = "3105550142", name: str = "") -> None:
        await self.hear(facts.CallRang, call=call, extension=extension, **self.caller(number, name))

    async def answer(self, call: str = "c1", extension: str = "1001", number: str = "3105550142") -> None:
        await self.hear(facts.CallAnswered, call=call, extension=extension, **self.caller(number, ""))

    async def direct(self, call: str, direction: Direction = Direction.INBOUND, number: str = "3105550142") -> None:
        """A call by no queue, answered."""
        values = self.caller(number, "") | {"direction": direction, "queue": None}
        await self.hear(facts.CallAnswered, call=call, extension="1001", **values)

    async def end(self, call: str = "c1") -> None:
        await self.hear(facts.CallEnded, call=call, cause=16, cause_text="Normal Clearing")

    def caller(self, number: str, name: str) -> dict[str, object]:
        return {
            "direction": Direction.INBOUND,
            "caller_number": number,
            "caller_name": name,
            "queue": "soporte",
        }

    def pops(self) -> list[dict[str, object]]:
        return [event["event"] for event in self.floor.told("call.ringing")]

    async def state(self, place: int = 0) -> Agent:
        async with self.floor.house.look() as session:
            return await session.get_one(Agent, self.agents[place].id)


async def two_desks(floor: Floor) -> Desk:
    """Both agents work in the campaign of the queue."""
    agents = await floor.people(2)
    async with floor.house.work() as work:
        for agent, extension in zip(agents, ["1001", "1002"], strict=True):
            await work.session.execute(update(User).where(User.id == agent.id).values(extension=extension))
    campaign = await floor.campaign("Soporte", agents=agents, type="support", mode="inbound", queue="soporte")
    return Desk(floor, agents, campaign)


async def customer_with(floor: Floor, phone: str = PHONE) -> int:
    """A customer with this number."""
    (customer,) = await floor.customers(1)
    async with floor.house.work() as work:
        work.session.add(ContactPoint(customer_id=customer, kind=ContactKind.MOBILE, value=phone))
    return customer

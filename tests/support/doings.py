"""What people, a PBX and the clock do to a floor, one small thing at a time: for tests of random sequences.

Each doing is one `Work` through the real actions; what the house refuses is as good a sequence as any other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from atiende.models.calls.call import Call, CallPhase
from atiende.models.campaigns.campaign import ResultNode
from atiende.models.campaigns.results import grow
from atiende.models.cases.case import Appointment, Case
from atiende.models.contact.channels import Channel, ContactKind
from atiende.models.customers.customer import ContactPoint
from atiende.models.customers.service_states import ServiceState
from atiende.models.people.agent import State
from atiende.models.people.user import User
from atiende.models.refused import Refused
from atiende.models.rows.campaign import CampaignRow
from atiende.queue import clock
from atiende.queue.calls import calls
from atiende.queue.campaigns import campaigns, result_tree
from atiende.queue.campaigns.assignment import Sharing, assign, unassign
from atiende.queue.campaigns.form import CampaignChanges
from atiende.queue.cases import taking
from atiende.queue.cases.dispositions import Filled, save_disposition
from atiende.queue.contact import counting
from atiende.queue.customers import customers
from atiende.queue.customers.search import Search
from atiende.queue.people import agents, users
from atiende.queue.reactions import react
from atiende.queue.work import Actor
from atiende.telephony import facts
from atiende.tests.support.floors.sharing import Floor

SHARED_PHONE = "+573105550000"  # several customers have it


@dataclass
class Doings:
    """A floor on which things happen: three agents with phones, two campaigns, a dozen cases."""

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

    async def do(self, name: str, rng: Random) -> None:
        """One doing of ALL; what is refused has not happened."""
        with suppress(Refused):
            await ALL[name](self, rng)

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


# People


async def open_one(d: Doings, rng: Random) -> None:
    async with d.floor.work(d.agent(rng)) as work:
        await taking.open_case(work, rng.choice(d.cases))


async def leave(d: Doings, rng: Random) -> None:
    agent = d.agent(rng)
    if number := await d.held(agent):
        async with d.floor.work(agent) as work:
            await taking.leave_case(work, number)


async def save(d: Doings, rng: Random) -> None:
    agent = d.agent(rng)
    number = await d.held(agent)
    if number is None:
        return
    async with d.floor.work(agent) as work:
        case = await work.session.get_one(Case, number)
        ahead = work.now + timedelta(days=1) if rng.random() < 0.3 else None
        result = rng.choice([(), *d.paths[case.campaign_id]])
        form = Filled(result, "habló", bool(result), ahead, rng.random() < 0.5, None, rng.random() < 0.5)
        await save_disposition(work, number, form)


async def attempt(d: Doings, rng: Random) -> None:
    async with d.floor.work(d.agent(rng)) as work:
        await counting.record_attempt(work, rng.choice(d.cases), rng.choice(list(Channel)), None, "answered")


async def choose_state(d: Doings, rng: Random) -> None:
    agent = d.agent(rng)
    wanted, reason = rng.choice([(State.WAITING, None), (State.PAUSED, "break"), (State.PAUSED, "lunch")])
    async with d.floor.work(agent) as work:
        await agents.choose_state(work, agent.id or 0, wanted, reason)


async def sign_out_and_in(d: Doings, rng: Random) -> None:
    agent = d.agent(rng)
    async with d.floor.work(agent) as work:
        await rng.choice([agents.sign_out, agents.sign_in])(work, agent.id or 0)


async def change_case(d: Doings, rng: Random) -> None:
    change = rng.choice([{"priority": "urgent"}, {"status": "suspended"}, {"status": "open"}, {"description": "x"}])
    async with d.floor.work() as work:
        await taking.change_case(work, rng.choice(d.cases), None, change)


async def close(d: Doings, rng: Random) -> None:
    async with d.floor.work() as work:
        await taking.close_for_good(work, rng.choice(d.cases))


async def reopen(d: Doings, rng: Random) -> None:
    async with d.floor.work() as work:
        await taking.reopen_case(work, rng.choice(d.cases))


async def correct(d: Doings, rng: Random) -> None:
    async with d.floor.work(d.agent(rng)) as work:
        name = {"first_name": rng.choice(["Luz", "Óscar", "Íngrid"])}
        await customers.correct_customer(work, rng.choice(d.customers), None, name)


async def add_datum(d: Doings, rng: Random) -> None:
    async with d.floor.work(d.agent(rng)) as work:
        value = f"31055502{rng.randrange(10, 99)}"
        await customers.add_contact_point(work, rng.choice(d.customers), "phone", value, "")


async def add_account(d: Doings, rng: Random) -> None:
    async with d.floor.work() as work:
        values = {"number": f"A{rng.randrange(99)}", "service_state": rng.choice(list(ServiceState))}
        await customers.add_account(work, rng.choice(d.customers), values)


async def share_out(d: Doings, rng: Random) -> None:
    people = [agent.id for agent in rng.sample(d.agents, rng.randint(1, 3))]
    async with d.floor.work() as work:
        await assign(work, Sharing(campaign=rng.choice(d.campaigns).id, agents=people), rng)


async def take_back(d: Doings, rng: Random) -> None:
    async with d.floor.work() as work:
        await unassign(work, Search(campaign=rng.choice(d.campaigns).id))


async def change_campaign(d: Doings, rng: Random) -> None:
    limits = {"window_days": rng.choice([7, 15]), "total": [1, 2, 3]}
    change = rng.choice([{"priority": rng.randint(1, 9)}, {"name": f"Cobro {rng.random()}"}, {"pressure": limits}])
    async with d.floor.work() as work:
        await campaigns.change_campaign(work, rng.choice(d.campaigns).id, CampaignChanges(**change))


async def rename_result(d: Doings, rng: Random) -> None:
    campaign = rng.choice(d.campaigns).id
    async with d.floor.work() as work:
        nodes = await work.session.scalars(select(ResultNode).where(ResultNode.campaign_id == campaign))
        tree = grow(nodes)
        at = rng.randrange(len(tree))
        tree[at] = tree[at].model_copy(update={"name": f"Otro {rng.random()}"})
        await result_tree.put_results(work, campaign, tree)


async def rename_person(d: Doings, rng: Random) -> None:
    async with d.floor.work() as work:
        await users.change_user(work, d.agent(rng).id or 0, {"name": f"Otra {rng.random()}"})


# The PBX


def _caller(number: str) -> dict[str, Any]:
    return {"direction": facts.Direction.INBOUND, "caller_number": number, "caller_name": "Ana", "queue": "soporte"}


async def ring(d: Doings, rng: Random) -> None:
    call = await d.call(rng)
    d._calls += 1
    number = rng.choice(["3105550100", "3105550104", "3105550000", "3119999999", "anonymous"])
    name, number = (call.pbx_call, call.caller_number) if call and rng.random() < 0.4 else (f"c{d._calls}", number)
    await d.hear(facts.CallRang, call=name, extension=f"100{rng.randrange(3)}", **_caller(number))


async def answer(d: Doings, rng: Random) -> None:
    if call := await d.call(rng):
        extension = f"100{rng.randrange(3)}"
        await d.hear(facts.CallAnswered, call=call.pbx_call, extension=extension, **_caller(call.caller_number))


async def stop_ringing(d: Doings, rng: Random) -> None:
    if call := await d.call(rng):
        outcome = rng.choice(list(facts.RingOutcome))
        await d.hear(facts.RingStopped, call=call.pbx_call, extension=f"100{rng.randrange(3)}", outcome=outcome)


async def hold(d: Doings, rng: Random) -> None:
    if call := await d.call(rng):
        held = rng.random() < 0.5
        await d.hear(facts.CallHeld, call=call.pbx_call, extension=f"100{rng.randrange(3)}", held=held)


async def leg_ends(d: Doings, rng: Random) -> None:
    if call := await d.call(rng):
        await d.hear(facts.AgentLeft, call=call.pbx_call, extension=f"100{rng.randrange(3)}")


async def call_ends(d: Doings, rng: Random) -> None:
    if call := await d.call(rng):
        await d.hear(facts.CallEnded, call=call.pbx_call, cause=16, cause_text="Normal Clearing")


async def say_who(d: Doings, rng: Random) -> None:
    if call := await d.call(rng):
        async with d.floor.work(d.agent(rng)) as work:
            await calls.say_who(work, call.id, rng.choice(d.customers))


async def phone_changes(d: Doings, rng: Random) -> None:
    state = rng.choice(list(facts.PhoneState))
    await d.hear(facts.PhoneChanged, extension=f"100{rng.randrange(3)}", state=state)


async def pbx_goes(d: Doings, rng: Random) -> None:
    await d.hear(facts.PbxLost, reason="gone")


async def pbx_comes_back(d: Doings, rng: Random) -> None:
    """With one of the calls we know, at some phone, or with none."""
    call = await d.call(rng)
    seen: tuple[facts.CallSeen, ...] = ()
    if call is not None and rng.random() < 0.6:
        said = rng.random() < 0.5, facts.Direction.INBOUND, call.caller_number, "Ana", "soporte"
        seen = (facts.CallSeen(call.pbx_call, f"100{rng.randrange(3)}", *said),)
    phones = tuple((f"100{place}", facts.PhoneState.IDLE) for place in range(3))
    legs = frozenset((one.call, one.extension) for one in seen)
    await d.hear(facts.PbxBack, version="22", calls=seen, legs=legs, phones=phones, waiting=(), members=())


# The clock


async def appointment_is_due(d: Doings, rng: Random) -> None:
    """An hour passes: the next appointment is due."""
    async with d.floor.house.look() as session:
        wanted = select(Appointment).where(Appointment.told_at.is_(None), Appointment.done_at.is_(None))
        found = (await session.scalars(wanted.where(Appointment.cancelled_at.is_(None)).limit(1))).one_or_none()
    if found is None:
        return
    async with d.floor.house.work() as work:
        past = work.now - timedelta(seconds=1)
        await work.session.execute(update(Appointment).where(Appointment.id == found.id).values(at=past))
        due = update(Case).where(Case.number == found.case_number, Case.due_at.is_not(None))
        await work.session.execute(due.values(due_at=past))
    await clock.tick(d.floor.house)


ALL: dict[str, Callable[[Doings, Random], Awaitable[None]]] = {
    doing.__name__: doing
    for doing in (
        open_one, leave, save, attempt, choose_state, sign_out_and_in, change_case, close, reopen, correct, add_datum,
        add_account, share_out, take_back, change_campaign, rename_result, rename_person, ring, answer, stop_ringing,
        hold, leg_ends, call_ends, say_who, phone_changes, pbx_goes, pbx_comes_back, appointment_is_due,
    )
}  # fmt: skip
# These tell screens to read themselves anew, which would also mend what another doing forgot to tell.
BULK = {"change_campaign", "rename_result", "rename_person"}

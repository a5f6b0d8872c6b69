"""What people do on a random floor: each act is one `Work` through the real actions."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sqlalchemy import select

from atiende.models.campaigns.campaign import ResultNode
from atiende.models.campaigns.results import grow
from atiende.models.cases.case import Case
from atiende.models.contact.channels import Channel
from atiende.models.customers.service_states import ServiceState
from atiende.models.people.agent import State
from atiende.queue.campaigns import lifecycle, result_tree
from atiende.queue.campaigns.assignment import Sharing, assign, unassign
from atiende.queue.campaigns.form import CampaignChanges
from atiende.queue.cases import changing, closing, taking
from atiende.queue.cases.dispositions import Filled, save_disposition
from atiende.queue.contact import counting
from atiende.queue.customers import accounts, contact_points, correcting
from atiende.queue.customers.search import Search
from atiende.queue.people import agents, users
from atiende.tests.support.random_floor.floor import RandomFloor


async def open_one(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work(here.agent(rng)) as work:
        await taking.open_case(work, rng.choice(here.cases))


async def leave(here: RandomFloor, rng: Random) -> None:
    agent = here.agent(rng)
    if number := await here.held(agent):
        async with here.floor.work(agent) as work:
            await taking.leave_case(work, number)


async def save(here: RandomFloor, rng: Random) -> None:
    agent = here.agent(rng)
    number = await here.held(agent)
    if number is None:
        return
    async with here.floor.work(agent) as work:
        case = await work.session.get_one(Case, number)
        ahead = work.now + timedelta(days=1) if rng.random() < 0.3 else None
        result = rng.choice([(), *here.paths[case.campaign_id]])
        form = Filled(result, "habló", bool(result), ahead, rng.random() < 0.5, None, rng.random() < 0.5)
        await save_disposition(work, number, form)


async def attempt(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work(here.agent(rng)) as work:
        await counting.record_attempt(work, rng.choice(here.cases), rng.choice(list(Channel)), None, "answered")


async def choose_state(here: RandomFloor, rng: Random) -> None:
    agent = here.agent(rng)
    wanted, reason = rng.choice([(State.WAITING, None), (State.PAUSED, "break"), (State.PAUSED, "lunch")])
    async with here.floor.work(agent) as work:
        await agents.choose_state(work, agent.id or 0, wanted, reason)


async def sign_out_and_in(here: RandomFloor, rng: Random) -> None:
    agent = here.agent(rng)
    async with here.floor.work(agent) as work:
        await rng.choice([agents.sign_out, agents.sign_in])(work, agent.id or 0)


async def change_case(here: RandomFloor, rng: Random) -> None:
    change = rng.choice([{"priority": "urgent"}, {"status": "suspended"}, {"status": "open"}, {"description": "x"}])
    async with here.floor.work() as work:
        await changing.change_case(work, rng.choice(here.cases), None, change)


async def close(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work() as work:
        await closing.close_for_good(work, rng.choice(here.cases))


async def reopen(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work() as work:
        await closing.reopen_case(work, rng.choice(here.cases))


async def correct(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work(here.agent(rng)) as work:
        name = {"first_name": rng.choice(["Luz", "Óscar", "Íngrid"])}
        await correcting.correct_customer(work, rng.choice(here.customers), None, name)


async def add_datum(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work(here.agent(rng)) as work:
        value = f"31055502{rng.randrange(10, 99)}"
        await contact_points.add_contact_point(work, rng.choice(here.customers), "phone", value, "")


async def add_account(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work() as work:
        values = {"number": f"A{rng.randrange(99)}", "service_state": rng.choice(list(ServiceState))}
        await accounts.add_account(work, rng.choice(here.customers), values)


async def share_out(here: RandomFloor, rng: Random) -> None:
    people = [agent.id for agent in rng.sample(here.agents, rng.randint(1, 3))]
    async with here.floor.work() as work:
        await assign(work, Sharing(campaign=rng.choice(here.campaigns).id, agents=people), rng)


async def take_back(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work() as work:
        await unassign(work, Search(campaign=rng.choice(here.campaigns).id))


async def change_campaign(here: RandomFloor, rng: Random) -> None:
    limits = {"window_days": rng.choice([7, 15]), "total": [1, 2, 3]}
    change = rng.choice([{"priority": rng.randint(1, 9)}, {"name": f"Cobro {rng.random()}"}, {"pressure": limits}])
    async with here.floor.work() as work:
        await lifecycle.change_campaign(work, rng.choice(here.campaigns).id, CampaignChanges(**change))


async def rename_result(here: RandomFloor, rng: Random) -> None:
    campaign = rng.choice(here.campaigns).id
    async with here.floor.work() as work:
        nodes = await work.session.scalars(select(ResultNode).where(ResultNode.campaign_id == campaign))
        tree = grow(nodes)
        at = rng.randrange(len(tree))
        tree[at] = tree[at].model_copy(update={"name": f"Otro {rng.random()}"})
        await result_tree.put_results(work, campaign, tree)


async def rename_person(here: RandomFloor, rng: Random) -> None:
    async with here.floor.work() as work:
        await users.change_user(work, here.agent(rng).id or 0, {"name": f"Otra {rng.random()}"})

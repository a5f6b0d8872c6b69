"""Sharing customers out among agents (S4-40…52): by equal parts and at random, or taking them back.

A case that an agent has open is never taken away: its customer is left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random, SystemRandom
from typing import TypeVar

from pydantic import Field
from sqlalchemy import select, update

from ...models.campaigns.campaign import Campaign
from ...models.people.user import User
from ...models.permissions import Role
from ...models.refused import N_, BadInput, FewerCustomers
from ...models.rows.counters import loads
from ...models.rows.values import Named, Row
from ..customers.filter import Records
from ..customers.search import (
    Found,
    Search,
    cases_of,
    examples,
    lock_cases_of,
    matched,
)
from ..work import Work
from .giving import create_cases, give_cases
from .handover import tell_assigned, tell_unassigned
from .lifecycle import find_campaign
from .team import join_campaign, members
from .telling import tell_campaign

T = TypeVar("T")
EXAMPLES = 100


class Sharing(Search):
    """A search and whom to share what it finds among."""

    agents: list[int] = Field(min_length=1, max_length=2_000)


class Part(Named):
    """How many customers one agent gets. `load` is how many unfinished cases the agent had before, in all campaigns."""

    count: int
    load: int


class AssignmentPreview(Row):
    """What pressing Asignar would do.

    `customers` are shared out. `assigned` of them have an agent now, `created` of them get a new case. `held` were
    found too, but somebody has their case open. `joining` are agents who would come into the campaign.
    """

    customers: int
    assigned: int
    created: int
    held: int
    enough: bool
    joining: list[int]
    agents: list[Part]
    items: list[Found]


class Assigned(Row):
    """What was done: customers shared out, their cases, how many of those are new, and customers left out (`held`)."""

    customers: int
    cases: int
    created: int
    held: int
    agents: list[Part]


class Unassigned(Row):
    """How many customers and cases of theirs are free again. `held` customers were left with whoever has them open."""

    customers: int
    cases: int
    held: int


def share(ids: Sequence[T], agents: Sequence[int], rng: Random) -> dict[int, list[T]]:
    """Deal all `ids` at random into equal parts (S4-50): sizes differ by at most one, the first agents get the rest.

    Raises FewerCustomers when somebody would get nothing (S4-51).
    """
    if len(ids) < len(agents):
        raise FewerCustomers(field="agents", customers=len(ids), agents=len(agents))
    shuffled = list(ids)
    rng.shuffle(shuffled)
    return {agent: shuffled[at :: len(agents)] for at, agent in enumerate(agents)}


def sizes(customers: int, agents: Sequence[int]) -> dict[int, int]:
    """How many each would get, before dealing: the same numbers as `share`."""
    return {agent: len(range(at, customers, len(agents))) for at, agent in enumerate(agents)}


async def preview(work: Work, asked: Search) -> AssignmentPreview:
    """What the search finds and what each of its agents would get, changing nothing (S4-47)."""
    campaign = await find_campaign(work, asked.campaign)
    people = await _people(work, asked.agents)
    found = await matched(work, campaign.id, asked)
    cases = await cases_of(work, campaign.id, found)
    held = {one.customer_id for one in cases if one.holder_id}
    customers = [i for i in found if i not in held]
    return AssignmentPreview(
        customers=len(customers),
        assigned=len({one.customer_id for one in cases if one.agent_id} - held),
        created=len(customers) - len({one.customer_id for one in cases} - held),
        held=len(held),
        enough=len(customers) >= max(1, len(people)),
        joining=sorted(await _outside(work, campaign.id, people)),
        agents=await _parts(work, people, sizes(len(customers), list(people))),
        items=await examples(work, campaign.id, customers[:EXAMPLES]),
    )


async def assign(work: Work, asked: Sharing, rng: Random | None = None) -> Assigned:
    """Share all customers the search finds among its agents (S4-50); who has no case in the campaign gets one.

    Agents who did not work in the campaign come into it. Raises BadInput, FewerCustomers (S4-51).
    """
    campaign = await find_campaign(work, asked.campaign)
    people = await _people(work, asked.agents)
    found = await matched(work, campaign.id, asked)
    cases, left_out = await lock_cases_of(work, campaign.id, found, asked.records)
    shares = share([i for i in found if i not in left_out], list(people), rng or SystemRandom())
    parts = await _parts(work, people, {agent: len(theirs) for agent, theirs in shares.items()})
    agent_of = {customer: agent for agent, theirs in shares.items() for customer in theirs}
    await _join(work, campaign.id, sorted(await _outside(work, campaign.id, people)))
    given = {one.number: agent_of[one.customer_id] for one in cases}
    await give_cases(work, given)
    without_case = sorted(agent_of.keys() - {one.customer_id for one in cases})
    created = await create_cases(work, campaign, {customer: agent_of[customer] for customer in without_case})
    await tell_assigned(work, campaign.id, given | created, {one.number: one.agent_id for one in cases})
    counts = {str(part.id): part.count for part in parts}
    await work.audit("cases.assigned", f"campaign:{campaign.id}", counts=counts, search=_said(asked))
    return Assigned(
        customers=len(agent_of),
        cases=len(given | created),
        created=len(created),
        held=len(left_out),
        agents=parts,
    )


async def unassign(work: Work, asked: Search) -> Unassigned:
    """Take the cases of all customers the search finds from their agents (S4-52)."""
    campaign = await find_campaign(work, asked.campaign)
    only_assigned = asked.model_copy(update={"records": Records.ASSIGNED})
    found = await matched(work, campaign.id, only_assigned)
    cases, left_out = await lock_cases_of(work, campaign.id, found, Records.ASSIGNED)
    taken = [one for one in cases if one.agent_id is not None]
    await give_cases(work, {one.number: None for one in taken})
    await tell_unassigned(work, campaign.id, {one.number: one.agent_id for one in taken if one.agent_id})
    await work.audit("cases.unassigned", f"campaign:{campaign.id}", cases=len(taken), search=_said(asked))
    return Unassigned(customers=len({one.customer_id for one in taken}), cases=len(taken), held=len(left_out))


def _said(asked: Search) -> dict[str, object]:
    return asked.model_dump(mode="json", exclude={"customers", "agents"}, exclude_defaults=True)


async def _people(work: Work, ids: Sequence[int]) -> dict[int, User]:
    """The agents in the order in which they were named. Raises BadInput when one is not an active user."""
    active = await work.session.scalars(select(User).where(User.id.in_(ids), User.active))
    known = {user.id: user for user in active}
    if missing := [i for i in ids if i not in known]:
        raise BadInput(field="agents", sentence=N_("El agente %(id)s no existe o está inactivo."), id=missing[0])
    return {i: known[i] for i in ids}


async def _outside(work: Work, campaign_id: int, people: Mapping[int, User]) -> set[int]:
    """Agents who do not work in the campaign; supervisors see all campaigns anyway."""
    return {i for i, user in people.items() if user.role is Role.AGENT} - await members(work, campaign_id)


async def _join(work: Work, campaign_id: int, outside: Sequence[int]) -> None:
    """Let these people into the campaign, and tell the campaign again when that changed it."""
    if await join_campaign(work, campaign_id, outside):
        raised = update(Campaign).where(Campaign.id == campaign_id).values(version=Campaign.version + 1)
        await work.session.execute(raised)
        await tell_campaign(work, campaign_id)


async def _parts(work: Work, people: Mapping[int, User], counts: Mapping[int, int]) -> list[Part]:
    load_of = await loads(work.session, people.keys())
    return [Part(id=i, name=user.name, count=counts[i], load=load_of.get(i, 0)) for i, user in people.items()]

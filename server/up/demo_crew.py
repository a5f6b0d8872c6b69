"""The demonstration's agents at work: some attend cases, some wait for calls, and now and then one pauses."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from ...models.cases.case import Case
from ...models.people.agent import Agent, CallState, State
from ...models.people.user import User
from ...models.permissions import Role
from ...models.refused import Refused
from ...models.rows.result import result_nodes
from ...queue.cases.dispositions import Filled, save_disposition
from ...queue.cases.taking import open_next
from ...queue.people import agents
from ...queue.work import Actor, House, Work
from ...realtime.line.presence import seen

log = structlog.get_logger()

STEP = 4.0  # seconds between two looks at everybody
DWELL = timedelta(seconds=25)  # the least time that a case stays open, and a pause lasts
PAUSE = 0.01  # how likely it is that a waiting agent pauses, at each look
END = 0.25  # and that an agent who may be ready is


@dataclass(slots=True)
class Crew:
    """`people` attend; those in `on_cases` take the next case by themselves, the others wait for a call."""

    house: House
    people: list[Actor]
    on_cases: set[int]
    dice: random.Random = field(default_factory=random.Random)

    async def run(self) -> None:
        """Until cancelled. Whoever cannot act now acts at the next look."""
        while True:
            await seen(self.house.engine, {person.id for person in self.people if person.id})
            for person in self.people:
                try:
                    async with self.house.work(person) as work:
                        await self._act(work)
                except (Refused, DBAPIError, OSError) as why:
                    log.info("demo.agent_waits", agent=person.name, why=str(why))
            await asyncio.sleep(STEP)

    async def _act(self, work: Work) -> None:
        agent = await agents.lock_agent(work, work.me)
        rested = work.now - agent.since > DWELL and self.dice.random() < END
        if agent.state is State.OFFLINE:
            await agents.sign_in(work, work.me)
        elif agent.call is not CallState.NONE:
            return
        elif agent.case_number is not None and rested:
            await self._save(work, agent)
        elif agent.state is State.WAITING:
            await self._go_on(work, agent)
        elif agent.case_number is None and rested:
            await agents.choose_state(work, work.me, State.WAITING)

    async def _go_on(self, work: Work, agent: Agent) -> None:
        if self.dice.random() < PAUSE:
            await agents.choose_state(work, work.me, State.PAUSED, "break")
        elif work.me in self.on_cases:
            await open_next(work, agent)

    async def _save(self, work: Work, agent: Agent) -> None:
        number = agent.case_number or 0
        campaign_id = await work.session.scalar(select(Case.campaign_id).where(Case.number == number))
        nodes = [node for node in await result_nodes(work.session, campaign_id or 0) if node.retired_at is None]
        path = (self.dice.choice([node for node in nodes if node.parent_id is None]).id,)
        await save_disposition(work, number, Filled(result=path, finish=True, go_on=False))


async def crew_of(house: House, alone: int) -> Crew:
    """Everybody who is an agent of the demonstration, but the first `alone`, who are left to whoever looks."""
    async with house.look() as session:
        found = (
            await session.scalars(select(User).where(User.role == Role.AGENT, User.active).order_by(User.id))
        ).all()
    people = [Actor(user.id, user.name, Role.AGENT) for user in found[alone:]]
    return Crew(house, people, {person.id for person in people[::2] if person.id})

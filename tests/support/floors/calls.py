"""An agent with a phone, a customer with a number and an open case, a PBX and its bridge: to test click to call."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from atiende.models.calls.call import Call, CallPhase, Pbx
from atiende.models.cases.case import ContactAttempt
from atiende.models.contact.channels import ContactKind
from atiende.models.customers.customer import ContactPoint
from atiende.models.people.agent import Agent
from atiende.models.people.user import User
from atiende.models.records import OutboxRow
from atiende.queue.calls.click_to_call import ask_call
from atiende.queue.cases.taking import open_case
from atiende.queue.work import Actor, House
from atiende.server.bridge.process import serve_pbx
from atiende.server.connections import Connections, connections
from atiende.server.settings import Settings
from atiende.tests.support.floors.sharing import Floor
from atiende.tests.support.pbx.ears import LIMIT, eventually
from atiende.tests.support.pbx.scenes import Scene
from atiende.tests.support.promises import promised

NUMBER = "+573105550142"


@dataclass
class CallFloor:
    """`agent` has extension 1001 and holds `case`, whose customer has the phone `point`."""

    opened: Connections
    settings: Settings
    floor: Floor
    agent: Actor
    other: Actor
    case: int
    customer: int
    point: int
    number: str = NUMBER
    _bridges: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def house(self) -> House:
        return self.opened.house

    async def ask(self, **values: Any) -> str:
        """The agent presses Llamar; our name of the call."""
        async with self.house.work(self.agent) as work:
            return (await ask_call(work, self.case, self.point, **values)).id

    async def call(self, call_id: str) -> Call:
        async with self.house.look() as session:
            return await session.get_one(Call, call_id)

    async def calls(self) -> list[Call]:
        async with self.house.look() as session:
            return list(await session.scalars(select(Call)))

    async def open(self) -> None:
        """The agent opens the case."""
        async with self.house.work(self.agent) as work:
            await open_case(work, self.case)

    async def ended(self, call_id: str, limit: float = LIMIT) -> Call:
        """The call, once it is over."""

        async def over() -> bool:
            return (await self.call(call_id)).phase is CallPhase.ENDED

        await eventually(over, limit)
        return await self.call(call_id)

    async def phase(self, call_id: str, phase: CallPhase, limit: float = LIMIT) -> None:
        async def there() -> bool:
            return (await self.call(call_id)).phase is phase

        await eventually(there, limit)

    async def person(self) -> Agent:
        async with self.house.look() as session:
            return await session.get_one(Agent, self.agent.id)

    async def attempts(self) -> list[ContactAttempt]:
        async with self.house.look() as session:
            return list(await session.scalars(select(ContactAttempt)))

    async def told(self, *kinds: str) -> list[dict[str, Any]]:
        """Events of these types in the order they were told."""
        async with self.house.look() as session:
            rows = await session.scalars(
                select(OutboxRow.payload).where(OutboxRow.kind == "event").order_by(OutboxRow.id)
            )
            return [row["event"] for row in rows if row["event"]["type"] in kinds]

    async def ready(self, limit: float = LIMIT) -> None:
        """The bridge hears the PBX, and the agent's phone is there."""

        async def there() -> bool:
            async with self.house.look() as session:
                pbx = await session.get(Pbx, "main")
                agent = await session.get_one(Agent, self.agent.id)
                return pbx is not None and pbx.connected and agent.phone == "idle"

        await eventually(there, limit)

    async def pbx_lost(self, limit: float | None = None) -> None:
        """The bridge noticed that the PBX says nothing."""

        async def away() -> bool:
            async with self.house.look() as session:
                return not (await session.get_one(Pbx, "main")).connected

        await eventually(away, limit or promised(15))

    @asynccontextmanager
    async def bridge(self) -> AsyncIterator[None]:
        """The bridge in this process."""
        task = asyncio.create_task(serve_pbx(self.opened, self.settings))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def bridge_process(self) -> subprocess.Popen[bytes]:
        """A bridge of its own, ended with the floor."""
        argv = [sys.executable, "-P", "-m", "atiende.server.cli", "bridge"]
        environment = {**os.environ, **self.settings.environment()}
        process = subprocess.Popen(argv, env=environment, start_new_session=True)
        self._bridges.append(process)
        return process

    def end_bridges(self) -> None:
        for process in self._bridges:
            process.kill()
            process.wait()


@asynccontextmanager
async def call_floor(
    settings: Settings, scene: Scene, number: str = NUMBER, mode: str = "manual"
) -> AsyncIterator[CallFloor]:
    """A floor whose bridge speaks with the scene's PBX."""
    settings = settings.with_values(ami_url=scene.url, ami_hand_url=scene.hand_url, dial_context="agents")
    async with connections(settings) as opened:
        floor = Floor(opened.house)
        agent, other = await floor.people(2)
        floor.supervisor = (await floor.people(1, prefix="jefe"))[0]
        async with opened.house.work() as work:
            for one, extension in ((agent, "1001"), (other, "1002")):
                await work.session.execute(update(User).where(User.id == one.id).values(extension=extension))
        campaign = await floor.campaign("Mora", agents=[agent, other], type="collections", mode=mode)
        (customer,) = await floor.customers(1)
        (case,) = await floor.cases(campaign, [customer], agent_id=agent.id)
        async with opened.house.work() as work:
            point = ContactPoint(customer_id=customer, kind=ContactKind.MOBILE, value=number)
            work.session.add(point)
            await work.session.flush()
        async with opened.house.work(agent) as work:
            await open_case(work, case)
        made = CallFloor(opened, settings, floor, agent, other, case, customer, point.id, number)
        try:
            yield made
        finally:
            made.end_bridges()

"""Killing one process with -9 in the middle of work, and what must hold afterwards.

Each scenario lets people work, kills, lets them finish (they send again what was not answered, with the same key), and
then holds: the checker finds nothing wrong, nothing waits in the outbox, and every screen shows what a reload shows
within ten seconds of the kill.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from atiende.telephony.simulated_pbx import SimulatedPbx
from atiende.tests.support.checker import MARK, left_in_outbox, violations
from atiende.tests.support.faults.bases import BASE_SCENARIOS, base
from atiende.tests.support.floors.running import Person, RunningFloor
from atiende.tests.support.promises import promised

TRUE_WITHIN = 10.0  # seconds from the kill until all screens are true again
ANSWER_WITHIN = 2.0  # seconds in which a request is answered while the database is away
AFTERWARDS = 5  # gestiones of each agent, or assignments, after the victim is back
CALLER = "3105550142"


@dataclass
class FaultFloor:
    """A floor ready to be struck: `acknowledged` are the marks of all gestiones whose saving was answered."""

    floor: RunningFloor
    pbx: SimulatedPbx
    paths: dict[int, list[list[int]]] = field(default_factory=dict)  # by campaign: results after which a case stays
    sharing: int = 0
    acknowledged: list[str] = field(default_factory=list)
    slowest: float = 0.0
    back: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self) -> None:
        """A campaign to work in, one to share out, cases, and screens that are open all the time."""
        floor = self.floor
        values = {"type": "support", "mode": "inbound", "queue": "soporte"}
        floor.campaign = await floor.make_campaign("Soporte", floor.agents, **values)
        self.sharing = await floor.make_campaign("Reparto", floor.agents, type="collections")
        job = await floor.job_done(await floor.upload(base(60), "Soporte"))
        assert (job["state"], job["cases"]) == ("done", 60), job
        for campaign in (floor.campaign, self.sharing):
            tree = (await floor.supervisor.ask("GET", f"/campaigns/{campaign}/results")).json()["results"]
            self.paths[campaign] = [[node["id"]] for node in tree if node["action"] == "redial"]
            assert self.paths[campaign], tree
        for person in (floor.supervisor, floor.supervisor, *floor.agents):
            await floor.screen_of(person)

    async def strike(self, victim: str, when: Awaitable[object], work: Awaitable[object]) -> float:
        """Kill `victim` at a moment of the work; the seconds for which screens were not true because of it.

        That is from the kill until it is back, and from the end of the work until every screen shows what a reload
        shows. Work that can go on without end stops some time after the victim is back (`back`).
        """
        self.back.clear()
        working = asyncio.ensure_future(work)
        await when
        assert not working.done(), "the work was over before the kill"
        pid = self.floor.atiende.kill(victim)
        killed = time.monotonic()
        await asyncio.to_thread(self.floor.atiende.wait_for_another, victim, pid)
        gone = time.monotonic() - killed
        self.back.set()
        await working
        took = gone + await self.floor.screens_are_true(within=promised(TRUE_WITHIN) - gone)
        await self.holds()
        return took

    async def holds(self) -> None:
        """Nothing is lost, double, or left behind."""
        deadline = time.monotonic() + promised(TRUE_WITHIN)
        async with self.floor.look() as session:
            while left := await left_in_outbox(session):
                assert time.monotonic() < deadline, f"{left} rows are left in the outbox"
                await asyncio.sleep(0.1)
            assert await violations(session, self.acknowledged) == []

    # Work

    async def save_gestiones(self) -> None:
        """All agents save at once, one case after the other, until some time after the victim is back."""
        await asyncio.gather(*(self._save(agent) for agent in self.floor.agents))

    async def _save(self, agent: Person) -> None:
        row = await self._open_one(agent)
        after = 0
        while after < AFTERWARDS:
            after += self.back.is_set()
            mark = f"{MARK}{uuid.uuid4().hex}"
            result = random.choice(self.paths[row["campaign"]["id"]])
            form = {"result": result, "observations": mark, "finish": True, "go_on": True}
            began = time.monotonic()
            answer = await agent.ask("POST", f"/cases/{row['number']}/dispositions", form, key=mark)
            self.slowest = max(self.slowest, time.monotonic() - began)
            assert answer.status_code in (200, 201), answer.text
            self.acknowledged.append(mark)
            row = answer.json()["next_case"] or await self._open_one(agent)
        await agent.ask("POST", f"/cases/{row['number']}/leave")

    async def _open_one(self, agent: Person) -> dict[str, Any]:
        """Open the first case that nobody has; another may be quicker."""
        while True:
            page = (await agent.ask("GET", "/cases?section=active&limit=50")).json()["items"]
            page.sort(key=lambda row: random.random())
            for row in page:
                if row["holder"] is None and row["agent"] in (None, {"id": agent.id, "name": agent.username.title()}):
                    answer = await agent.ask("POST", f"/cases/{row['number']}/open")
                    if answer.status_code == 200:
                        return dict(answer.json())
                    if answer.json()["code"] == "busy-with-case":  # opened by a request that was not answered
                        me = (await agent.ask("GET", "/me")).json()
                        return dict((await agent.ask("GET", f"/cases/{me['case_number']}")).json())

    async def share_out(self) -> None:
        """Sixty customers in all are taken back and shared out again; each answer is of work that was done once."""
        search = {"campaign": self.sharing}
        agents = [agent.id for agent in self.floor.agents]
        taken = await self.floor.supervisor.ask("DELETE", "/assignments", search)
        assert taken.status_code == 200, taken.text
        shared = await self.floor.supervisor.ask("POST", "/assignments", {**search, "max": 60, "agents": agents})
        assert shared.status_code in (200, 201), shared.text
        assert shared.json()["customers"] == 60

    async def share_out_often(self) -> None:
        """Again and again, until some time after the victim is back."""
        after = 0
        while after < AFTERWARDS:
            after += self.back.is_set()
            await self.share_out()


Scenario = Callable[[FaultFloor], Awaitable[float]]


async def soon() -> None:
    """Somewhere in the middle."""
    await asyncio.sleep(random.uniform(0.2, 0.8))


async def web_while_gestiones_are_saved(f: FaultFloor) -> float:
    return await f.strike("web", soon(), f.save_gestiones())


async def worker_while_gestiones_are_saved(f: FaultFloor) -> float:
    return await f.strike("worker", soon(), f.save_gestiones())


async def redis_while_gestiones_are_saved(f: FaultFloor) -> float:
    """They save all the same; when it is back everything is published and screens are told to read themselves again."""
    f.slowest, told = 0.0, [len(screen.frames) for screen in f.floor.screens]
    took = await f.strike("redis", soon(), f.save_gestiones())
    assert f.slowest < 3.0, f"a gestión took {f.slowest:.1f} s to save without Redis"
    for screen, since in zip(f.floor.screens, told, strict=True):
        await screen.heard("resync", since=since)
    return took


async def postgres_while_gestiones_are_saved(f: FaultFloor) -> float:
    """Nothing is acknowledged that was not committed; meanwhile every request is answered with a sentence."""
    probing = asyncio.create_task(_probe(f.floor.supervisor))
    try:
        took = await f.strike("postgres", soon(), f.save_gestiones())
    finally:
        probing.cancel()
        answers = (await asyncio.gather(probing, return_exceptions=True))[0]
    if isinstance(answers, AssertionError):
        raise answers
    return took


async def _probe(person: Person) -> None:
    """While the database is away: 503 with a sentence, within two seconds."""
    while True:
        began = time.monotonic()
        with suppress(httpx.TransportError):
            answer = await person.client.get("/cases?section=active&limit=5")
            assert answer.status_code in (200, 503), answer.text
            assert answer.status_code == 200 or answer.json()["message"], answer.text
        took = time.monotonic() - began
        assert took < promised(ANSWER_WITHIN + 0.5), f"an answer took {took:.1f} s"
        await asyncio.sleep(0.05)


async def web_while_cases_are_shared_out(f: FaultFloor) -> float:
    return await f.strike("web", soon(), f.share_out_often())


async def worker_while_cases_are_shared_out(f: FaultFloor) -> float:
    return await f.strike("worker", soon(), f.share_out_often())


async def bridge_while_a_phone_rings(f: FaultFloor) -> float:
    """The caller gives up while nobody listens: the pop does not stay."""
    screen = next(s for s in f.floor.screens if s.person is f.floor.agents[0])
    since = len(screen.frames)
    call = await f.pbx.ring("1001", CALLER, "Ana")
    ringing = await screen.heard("call.ringing", since=since)

    async def give_up() -> None:
        await asyncio.sleep(0.2)
        call.hang_up()
        await screen.heard("call.ended", within=promised(TRUE_WITHIN), since=since, call_id=ringing["call_id"])

    return await f.strike("bridge", asyncio.sleep(0), give_up())


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        web_while_gestiones_are_saved,
        worker_while_gestiones_are_saved,
        redis_while_gestiones_are_saved,
        postgres_while_gestiones_are_saved,
        web_while_cases_are_shared_out,
        worker_while_cases_are_shared_out,
        bridge_while_a_phone_rings,
    )
} | BASE_SCENARIOS

"""A day of scripted calls on a real Asterisk, read leg by leg, and every figure added up by hand.

`ATIENDE_DAY_CALLS` says how many calls it has; usually each script is played once.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from atiende.models.calls.call import Call
from atiende.models.calls.leg import CallLeg
from atiende.models.people.user import User
from atiende.queue.figures.day import sum_up
from atiende.queue.reactions import react
from atiende.telephony import facts as f
from atiende.telephony.ear import PbxEar
from atiende.tests.support.checker import violations
from atiende.tests.support.floors.sharing import Floor, sharing_floor
from atiende.tests.support.pbx.day import GROUPS, QUEUES, Leg, Script, Stage, phones_of_the_day
from atiende.tests.support.pbx.ears import Heard
from atiende.tests.support.pbx.scenes import RealScene, real_scene

pytestmark = pytest.mark.pbx

UTC_ZONE = ZoneInfo("UTC")
EXTENSIONS = [f"10{n:02}" for n in range(1, 10)]
SCRIPTS = sum(map(len, GROUPS))
CALLS = int(os.environ.get("ATIENDE_DAY_CALLS", str(SCRIPTS)))


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    """Nine agents at the phones, in a campaign with the queue `soporte`."""
    async with sharing_floor(database_url) as floor:
        agents = await floor.people(len(EXTENSIONS))
        async with floor.house.work() as work:
            for agent, extension in zip(agents, EXTENSIONS, strict=True):
                await work.session.execute(update(User).where(User.id == agent.id).values(extension=extension))
        await floor.campaign("Soporte", agents=agents, type="support", mode="inbound", queue="soporte")
        yield floor


class Ear:
    """Everything that the PBX says is done, as the bridge does it, and then told to each group of scripts."""

    def __init__(self, floor: Floor, scene: RealScene) -> None:
        self.floor, self.scene = floor, scene
        self.groups = [Heard() for _ in GROUPS]

    async def __aenter__(self) -> Ear:
        self._task = asyncio.create_task(self._listen())
        await self.groups[0].next(f.PbxBack)
        return self

    async def __aexit__(self, *_raised: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _listen(self) -> None:
        async with aclosing(PbxEar("main", self.scene.url).facts()) as facts:
            async for fact in facts:
                await react(self.floor.house, fact)
                for heard in self.groups:
                    heard.take(fact)


async def play(stage: Stage, scripts: Sequence[Script], group: int, calls: int) -> dict[str, tuple[str, list[Leg]]]:
    """By the caller's number: which script was played, and the legs it must have."""
    played = {}
    for place, script in enumerate(islice(cycle(scripts), calls)):
        number = f"300{group}{place:06}"
        try:
            played[number] = (script.__name__, await script(stage, number))
        except TimeoutError as late:
            raise TimeoutError(f"{script.__name__}, call {place} of its group: {late}") from late
    return played


async def legs_of(floor: Floor, number: str) -> list[Leg]:
    """The legs of a call as they are stored, in the order in which they began."""
    async with floor.house.look() as session:
        legs = select(CallLeg).join(Call, Call.id == CallLeg.call_id).where(Call.caller_number == number)
        rows = (await session.scalars(legs.order_by(CallLeg.id))).all()
        queue = {"queue": lambda leg: leg.queue_name}
        return [
            (leg.kind.value, queue.get(leg.kind.value, lambda _: "")(leg), leg.outcome.value if leg.outcome else "")
            for leg in rows
        ]


async def test_every_call_of_a_day_is_read_leg_by_leg_and_the_figures_add_up(floor: Floor, tmp_path: Path) -> None:
    share = [CALLS * len(scripts) // SCRIPTS for scripts in GROUPS]
    async with (
        real_scene(tmp_path, QUEUES, EXTENSIONS) as scene,
        phones_of_the_day(scene) as ami,
        Ear(floor, scene) as ear,
    ):
        groups = [
            play(Stage(scene, ami, heard), scripts, place, calls)
            for place, (scripts, heard, calls) in enumerate(zip(GROUPS, ear.groups, share, strict=True))
        ]
        played = {number: one for group in await asyncio.gather(*groups) for number, one in group.items()}
    wrong = {}
    for number, (name, legs) in played.items():
        if (found := await legs_of(floor, number)) != legs:
            wrong[f"{name} {number}"] = found
    assert wrong == {}
    await the_figures_are_those_of(floor, [legs for _, legs in played.values()])


async def the_figures_are_those_of(floor: Floor, calls: Sequence[Sequence[Leg]]) -> None:
    """The day's figures, summed up by hand from what the scripts say; nothing contradicts itself."""
    waits = Counter(outcome for legs in calls for kind, _, outcome in legs if kind == "queue")
    async with floor.house.look() as session:
        figures = (await sum_up(session, datetime.now(UTC), UTC_ZONE)).calls
        assert await violations(session) == []
        held = await session.scalar(select(CallLeg.held_seconds).where(CallLeg.held_seconds > 0).limit(1))
    told = (figures.queued, figures.answered, figures.abandoned, figures.left, figures.waiting)
    assert told == (waits.total(), waits["answered"], waits["abandoned"], waits["left"], 0)
    assert figures.abandoned_percent == round(100 * waits["abandoned"] / (waits["answered"] + waits["abandoned"]), 1)
    assert held is not None

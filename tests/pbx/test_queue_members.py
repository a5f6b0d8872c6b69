"""Members of the queues of a real Asterisk, whatever their interface: found, paused, rung, and never doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from atiende.models.calls.call import Pbx
from atiende.models.people.agent import State
from atiende.queue.cases.taking import leave_case
from atiende.queue.people.agents import choose_state, sign_out
from atiende.server.settings import Settings
from atiende.telephony import facts as f
from atiende.telephony.commands import AddMember
from atiende.telephony.hand import Hand
from atiende.tests.support.floors.calls import CallFloor, call_floor
from atiende.tests.support.pbx.config import Queue
from atiende.tests.support.pbx.ears import Heard, eventually, listening
from atiende.tests.support.pbx.scenes import RealScene, real_scene

pytestmark = pytest.mark.pbx

WAY, HINT = "Local/1001@from-queue/n", "hint:1001@ext-local"
CALLER = "3001112233"

# how a PBX writes the member that an extension has already
STATIC = {
    "FreePBX": f"{WAY},0,Ana,{HINT}",
    "Issabel": f"{WAY},0,Ana,PJSIP/1001",
    "a way alone": WAY,
    "the phone": "PJSIP/1001",
}


@pytest.fixture
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RealScene]:
    """The queue `ventas` rings 1002, who refuses, and the members that the parameter says."""
    queue = Queue((*request.param, "1002"), strategy="ringall", ring=15)
    async with real_scene(tmp_path, {"ventas": queue}) as made:
        await made.phone("1001", "answers")
        await made.phone("1002", "refuses")
        yield made


@pytest.fixture
async def floor(settings: Settings, scene: RealScene) -> AsyncIterator[CallFloor]:
    """Set up for FreePBX. The first agent has a case open, the other is EN ESPERA."""
    form = {"queue_member": "Local/{extension}@from-queue/n", "queue_member_state": "hint:{extension}@ext-local"}
    async with call_floor(settings.with_values(**form), scene) as floor:
        agents = [floor.agent, floor.other]
        await floor.floor.campaign("Ventas", agents=agents, type="support", mode="inbound", queue="ventas")
        yield floor


async def rest(floor: CallFloor) -> None:
    """The agent lets go of the case and pauses."""
    async with floor.house.work(floor.agent) as work:
        await leave_case(work, floor.case)
    async with floor.house.work(floor.agent) as work:
        await choose_state(work, floor.agent.id or 0, State.PAUSED, "lunch")


async def be_free(floor: CallFloor) -> None:
    async with floor.house.work(floor.agent) as work:
        await choose_state(work, floor.agent.id or 0, State.WAITING)


def members(scene: RealScene) -> list[str]:
    """How Asterisk itself shows the members of 1001."""
    return [line.strip() for line in scene.pbx.cli("queue show ventas").splitlines() if "1001" in line]


async def is_rung_only_when_free(scene: RealScene, floor: CallFloor, heard: Heard) -> None:
    """EN PAUSA the queue rings only the other one, again and again; EN ESPERA the caller is put through."""
    with scene.bench.caller("ventas", CALLER, b"Ana"):
        waits = await heard.next(f.CallerWaits, queue="ventas")
        for _ in range(2):
            await heard.next(f.CallRang, call=waits.call, extension="1002")
        assert {rang.extension for rang in heard.of(f.CallRang)} == {"1002"}  # type: ignore[attr-defined]
        await be_free(floor)
        await heard.next(f.CallAnswered, call=waits.call, extension="1001", queue="ventas")


@pytest.mark.parametrize("scene", [(member,) for member in STATIC.values()], ids=STATIC, indirect=True)
async def test_a_member_that_the_pbx_has_already_follows_the_agents_state(scene: RealScene, floor: CallFloor) -> None:
    async with listening(scene.url) as heard, floor.bridge():
        await heard.next(f.MemberChanged, extension="1001", paused=True)
        await rest(floor)
        await heard.next(f.MemberChanged, extension="1001", paused=True)
        await is_rung_only_when_free(scene, floor, heard)
        async with floor.house.work(floor.agent) as work:
            await sign_out(work, floor.agent.id or 0)
        await heard.next(f.MemberChanged, extension="1001", paused=True)
        (line,) = await asyncio.to_thread(members, scene)
        assert "paused" in line, "DESCONECTADO, and still in the queue by the PBX's own configuration"


@pytest.mark.parametrize("scene", [()], ids=["none"], indirect=True)
async def test_a_member_of_our_own_is_made_as_the_settings_say_and_taken_out(
    scene: RealScene, floor: CallFloor
) -> None:
    async with listening(scene.url) as heard, floor.bridge():
        await rest(floor)
        await heard.next(f.MemberChanged, extension="1001", interface=WAY, paused=True)
        (line,) = await asyncio.to_thread(members, scene)
        assert line.startswith(WAY) and "dynamic" in line
        await is_rung_only_when_free(scene, floor, heard)
        async with floor.house.work(floor.agent) as work:
            await sign_out(work, floor.agent.id or 0)
        await heard.next(f.MemberChanged, extension="1001", present=False)
        assert await asyncio.to_thread(members, scene) == []


@pytest.mark.parametrize("scene", [()], ids=["none"], indirect=True)
@pytest.mark.parametrize("interface", ["SIP/1001", "Local/1001@ext-queues/n"])
async def test_a_member_that_signed_in_at_the_phone_is_paused_and_never_doubled(
    scene: RealScene, floor: CallFloor, interface: str
) -> None:
    """As with a star code of the PBX, in a form that is not ours: it is found, and left in when its agent goes."""
    phone = Hand(scene.hand_url)
    await phone.do(AddMember("ventas", interface, "PJSIP/1001"))
    async with listening(scene.url) as heard, floor.bridge():
        await heard.next(f.MemberChanged, extension="1001", interface=interface, paused=True)
        await rest(floor)
        await be_free(floor)
        await heard.next(f.MemberChanged, extension="1001", interface=interface, paused=False)
        async with floor.house.work(floor.agent) as work:
            await sign_out(work, floor.agent.id or 0)
        await heard.next(f.MemberChanged, extension="1001", interface=interface, paused=True)
        assert len(await asyncio.to_thread(members, scene)) == 1
    await phone.close()


@pytest.mark.parametrize("scene", [("PJSIP/1001", STATIC["FreePBX"])], ids=["both"], indirect=True)
async def test_two_members_of_one_phone_are_both_paused_and_said(scene: RealScene, floor: CallFloor) -> None:
    async with listening(scene.url) as heard, floor.bridge():
        for _ in range(2):
            await heard.next(f.MemberChanged, extension="1001", paused=True)

        async def said() -> bool:
            async with floor.house.look() as session:
                return (await session.execute(select(Pbx.doubled))).scalar_one() == [["ventas", "1001"]]

        await eventually(said)

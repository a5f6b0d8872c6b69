"""A real call on a real Asterisk raises the pop of the right customer on the right screen, and on no other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from atiende.models.calls.call import Call
from atiende.tests.support.checker import violations
from atiende.tests.support.floors.running import LiveScreen, Person, RunningFloor, running_floor
from atiende.tests.support.pbx.scenes import RealScene, real_scene
from atiende.tests.support.promises import LIMIT
from atiende.tests.support.running_atiende import RunningAtiende

pytestmark = pytest.mark.pbx

HEALED_WITHIN = 60.0  # seconds until the test gives up


@dataclass
class PopFloor:
    """Three agents at the phones 1001, 1002 and 1003, each with a screen; a campaign with the queue `soporte`."""

    scene: RealScene
    floor: RunningFloor
    screens: dict[str, LiveScreen]

    def agent(self, extension: str) -> Person:
        return self.floor.agents[int(extension) - 1001]

    async def customer(self, document: str, *phones: str) -> int:
        body = {"document_type": "CC", "document": document, "first_name": "Íngrid", "phones": list(phones)}
        made = await self.agent("1001").ask("POST", "/customers", body)
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    def now(self) -> dict[str, int]:
        """How much each screen has heard."""
        return {extension: len(screen.frames) for extension, screen in self.screens.items()}

    async def pop(self, extension: str, since: dict[str, int]) -> dict[str, Any]:
        """The pop on one screen; nobody else's shows anything of the call."""
        rang = await self.screens[extension].heard("call.ringing", since=since[extension])
        await asyncio.sleep(0.2)
        for other, screen in self.screens.items():
            told = [frame for frame in screen.frames[since[other] :] if frame.get("call_id") == rang["call_id"]]
            assert other == extension or told == [], f"{other} heard of {extension}'s call"
        assert rang["call"]["ringing"] == [self.agent(extension).id]
        return dict(rang["call"])

    async def be_free(self) -> None:
        """Everybody out of calls and cases, EN ESPERA."""
        for extension, agent in zip(self.screens, self.floor.agents, strict=True):
            await self.state(extension, call="none")
            me = (await agent.ask("GET", "/me")).json()
            if me["case_number"]:
                await agent.ask("POST", f"/cases/{me['case_number']}/leave")
            await agent.ask("POST", "/agents/me/state", {"state": "waiting"})

    async def state(self, extension: str, within: float = LIMIT, **wanted: Any) -> dict[str, Any]:
        """What a screen says of its agent, once it says this."""
        deadline = time.monotonic() + within
        while True:
            _, shown = self.screens[extension].things[("person", self.agent(extension).id)]
            if all(shown[name] == value for name, value in wanted.items()):
                return shown
            assert time.monotonic() < deadline, f"{extension} is not {wanted}, but {shown}"
            await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PopFloor]:
    folder: Path = tmp_path_factory.mktemp("pops")
    async with real_scene(folder) as scene:
        atiende = RunningAtiende(environment={"ATIENDE_AMI_URL": scene.url})
        try:
            await asyncio.to_thread(atiende.__enter__)
            async with running_floor(atiende) as floor:
                values = {"type": "support", "mode": "inbound", "queue": "soporte"}
                floor.campaign = await floor.make_campaign("Soporte", floor.agents, **values)
                screens = {f"100{n}": await floor.screen_of(agent) for n, agent in enumerate(floor.agents, 1)}
                yield PopFloor(scene, floor, screens)
        finally:
            await asyncio.to_thread(atiende.__exit__)


@pytest.fixture
async def pops(whole: PopFloor) -> AsyncIterator[PopFloor]:
    """Phones that ring and are not answered; afterwards nothing in the database contradicts itself."""
    for extension in ("1001", "1002", "1003"):
        await whole.scene.phone(extension, "never answers")
    yield whole
    await asyncio.to_thread(whole.scene.pbx.cli, "channel request hangup all")
    await whole.be_free()
    async with whole.floor.look() as session:
        assert await violations(session) == []


@pytest.mark.proves("M-05")
async def test_a_known_caller_pops_on_the_phone_that_rings_and_goes_when_the_caller_gives_up(pops: PopFloor) -> None:
    customer, since = await pops.customer("1001", "3105550101"), pops.now()
    pops.scene.bench.caller("1002", "3105550101", b"Ana", give_up_ms=1500)
    call = await pops.pop("1002", since)
    assert call["customer"]["id"] == customer
    ended = await pops.screens["1002"].heard("call.ended", since=since["1002"], call_id=call["id"])
    assert ended["call"]["ringing"] == []
    await pops.state("1002", call="none", state="waiting")


@pytest.mark.proves("S4-78", "M-05")
async def test_answering_a_call_of_the_queue_opens_the_customers_case_and_says_en_gestion(pops: PopFloor) -> None:
    """The call makes the case, in the campaign whose queue brought it."""
    customer = await pops.customer("1002", "3105550102")
    await pops.scene.phone("1002", "answers")
    for other in ("1001", "1003"):
        await pops.agent(other).ask("POST", "/agents/me/state", {"state": "paused", "reason": "break"})
    since = pops.now()
    pops.scene.bench.caller("soporte", "3105550102", b"Ana", talk_ms=12000)
    answered = await pops.screens["1002"].heard("call.answered", since=since["1002"])
    assert (answered["customer"]["id"], answered["campaign"]["id"]) == (customer, pops.floor.campaign)
    assert answered["case"]["customer"]["id"] == customer
    shown = await pops.state("1002", state="handling", call="talking")
    assert shown["case_number"] == answered["case"]["number"]
    sheet = (await pops.agent("1002").ask("GET", f"/cases/{shown['case_number']}")).json()
    assert sheet["holder"]["id"] == pops.agent("1002").id


async def test_a_number_that_two_customers_share_asks_which_and_opens_the_chosen_ones_case(pops: PopFloor) -> None:
    both = {await pops.customer(document, "3105550103") for document in ("1003", "1004")}
    await pops.scene.phone("1001", "answers")
    since = pops.now()
    pops.scene.bench.caller("1001", "3105550103", b"Ana", talk_ms=12000)
    call = await pops.pop("1001", since)
    assert call["customer"] is None
    assert {match["customer"]["id"] for match in call["matches"]} == both
    await pops.state("1001", state="handling", call="talking", case_number=None)
    chosen = max(both)
    said = await pops.agent("1001").ask("POST", f"/calls/{call['id']}/customer", {"customer_id": chosen})
    assert said.json()["case"]["customer"]["id"] == chosen, said.text
    await pops.state("1001", case_number=said.json()["case"]["number"])


@pytest.mark.proves("S4-80")
async def test_an_unknown_caller_pops_with_the_number_and_becomes_a_customer(pops: PopFloor) -> None:
    """An empty form with the number filled; what is written down opens a case."""
    await pops.scene.phone("1003", "answers")
    since = pops.now()
    pops.scene.bench.caller("1003", "3159990000", b"", talk_ms=12000)
    call = await pops.pop("1003", since)
    assert (call["customer"], call["matches"], call["caller_id"]) == (None, [], "+573159990000")
    await pops.state("1003", state="handling", call="talking")
    new = {"document_type": "CC", "document": "1005", "first_name": "Óscar", "phones": ["3159990000"]}
    said = await pops.agent("1003").ask("POST", f"/calls/{call['id']}/customer", new)
    assert said.json()["case"]["phones"][0]["value"] == "+573159990000", said.text


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"status will follow", "status will follow"),
        ("Muñoz".encode("latin-1"), "Mu\ufffdoz"),  # Asterisk itself replaces what is not UTF-8
        (b"N" * 500, "N" * 79),  # and keeps 79 bytes of a name
        (b"x%0d%0a%0d%0aEvent: Hangup", "x%0d%0a%0d%0aEvent: Hangup"),
    ],
    ids=["status will follow", "latin-1", "500 characters", "line ends"],
)
async def test_any_display_name_pops_the_right_customer(pops: PopFloor, sent: bytes, told: str) -> None:
    """The number says who calls, whatever the name says."""
    number = f"31055502{sum(sent) % 90 + 10}"
    customer, since = await pops.customer(f"2{number}", number), pops.now()
    pops.scene.bench.caller("1001", number, sent, give_up_ms=1200)
    call = await pops.pop("1001", since)
    assert (call["customer"]["id"], call["caller_name"]) == (customer, told)
    await pops.screens["1001"].heard("call.ended", since=since["1001"], call_id=call["id"])


async def test_events_forged_in_a_number_take_nobodys_pop_away(pops: PopFloor) -> None:
    """Asterisk writes the caller's number with its line ends: a whole event may stand in it."""
    customer, since = await pops.customer("1006", "3105550106"), pops.now()
    pops.scene.bench.caller("1001", "3105550106", b"Ana")
    call = await pops.pop("1001", since)
    async with pops.floor.look() as session:
        name = await session.scalar(select(Call.pbx_call).where(Call.id == call["id"]))
    forged = f"1\r\n\r\nEvent: Hangup\r\nUniqueid: {name}\r\nLinkedid: {name}\r\n\r\nX: "
    pops.scene.bench.caller("1003", quote(forged), b"Mallory", give_up_ms=1500)
    await asyncio.sleep(2.5)
    told = [f for f in pops.screens["1001"].frames[since["1001"] :] if f.get("call_id") == call["id"]]
    assert [f["type"] for f in told if f["type"] == "call.ended"] == []
    assert told[-1]["call"]["customer"]["id"] == customer
    await pops.state("1001", call="ringing", call_id=call["id"])


async def test_kill_9_of_asterisk_in_a_call_is_said_on_every_screen_and_heals_when_it_is_back(pops: PopFloor) -> None:
    """The PBX lost and back is said everywhere; nobody stays in a call that is over."""
    await pops.customer("1007", "3105550107")
    await pops.scene.phone("1001", "answers")
    since = pops.now()
    caller = pops.scene.bench.caller("1001", "3105550107", b"Ana")
    await pops.screens["1001"].heard("call.answered", since=since["1001"])
    await pops.state("1001", state="handling", call="talking")
    pops.scene.pbx.kill()
    for extension, screen in pops.screens.items():
        await screen.heard("pbx.lost", since=since[extension])
    caller.stop()
    await asyncio.to_thread(pops.scene.pbx.start)
    for extension, screen in pops.screens.items():
        await screen.heard("pbx.back", since=since[extension], within=HEALED_WITHIN)
    healed = await pops.state("1001", within=HEALED_WITHIN, call="none")
    assert healed["state"] == "handling"
    assert healed["case_number"] is not None
    await pops.floor.screens_are_true()
    for extension in ("1001", "1002"):
        await pops.scene.phone(extension, "never answers")
    since = pops.now()
    pops.scene.bench.caller("1002", "3105550107", b"Ana", give_up_ms=1200)
    assert (await pops.pop("1002", since))["customer"] is not None

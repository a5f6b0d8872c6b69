"""The ear on a real Asterisk: hostile names, unknown callers, transfers, and a PBX that dies during a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from atiende.telephony import facts as f
from atiende.telephony.ami.connection import Address, AmiConnection, AskRefused
from atiende.telephony.calls.translator import EVENT_CLASSES
from atiende.tests.support.pbx import config as config
from atiende.tests.support.pbx.ears import Heard, listening
from atiende.tests.support.pbx.scenes import RealScene, real_scene
from atiende.tests.support.promises import promised

pytestmark = pytest.mark.pbx

NUMBER = "3001112233"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[RealScene]:
    async with real_scene(tmp_path) as scene:
        await scene.phone("1001", "answers")
        yield scene


@pytest.fixture
async def heard(scene: RealScene) -> AsyncIterator[Heard]:
    async with listening(scene.url) as heard:
        await heard.next(f.PbxBack)
        yield heard


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"status will follow", "status will follow"),
        ("Muñoz €".encode(), "Muñoz €"),
        ("Muñoz".encode("latin-1"), "Mu\ufffdoz"),  # Asterisk itself replaces what is not UTF-8
        (b"N" * 500, "N" * 79),  # and keeps 79 bytes of a name
        (b"x%0d%0a%0d%0aEvent: Hangup", "x%0d%0a%0d%0aEvent: Hangup"),
        (b"tab\tinside", "tabinside"),
        (b"", ""),
    ],
)
async def test_any_display_name_reaches_the_agent_and_the_next_call_too(
    scene: RealScene, heard: Heard, sent: bytes, told: str
) -> None:
    scene.bench.caller("1001", NUMBER, sent, talk_ms=200)
    rang = await heard.next(f.CallRang, extension="1001", caller_number=NUMBER)
    assert rang.caller_name == told
    await heard.next(f.CallEnded, call=rang.call)
    scene.bench.caller("1001", "3009998877", b"Luis", talk_ms=200)
    await heard.next(f.CallRang, caller_number="3009998877", caller_name="Luis")


async def test_events_forged_in_a_callers_number_end_no_other_call(scene: RealScene, heard: Heard) -> None:
    """Asterisk writes the number with its line ends: this caller sends a whole Hangup of somebody else's call."""
    scene.bench.caller("1001", NUMBER, b"Ana")
    talked = await heard.next(f.CallAnswered, caller_number=NUMBER)
    ids = f"Uniqueid: {talked.call}\r\nLinkedid: {talked.call}\r\n"
    forged = f"1\r\n\r\nEvent: Hangup\r\n{ids}\r\nEvent: QueueCallerJoin\r\n{ids}Queue: soporte\r\n\r\nX: "
    scene.bench.caller("soporte", quote(forged), b"Mallory", talk_ms=1500)
    back = await heard.next(f.PbxBack, limit=promised(8))
    assert [(seen.call, seen.answered) for seen in back.calls] == [(talked.call, True)]
    scene.bench.caller("ventas", "3009998877", b"Luis", talk_ms=2500)
    luis = await heard.next(f.CallerWaits, caller_number="3009998877")
    assert {fact.call for fact in heard.of(f.CallerWaits, f.CallEnded)} == {luis.call}  # type: ignore[attr-defined]
    assert heard.of(f.PbxLost, f.AgentLeft) == []


async def test_an_unknown_caller_rings_as_any_other(scene: RealScene, heard: Heard) -> None:
    """The number is as sent, nothing is made up."""
    scene.bench.caller("1001", "anonymous", b"", talk_ms=200)
    rang = await heard.next(f.CallRang, extension="1001")
    assert (rang.caller_number, rang.caller_name, rang.direction) == ("anonymous", "", f.Direction.INBOUND)


async def test_hold_is_heard(scene: RealScene, heard: Heard) -> None:
    await asyncio.to_thread(scene.bench.phone, "1002", 200, scenario="phone_holds")
    scene.bench.caller("1002", NUMBER, talk_ms=3000)
    await heard.next(f.CallAnswered, extension="1002")
    await heard.next(f.CallHeld, extension="1002", held=True)
    await heard.next(f.CallHeld, extension="1002", held=False)


async def test_a_blind_transfer_brings_the_customer_to_the_other_agent(scene: RealScene, heard: Heard) -> None:
    await scene.phone("1003", "answers")
    scene.bench.caller("1001", NUMBER, b"Ana", talk_ms=3000)
    answered = await heard.next(f.CallAnswered, extension="1001")
    channel = await asyncio.to_thread(channel_of, scene, "1001")
    transfer = {"Channel": channel, "Context": "agents", "Exten": "1003"}
    await as_bench(scene, "BlindTransfer", transfer)
    await heard.next(f.AgentLeft, call=answered.call, extension="1001")
    await heard.next(f.CallRang, call=answered.call, extension="1003", caller_number=NUMBER)
    await heard.next(f.CallAnswered, call=answered.call, extension="1003", caller_name="Ana")
    await heard.next(f.CallEnded, call=answered.call)


async def test_an_agent_called_first_and_then_another_make_an_internal_call(scene: RealScene, heard: Heard) -> None:
    await scene.phone("1003", "answers")
    originate = {"Channel": "PJSIP/1001", "Context": "agents", "Exten": "1003", "Priority": "1", "Async": "true"}
    await as_bench(scene, "Originate", originate)
    await heard.next(f.CallRang, extension="1001")
    await heard.next(f.CallRang, extension="1003", direction=f.Direction.INTERNAL)
    await heard.next(f.CallAnswered, extension="1003", direction=f.Direction.INTERNAL)


async def test_kill_9_in_a_call_is_lost_once_and_back_with_the_truth_within_five_seconds(
    scene: RealScene, heard: Heard
) -> None:
    caller = scene.bench.caller("1001", NUMBER, b"Ana")
    await heard.next(f.CallAnswered, extension="1001")
    scene.pbx.kill()
    await heard.next(f.PbxLost, limit=promised(2))
    caller.stop()
    await asyncio.to_thread(scene.pbx.start)
    back = await heard.next(f.PbxBack, limit=promised(5))
    assert back.calls == ()
    assert len(heard.of(f.PbxLost)) == 1
    await scene.phone("1001", "answers")
    scene.bench.caller("1001", NUMBER, b"Ana", talk_ms=200)
    await heard.next(f.CallAnswered, extension="1001")


async def test_a_frozen_asterisk_is_seen_within_fifteen_seconds_and_its_call_is_still_there(
    scene: RealScene, heard: Heard
) -> None:
    scene.bench.caller("1001", NUMBER, b"Ana")
    answered = await heard.next(f.CallAnswered, extension="1001")
    scene.pbx.freeze()
    await heard.next(f.PbxLost, limit=promised(15))
    scene.pbx.thaw()
    back = await heard.next(f.PbxBack, limit=promised(8))
    seen = f.CallSeen(answered.call, "1001", True, f.Direction.INBOUND, NUMBER, "Ana")
    assert back.calls == (seen,)


async def test_a_queue_call_that_goes_on_is_seen_by_an_ear_that_comes_later(scene: RealScene, heard: Heard) -> None:
    await scene.phone("1003", "never answers")
    scene.bench.caller("soporte", NUMBER, b"Ana")
    answered = await heard.next(f.CallAnswered, extension="1001", queue="soporte")
    scene.bench.caller("ventas", "3004445566", b"Luis")
    rang = await heard.next(f.CallRang, extension="1003", queue="ventas")
    async with listening(scene.url) as late:
        back = await late.next(f.PbxBack)
    inbound = f.Direction.INBOUND
    assert set(back.calls) == {
        f.CallSeen(answered.call, "1001", True, inbound, NUMBER, "Ana", "soporte"),
        f.CallSeen(rang.call, "1003", False, inbound, "3004445566", "Luis", "ventas"),
    }
    assert back.waiting == ((rang.call, "ventas", "3004445566", "Luis", inbound),)
    assert back.version.startswith("22.")


async def test_a_phone_that_is_unregistered_is_told(scene: RealScene, heard: Heard) -> None:
    phone = await asyncio.to_thread(scene.bench.phone, "1002")
    await heard.next(f.PhoneChanged, extension="1002", state=f.PhoneState.IDLE)
    await asyncio.to_thread(scene.bench.unregister, "1002", phone)
    await heard.next(f.PhoneChanged, extension="1002", state=f.PhoneState.UNAVAILABLE)


async def test_a_wrong_secret_is_said_as_such(scene: RealScene) -> None:
    async with listening(scene.pbx.url("ear", "wrong")) as heard:
        lost = await heard.next(f.PbxLost)
    assert lost.reason == "login refused: Authentication failed"


async def test_the_ears_account_may_change_nothing(scene: RealScene) -> None:
    connection = AmiConnection(Address.parse(scene.url), lambda *_: None, EVENT_CLASSES)
    try:
        await connection.open()
        for action in ("Originate", "Command", "QueuePause", "Hangup", "UpdateConfig", "ModuleLoad"):
            with pytest.raises(AskRefused, match="Permission denied"):
                await connection.ask(action, {"Channel": "Local/x", "Command": "core stop now"})
    finally:
        await connection.close()


def channel_of(scene: RealScene, extension: str) -> str:
    lines = scene.pbx.cli("core show channels concise").splitlines()
    return next(line.split("!")[0] for line in lines if line.startswith(f"PJSIP/{extension}-"))


async def as_bench(scene: RealScene, action: str, headers: dict[str, str]) -> None:
    """Do something to the PBX with the bench's own account."""
    connection = AmiConnection(Address.parse(scene.pbx.url(*config.BENCH)), lambda *_: None, EVENT_CLASSES)
    try:
        await connection.open()
        await connection.ask(action, headers)
    finally:
        await connection.close()

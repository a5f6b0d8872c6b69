"""The ear on the simulated PBX: what it says, how it is lost and how it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from atiende.telephony import facts as f
from atiende.telephony.ami.connection import Address, AmiConnection, AmiLost, AskRefused, LoginRefused
from atiende.telephony.calls.translator import EVENT_CLASSES
from atiende.telephony.ear import Patience, PbxEar
from atiende.telephony.simulated_pbx import SimulatedPbx
from atiende.tests.support.pbx.ears import Heard, eventually, listening
from atiende.tests.support.promises import promised


@pytest.fixture
async def pbx() -> AsyncIterator[SimulatedPbx]:
    simulated = SimulatedPbx(("1001", "1002", "1003"), {"soporte": ("1001", "1002"), "ventas": ("1003",)})
    await simulated.start()
    yield simulated
    await simulated.stop()


@pytest.fixture
async def heard(pbx: SimulatedPbx) -> AsyncIterator[Heard]:
    async with listening(pbx.url) as heard:
        await heard.next(f.PbxBack)
        yield heard


async def test_it_begins_with_all_that_the_pbx_says_of_itself(pbx: SimulatedPbx) -> None:
    pbx.register("1003", False)
    talked = await pbx.ring("1001", "3001112233", "Ana")
    talked.answer()
    waits = await pbx.queue_call("ventas", "3004445566", "Luis")
    async with listening(pbx.url) as heard:
        back = await heard.next(f.PbxBack)
    assert back.version == "22.0.0-simulated"
    assert back.calls == (f.CallSeen(talked.id, "1001", True, f.Direction.INBOUND, "3001112233", "Ana"),)
    assert back.phones == (
        ("1001", f.PhoneState.IN_USE),
        ("1002", f.PhoneState.IDLE),
        ("1003", f.PhoneState.UNAVAILABLE),
    )
    assert back.waiting == ((waits.id, "ventas", "3004445566", "Luis", f.Direction.INBOUND),)
    assert back.members == tuple(
        (queue, phone, f"PJSIP/{phone}", False)
        for queue, phone in (("soporte", "1001"), ("soporte", "1002"), ("ventas", "1003"))
    )


async def test_a_call_is_heard_from_its_ring_to_its_end(pbx: SimulatedPbx, heard: Heard) -> None:
    call = await pbx.ring("1001", "3001112233", "Ana")
    rang = await heard.next(f.CallRang, extension="1001")
    assert (rang.call, rang.caller_number, rang.caller_name) == (call.id, "3001112233", "Ana")
    call.answer()
    await heard.next(f.CallAnswered, call=call.id)
    call.hold()
    await heard.next(f.CallHeld, held=True)
    call.hold(False)
    await heard.next(f.CallHeld, held=False)
    call.hang_up()
    await heard.next(f.AgentLeft, extension="1001")
    await heard.next(f.CallEnded, call=call.id, cause=16)


async def test_what_was_heard_before_the_pbx_was_read_again_is_told_before_what_it_said(pbx: SimulatedPbx) -> None:
    """A call that ended while its facts waited ends with its own cause, and is none that got lost."""
    async with asyncio.timeout(10), aclosing(PbxEar("centro", pbx.url, read_every=0.0).facts()) as facts:
        assert isinstance(await anext(facts), f.PbxBack)
        call = await pbx.ring("1001", "3001112233")
        while not isinstance(await anext(facts), f.CallRang):
            pass
        call.reject()
        told = [await anext(facts)]
        while not isinstance(told[-1], f.PbxBack) or told[-1].calls:
            told.append(await anext(facts))
    ended = [fact for fact in told[:-1] if isinstance(fact, f.CallEnded)]
    assert [(fact.call, fact.cause) for fact in ended] == [(call.id, 17)]


async def test_every_agent_phone_that_rings_without_answer_stops(pbx: SimulatedPbx, heard: Heard) -> None:
    for what, outcome in (("no_answer", "no_answer"), ("reject", "rejected"), ("hang_up", "abandoned")):
        call = await pbx.ring("1001", "3001112233")
        getattr(call, what)()
        await heard.next(f.RingStopped, call=call.id, outcome=f.RingOutcome(outcome))
        await heard.next(f.CallEnded, call=call.id)


async def test_a_queue_rings_the_next_agent_when_one_does_not_answer(pbx: SimulatedPbx, heard: Heard) -> None:
    call = await pbx.queue_call("soporte", "3001112233", "Ana")
    await heard.next(f.CallerWaits, queue="soporte", caller_number="3001112233")
    first = await heard.next(f.CallRang, queue="soporte")
    call.no_answer()
    await heard.next(f.RingStopped, extension=first.extension, outcome=f.RingOutcome.NO_ANSWER)
    second = await heard.next(f.CallRang, queue="soporte")
    assert second.extension != first.extension
    call.answer()
    await heard.next(f.CallerLeft, call=call.id, outcome=f.QueueOutcome.ANSWERED)
    await heard.next(f.CallAnswered, extension=second.extension, queue="soporte")


async def test_when_all_phones_ring_and_one_answers_the_others_stop(pbx: SimulatedPbx, heard: Heard) -> None:
    call = await pbx.queue_call("soporte", "3001112233", ring_all=True)
    await heard.next(f.CallRang)
    await heard.next(f.CallRang)
    call.answer("1002")
    await heard.next(f.RingStopped, extension="1001", outcome=f.RingOutcome.ELSEWHERE)
    await heard.next(f.CallAnswered, extension="1002")


async def test_a_caller_who_gives_up_in_a_queue_abandons_it(pbx: SimulatedPbx, heard: Heard) -> None:
    call = await pbx.queue_call("soporte", "3001112233")
    await heard.next(f.CallRang)
    call.hang_up()
    await heard.next(f.RingStopped, outcome=f.RingOutcome.ABANDONED)
    await heard.next(f.CallerLeft, call=call.id, outcome=f.QueueOutcome.ABANDONED)
    await heard.next(f.CallEnded, call=call.id)


@pytest.mark.parametrize(
    "name", ["status will follow", "Muñoz \\ \"Pepe\" 'x'", "ñ" * 500, "a\r\n\r\nEvent: Hangup", ""]
)
async def test_any_display_name_passes_and_harms_nobody(pbx: SimulatedPbx, heard: Heard, name: str) -> None:
    """An unknown caller rings like any other."""
    call = await pbx.ring("1001", "anonymous" if not name else "3001112233", name)
    rang = await heard.next(f.CallRang, call=call.id)
    assert rang.caller_name == name.replace("\r", "").replace("\n", "")[:200]
    call.hang_up()
    await heard.next(f.CallEnded, call=call.id)


async def test_a_lost_phone_and_a_paused_member_are_told(pbx: SimulatedPbx, heard: Heard) -> None:
    pbx.register("1001", False)
    await heard.next(f.PhoneChanged, extension="1001", state=f.PhoneState.UNAVAILABLE)
    connection = AmiConnection(Address.parse(pbx.url), lambda *_: None, EVENT_CLASSES)
    try:
        await connection.open()
        await connection.ask("QueuePause", {"Interface": "PJSIP/1002", "Paused": "true", "Reason": "Almuerzo"})
        with pytest.raises(AskRefused, match="not found"):
            await connection.ask("QueuePause", {"Interface": "PJSIP/9999", "Paused": "true"})
        with pytest.raises(AskRefused, match="unknown command"):
            await connection.ask("Nonsense")
    finally:
        await connection.close()
    await heard.next(f.MemberChanged, extension="1002", paused=True, reason="Almuerzo")


async def test_a_dropped_connection_is_told_once_and_comes_back_with_the_truth(pbx: SimulatedPbx, heard: Heard) -> None:
    kept = await pbx.ring("1001", "3001112233")
    kept.answer()
    gone = await pbx.ring("1002", "3004445566")
    await heard.next(f.CallRang, extension="1002")
    pbx.drop_connections()
    gone.hang_up()
    await heard.next(f.PbxLost)
    back = await heard.next(f.PbxBack, limit=promised(5))
    assert [(seen.call, seen.answered) for seen in back.calls] == [(kept.id, True)]
    assert len(heard.of(f.PbxLost)) == 1
    kept.hang_up()
    await heard.next(f.AgentLeft, call=kept.id)


async def test_a_pbx_that_is_gone_is_lost_once_and_back_within_five_seconds(pbx: SimulatedPbx, heard: Heard) -> None:
    await pbx.ring("1001", "3001112233")
    await pbx.stop()
    await heard.next(f.PbxLost)
    await asyncio.sleep(1.5)  # some tries that fail
    assert len(heard.of(f.PbxLost)) == 1
    await pbx.start()
    back = await heard.next(f.PbxBack, limit=promised(5))
    assert back.calls == ()


async def test_a_frozen_pbx_is_seen_within_fifteen_seconds(pbx: SimulatedPbx, heard: Heard) -> None:
    pbx.freeze()
    lost = await heard.next(f.PbxLost, limit=promised(15))
    assert "no answer" in lost.reason
    pbx.thaw()
    await heard.next(f.PbxBack, limit=promised(8))


async def test_a_wrong_secret_is_said_and_tried_again_slowly(pbx: SimulatedPbx) -> None:
    wrong = pbx.url.replace("simulated", "wrong")
    async with listening(wrong, patience=Patience(refused=60)) as heard:
        lost = await heard.next(f.PbxLost)
        assert lost.reason == "login refused: Authentication failed"
        assert "wrong" not in lost.reason
    connection = AmiConnection(Address.parse(wrong), lambda *_: None, EVENT_CLASSES)
    with pytest.raises(LoginRefused):
        await connection.open()
    await connection.close()


async def test_nobody_there_is_told_as_lost() -> None:
    async with listening("ami://x:y@127.0.0.1:1") as heard:
        lost = await heard.next(f.PbxLost)
    assert lost.reason.startswith("cannot connect")


async def test_asking_after_the_connection_ended_fails_at_once(pbx: SimulatedPbx) -> None:
    connection = AmiConnection(Address.parse(pbx.url), lambda *_: None, EVENT_CLASSES)
    await connection.open()
    pbx.drop_connections()
    with pytest.raises(AmiLost):
        await connection.lost()
    with pytest.raises(AmiLost):
        await asyncio.wait_for(connection.ask("Ping"), promised(1))
    await connection.close()


async def test_calls_that_change_while_the_pbx_is_read_are_true_afterwards(pbx: SimulatedPbx) -> None:
    """Many calls begin, are answered and end while the ear reads; what it then believes is what is."""

    async def busy() -> None:
        while True:
            for extension in ("1001", "1002", "1003"):
                call = await pbx.ring(extension, "3001112233")
                await asyncio.sleep(0)
                if call.phones:
                    call.answer()
                    await asyncio.sleep(0.001)
                    call.hang_up()

    for _ in range(10):
        work = pbx.spawn(busy())
        async with listening(pbx.url) as heard:
            await heard.next(f.PbxBack)
            await asyncio.sleep(0.05)
            work.cancel()
            await eventually(work.done)
            for call in list(pbx.calls.values()):
                call.hang_up()
            last = await pbx.ring("1003", "3009998877")
            await heard.next(f.CallRang, call=last.id)
            assert open_parts(heard) == {(last.id, "1003")}
            last.hang_up()


def open_parts(heard: Heard) -> set[tuple[str, str]]:
    """Who is in a call, by the facts alone."""
    parts: set[tuple[str, str]] = set()
    for fact in heard.facts:
        if isinstance(fact, f.PbxBack):
            parts = {(seen.call, seen.extension) for seen in fact.calls}
        elif isinstance(fact, f.CallRang | f.CallAnswered):
            parts.add((fact.call, fact.extension))
        elif isinstance(fact, f.RingStopped | f.AgentLeft):
            parts.remove((fact.call, fact.extension))
    return parts


def test_an_address_hides_its_secret_and_refuses_nonsense() -> None:
    address = Address.parse("ami://ear:a%2Fb%40c@pbx.example:5039")
    assert (address.host, address.port, address.user, address.secret) == ("pbx.example", 5039, "ear", "a/b@c")
    assert "a/b@c" not in repr(address)
    for nonsense in ("http://x:y@z", "ami://", "", "pbx:5038"):
        with pytest.raises(ValueError, match="ami://"):
            PbxEar("centro", nonsense)

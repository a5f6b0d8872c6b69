"""What the ear tells is the same for the real Asterisk and for the simulated one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from atiende.telephony import facts as f
from atiende.tests.support.pbx.ears import Heard, listening
from atiende.tests.support.pbx.scenes import Scene, real_scene, simulated_scene

NUMBER, NAME = "3001112233", "Ana Muñoz"


@pytest.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.pbx)])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    async with simulated_scene() if request.param == "simulated" else real_scene(tmp_path) as made:
        yield made


@pytest.fixture
async def heard(scene: Scene) -> AsyncIterator[Heard]:
    async with listening(scene.url) as heard:
        await heard.next(f.PbxBack)
        yield heard


async def test_it_begins_with_phones_and_members(scene: Scene) -> None:
    await scene.phone("1001", "answers")
    async with listening(scene.url) as heard:
        back = await heard.next(f.PbxBack)
    assert dict(back.phones) == {
        "1001": f.PhoneState.IDLE,
        "1002": f.PhoneState.UNAVAILABLE,
        "1003": f.PhoneState.UNAVAILABLE,
    }
    assert ("soporte", "1001", "PJSIP/1001", False) in back.members
    assert (back.calls, back.waiting) == ((), ())


async def test_a_call_to_an_extension_is_answered_and_ends(scene: Scene, heard: Heard) -> None:
    """The number and name of the caller come with the ring."""
    await scene.phone("1001", "answers")
    await heard.next(f.PhoneChanged, extension="1001", state=f.PhoneState.IDLE)
    await scene.caller("1001", NUMBER, NAME, lasting=1.5)
    rang = await heard.next(f.CallRang, extension="1001", caller_number=NUMBER, caller_name=NAME, queue=None)
    assert rang.direction is f.Direction.INBOUND
    answered = await heard.next(f.CallAnswered, extension="1001", caller_number=NUMBER, caller_name=NAME)
    await heard.next(f.AgentLeft, call=rang.call, extension="1001")
    await heard.next(f.CallEnded, call=rang.call, cause=16)
    assert answered.call == rang.call
    assert heard.of(f.RingStopped, f.CallerWaits) == []


async def test_a_queue_brings_a_call_to_an_agent(scene: Scene, heard: Heard) -> None:
    await scene.phone("1001", "answers")
    await scene.caller("soporte", NUMBER, NAME, lasting=2.5)
    waits = await heard.next(f.CallerWaits, queue="soporte", caller_number=NUMBER, caller_name=NAME)
    await heard.next(f.CallRang, call=waits.call, extension="1001", queue="soporte", caller_name=NAME)
    await heard.next(f.CallerLeft, call=waits.call, outcome=f.QueueOutcome.ANSWERED)
    await heard.next(f.CallAnswered, call=waits.call, extension="1001", queue="soporte", caller_number=NUMBER)
    await heard.next(f.CallEnded, call=waits.call)
    assert len(heard.of(f.AgentLeft)) == 1


async def test_of_all_phones_that_ring_one_answers_and_the_others_stop(scene: Scene, heard: Heard) -> None:
    await scene.phone("1001", "never answers")
    await scene.phone("1002", "answers")
    await scene.phone("1003", "never answers")
    await scene.caller("todos", NUMBER, NAME, lasting=2.5)
    answered = await heard.next(f.CallAnswered, extension="1002", queue="todos")
    await heard.next(f.CallEnded, call=answered.call)
    stopped = {(stop.extension, stop.outcome) for stop in heard.facts if isinstance(stop, f.RingStopped)}
    assert stopped == {("1001", f.RingOutcome.ELSEWHERE), ("1003", f.RingOutcome.ELSEWHERE)}


async def test_a_caller_who_gives_up_abandons_the_phone_and_the_queue(scene: Scene, heard: Heard) -> None:
    await scene.phone("1003", "never answers")
    await scene.caller("1003", NUMBER, NAME, lasting=0.8)
    stopped = await heard.next(f.RingStopped, extension="1003", outcome=f.RingOutcome.ABANDONED)
    await heard.next(f.CallEnded, call=stopped.call)
    await scene.caller("ventas", NUMBER, NAME, lasting=1.5)
    await heard.next(f.RingStopped, extension="1003", outcome=f.RingOutcome.ABANDONED)
    left = await heard.next(f.CallerLeft, queue="ventas", outcome=f.QueueOutcome.ABANDONED)
    await heard.next(f.CallEnded, call=left.call)


async def test_an_agent_who_does_not_answer_lets_the_caller_wait_on(scene: Scene, heard: Heard) -> None:
    await scene.phone("1003", "never answers")
    await scene.caller("ventas", NUMBER, NAME, lasting=4.7)
    rang = await heard.next(f.CallRang, extension="1003", queue="ventas")
    await heard.next(f.RingStopped, extension="1003", outcome=f.RingOutcome.NO_ANSWER)
    await heard.next(f.CallerLeft, call=rang.call, outcome=f.QueueOutcome.ABANDONED)
    await heard.next(f.CallEnded, call=rang.call)


async def test_a_phone_that_refuses_has_rejected_the_call(scene: Scene, heard: Heard) -> None:
    await scene.phone("1002", "refuses")
    await scene.caller("1002", NUMBER, NAME, lasting=5)
    await heard.next(f.RingStopped, extension="1002", outcome=f.RingOutcome.REJECTED)
    await heard.next(f.CallEnded, cause=17)


async def test_phones_are_followed_through_a_call(scene: Scene, heard: Heard) -> None:
    await scene.phone("1001", "answers")
    await scene.caller("1001", NUMBER, NAME, lasting=1.2)
    for state in (f.PhoneState.RINGING, f.PhoneState.IN_USE, f.PhoneState.IDLE):
        await heard.next(f.PhoneChanged, extension="1001", state=state)

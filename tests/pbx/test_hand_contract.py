"""What the hand does is heard by the ear, at the real Asterisk as at the simulated one."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from atiende.telephony import facts as f
from atiende.telephony.commands import AddMember, CommandRefused, HangUp, Originate, PauseMember, RemoveMember
from atiende.telephony.ear import READ_EVERY
from atiende.telephony.facts import DialOutcome
from atiende.telephony.hand import Hand
from atiende.tests.support.pbx.ears import Heard, listening
from atiende.tests.support.pbx.scenes import Customer, Scene, real_scene, simulated_scene

NUMBER = "573105550142"
RINGS_BRIEFLY = "573205550142"  # the bench gives up on these numbers after two seconds


@pytest.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.pbx)])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    async with simulated_scene() if request.param == "simulated" else real_scene(tmp_path) as made:
        yield made


@pytest.fixture(params=[READ_EVERY, 0.0], ids=["read each minute", "read at each news"])
async def heard(request: pytest.FixtureRequest, scene: Scene) -> AsyncIterator[Heard]:
    """Reading the PBX again, at whatever moment of a call, changes nothing of what is told."""
    async with listening(scene.url, read_every=request.param) as heard:
        await heard.next(f.PbxBack)
        yield heard


@pytest.fixture
async def hand(scene: Scene) -> AsyncIterator[Hand]:
    hand = Hand(scene.hand_url)
    yield hand
    await hand.close()


def click(number: str = NUMBER, ring_for: float = 20.0) -> Originate:
    return Originate(
        uuid.uuid4().hex, "PJSIP/1001", number, "agents", f'"Ana" <{number}>', ring_for, {"ATIENDE_CASE": "1"}
    )


async def test_a_click_rings_the_agent_then_the_customer_and_they_talk_until_it_is_hung_up(
    scene: Scene, heard: Heard, hand: Hand
) -> None:
    await scene.phone("1001", "answers")
    await scene.customer(NUMBER, "answers")
    await heard.next(f.PhoneChanged, extension="1001", state=f.PhoneState.IDLE)
    call = click()
    await hand.do(call)
    await heard.next(f.CallRang, call=call.call, extension="1001", direction=f.Direction.OUTBOUND)
    await heard.next(f.CustomerRang, call=call.call)
    answered = await heard.next(f.CallAnswered, call=call.call, extension="1001")
    assert (answered.caller_number, answered.direction) == (NUMBER, f.Direction.OUTBOUND)
    await hand.do(HangUp(call.call))
    await heard.next(f.AgentLeft, call=call.call, extension="1001")
    await heard.next(f.CallEnded, call=call.call, outcome=DialOutcome.ANSWERED)
    await hand.do(HangUp(call.call))  # it is over already: nothing to refuse


@pytest.mark.parametrize(
    ("does", "outcome", "rings"),
    [
        ("is busy", DialOutcome.BUSY, True),
        ("declines", DialOutcome.DECLINED, True),
        ("has no free line", DialOutcome.CONGESTION, False),
        ("has no such number", DialOutcome.NO_SUCH_NUMBER, False),
        ("never answers", DialOutcome.NO_ANSWER, True),
    ],
)
async def test_every_end_without_an_answer_is_told_apart(
    scene: Scene, heard: Heard, hand: Hand, does: Customer, outcome: DialOutcome, rings: bool
) -> None:
    number = RINGS_BRIEFLY if does == "never answers" else NUMBER
    await scene.phone("1001", "answers")
    await scene.customer(number, does)
    await heard.next(f.PhoneChanged, extension="1001", state=f.PhoneState.IDLE)
    call = click(number)
    await hand.do(call)
    ended = await heard.next(f.CallEnded, call=call.call)
    assert ended.outcome is outcome
    assert bool(heard.of(f.CustomerRang)) is rings  # told again by who was read again
    assert heard.of(f.CallAnswered) == []


async def test_an_agent_who_hangs_up_before_the_customer_answers_cancelled_it(
    scene: Scene, heard: Heard, hand: Hand
) -> None:
    await scene.phone("1001", "answers")
    await scene.customer(RINGS_BRIEFLY, "never answers")
    await heard.next(f.PhoneChanged, extension="1001", state=f.PhoneState.IDLE)
    call = click(RINGS_BRIEFLY)
    await hand.do(call)
    await heard.next(f.CustomerRang, call=call.call)
    await hand.do(HangUp(call.call))
    assert (await heard.next(f.CallEnded, call=call.call)).outcome is DialOutcome.CANCELLED


@pytest.mark.parametrize(
    ("phone", "outcome"),
    [
        (None, DialOutcome.AGENT_UNAVAILABLE),
        ("refuses", DialOutcome.AGENT_DECLINED),
        ("never answers", DialOutcome.AGENT_NO_ANSWER),
    ],
)
async def test_an_agents_phone_that_is_not_picked_up_is_not_the_customers_doing(
    scene: Scene, heard: Heard, hand: Hand, phone: str | None, outcome: DialOutcome
) -> None:
    if phone:
        await scene.phone("1001", phone)  # type: ignore[arg-type]
        await heard.next(f.PhoneChanged, extension="1001", state=f.PhoneState.IDLE)
    call = click(ring_for=1.0)
    await hand.do(call)
    assert (await heard.next(f.CallEnded, call=call.call)).outcome is outcome
    assert heard.of(f.CustomerRang) == []


async def test_members_come_are_paused_and_go_and_a_wish_fulfilled_twice_is_no_error(
    scene: Scene, heard: Heard, hand: Hand
) -> None:
    for _ in range(2):
        await hand.do(AddMember("ventas", "PJSIP/1002"))
    await heard.next(f.MemberChanged, queue="ventas", extension="1002", present=True, paused=False)
    await hand.do(PauseMember("ventas", "PJSIP/1002", True, "EN PAUSA: almuerzo"))
    await heard.next(f.MemberChanged, queue="ventas", extension="1002", paused=True, reason="EN PAUSA: almuerzo")
    for _ in range(2):
        await hand.do(RemoveMember("ventas", "PJSIP/1002"))
    await heard.next(f.MemberChanged, queue="ventas", extension="1002", present=False)
    with pytest.raises(CommandRefused):
        await hand.do(PauseMember("ventas", "PJSIP/1002", True))
    with pytest.raises(CommandRefused):
        await hand.do(AddMember("no-such-queue", "PJSIP/1002"))


async def test_an_incoming_call_is_hung_up_by_its_own_name(scene: Scene, heard: Heard, hand: Hand) -> None:
    await scene.phone("1001", "answers")
    await heard.next(f.PhoneChanged, extension="1001", state=f.PhoneState.IDLE)
    await scene.caller("soporte", "3001112233", "Ana", lasting=15)
    answered = await heard.next(f.CallAnswered, extension="1001", queue="soporte")
    await hand.do(HangUp(answered.call))
    await heard.next(f.AgentLeft, call=answered.call, extension="1001")
    await heard.next(f.CallEnded, call=answered.call)

"""Messages into facts: calls that go on outside, queues that are left without an agent, and phones of the house."""

from __future__ import annotations

import pytest

from atiende.telephony import facts as f
from atiende.telephony.calls.translator import Translator
from atiende.tests.telephony.calls.test_translator import (
    ARRIVES,
    CUSTOMER,
    NOON,
    answers,
    event,
    hear,
    hung_up,
    leg,
    names,
    phone_name,
    rings,
    translator,
)


def translator_of_agents(*extensions: str) -> Translator:
    made = Translator("centro", is_agent=lambda extension: extension in extensions, now=lambda: NOON)
    made.done("22")
    return made


OUTSIDE = "PJSIP/carrier-00000009"


def bridged(number: int, channel: str, bridge: str, **more: object) -> dict[str, str]:
    return event("BridgeEnter", **leg(number, channel, 1, 6, **more), BridgeUniqueid=bridge)


def goes_outside(bridge: str = "b2") -> list[dict[str, str]]:
    """The customer is put through to a number outside."""
    called = leg(9, OUTSIDE, 1, 0, CallerIDNum="6015550000")
    dest = {f"Dest{key}": value for key, value in called.items()}
    return [
        event("Newchannel", **called),
        event("DialBegin", **leg(1, CUSTOMER, 1, 6), **dest, DialString="6015550000@carrier"),
        bridged(9, OUTSIDE, bridge, CallerIDNum="6015550000"),
        bridged(1, CUSTOMER, bridge),
    ]


def test_a_transfer_outside_is_told_with_its_number_and_ends_with_the_call() -> None:
    made = translator()
    hear(made, ARRIVES, *rings(2, "1001"), *answers(2, "1001"))
    facts = hear(made, hung_up(2, phone_name("1001", 2)), *goes_outside())
    assert names(facts) == ["AgentLeft", "TalksOutside"]
    assert facts[1] == f.TalksOutside("centro", NOON, "1.1", "6015550000")
    assert made.done("22").outside == (("1.1", "6015550000"),)
    facts = hear(made, hung_up(9, OUTSIDE), hung_up(1, CUSTOMER))
    assert names(facts)[-1] == "CallEnded"


def test_who_comes_back_from_outside_is_no_longer_there() -> None:
    made = translator()
    hear(made, ARRIVES, *goes_outside())
    facts = hear(made, hung_up(9, OUTSIDE), *rings(3, "1003"), *answers(3, "1003", bridge="b3"))
    assert names(facts) == ["CameBack", "CallRang", "CallAnswered"]


def test_a_conference_is_outside_only_when_its_agent_has_left() -> None:
    made = translator()
    hear(made, ARRIVES, *rings(2, "1001"), *answers(2, "1001", bridge="conf"))
    assert names(hear(made, *goes_outside("conf"))) == []
    gone = event("BridgeLeave", **leg(2, phone_name("1001", 2), 1, 6), BridgeUniqueid="conf")
    assert names(hear(made, gone, hung_up(2, phone_name("1001", 2)))) == ["TalksOutside", "AgentLeft"]


QUEUED = {"Queue": "soporte"}


def waits(made: Translator) -> list[f.Fact]:
    return hear(made, event("QueueCallerJoin", **leg(1, CUSTOMER, 1, 6), **QUEUED))


def test_time_up_in_a_queue_is_no_answer_and_no_abandonment() -> None:
    made = translator()
    waits(made)
    hear(made, *rings(2, "1001"), hung_up(2, phone_name("1001", 2), cause=0))
    (left,) = hear(made, event("QueueCallerLeave", **leg(1, CUSTOMER, 1, 6), **QUEUED))
    assert left == f.CallerLeft("centro", NOON, "1.1", "soporte", f.QueueOutcome.LEFT)


@pytest.mark.parametrize(("asks", "outcome"), [(True, f.QueueOutcome.ABANDONED), (False, f.QueueOutcome.LEFT)])
def test_only_who_hangs_up_gave_up_whatever_asterisk_calls_it(asks: bool, outcome: f.QueueOutcome) -> None:
    """QueueCallerAbandon is said of a caller whose time is up, too; only one who hangs up asked for it before."""
    made = translator()
    waits(made)
    caller = leg(1, CUSTOMER, 1, 6)
    asked = [event("HangupRequest", **caller, Cause="16")] if asks else []
    (left,) = hear(made, *asked, event("QueueCallerAbandon", **caller, **QUEUED))
    assert left == f.CallerLeft("centro", NOON, "1.1", "soporte", outcome)


@pytest.mark.parametrize("member", [phone_name("1001", 2), "Local/1001@from-queue-00000002;1"])
def test_a_caller_is_answered_when_the_phone_that_the_queue_rang_is_picked_up(member: str) -> None:
    made = translator()
    waits(made)
    called = leg(2, member, 1, 0, CallerIDNum="1001")
    dest = {f"Dest{key}": value for key, value in called.items()}
    hear(made, event("Newchannel", **called), event("AgentCalled", **leg(1, CUSTOMER, 1, 6), **dest, **QUEUED))
    hear(made, event("Newstate", **leg(2, member, 1, 6, CallerIDNum="1001")))
    (left,) = hear(made, event("QueueCallerLeave", **leg(1, CUSTOMER, 1, 6), **QUEUED))
    assert left == f.CallerLeft("centro", NOON, "1.1", "soporte", f.QueueOutcome.ANSWERED)


def test_an_agent_who_waits_in_a_queue_is_a_colleague_and_no_customer() -> None:
    made = translator()
    agent = phone_name("1001", 1)
    (waiting,) = hear(made, event("QueueCallerJoin", **leg(1, agent, 1, 6, CallerIDNum="1001"), **QUEUED))
    assert isinstance(waiting, f.CallerWaits) and waiting.direction is f.Direction.INTERNAL


@pytest.mark.parametrize(
    ("channel", "number", "direction"),
    [
        ("PJSIP/2105-00000001", "2105", f.Direction.INTERNAL),  # the reception's phone
        ("PJSIP/2105-00000001", "3001234567", f.Direction.INBOUND),  # a line that is called 2105
        ("PJSIP/carrier-00000001", "2105", f.Direction.INBOUND),
    ],
)
def test_a_phone_of_the_house_calls_as_a_colleague(channel: str, number: str, direction: f.Direction) -> None:
    """It is named as its number; a line from outside carries the numbers of others."""
    made = translator_of_agents("1001")
    arrives = event("Newchannel", **leg(1, channel, 1, 4, CallerIDNum=number))
    facts = hear(made, arrives, *(one for one in rings(2, "1001") if one["Event"] != "DialBegin"))
    rang = next(fact for fact in facts if isinstance(fact, f.CallRang))
    assert rang.direction is direction


def test_a_customer_whom_the_reception_puts_through_is_a_customer() -> None:
    made = translator_of_agents("1001")
    reception = leg(3, phone_name("2105", 3), 1, 6, CallerIDNum="2105")
    hear(made, ARRIVES, event("Newchannel", **reception), event("BridgeEnter", **reception, BridgeUniqueid="b0"))
    rang = hear(made, *rings(2, "1001"))[0]
    assert isinstance(rang, f.CallRang) and rang.direction is f.Direction.INBOUND

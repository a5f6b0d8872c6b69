"""Messages into facts: transfers, mergers, and events that are missing, repeated or late."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from atiende.telephony import facts as f
from atiende.telephony.calls.notation import extension_of, name_text, phone_state
from atiende.telephony.calls.translator import Translator

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CUSTOMER = "PJSIP/carrier-00000001"


def event(name: str, **fields: object) -> dict[str, str]:
    return {"Event": name, **{key.replace("Cause_txt", "Cause-txt"): str(value) for key, value in fields.items()}}


def leg(number: int, channel: str, call: int, state: int, prefix: str = "", **more: object) -> dict[str, object]:
    who = {"CallerIDNum": "3001234567", "CallerIDName": "Ana", "ConnectedLineNum": "<unknown>"}
    if "/1" in channel:
        who = {"CallerIDNum": channel[6:10], "CallerIDName": "Agente", "ConnectedLineNum": "3001234567"}
    values = {"Channel": channel, "ChannelState": state, "Uniqueid": f"1.{number}", "Linkedid": f"1.{call}", **who}
    return {prefix + key: value for key, value in (values | more).items()}


def translator() -> Translator:
    made = Translator("centro", now=lambda: NOON)
    made.done("22")
    return made


def hear(made: Translator, *messages: dict[str, str]) -> list[f.Fact]:
    return [fact for message in messages for fact in made.hear(message)]


def names(facts: list[f.Fact]) -> list[str]:
    return [type(fact).__name__ for fact in facts]


def phone_name(extension: str, number: int) -> str:
    return f"PJSIP/{extension}-{number:08x}"


def rings(number: int, extension: str, call: int = 1) -> list[dict[str, str]]:
    channel = phone_name(extension, number)
    return [
        event("Newchannel", **leg(number, channel, call, 0)),
        event("DialBegin", **leg(1, CUSTOMER, call, 4), **leg(number, channel, call, 0, "Dest")),
        event("Newstate", **leg(number, channel, call, 5)),
    ]


def answers(number: int, extension: str, call: int = 1, bridge: str = "b1") -> list[dict[str, str]]:
    channel = phone_name(extension, number)
    return [
        event("Newstate", **leg(number, channel, call, 6)),
        event("DialEnd", **leg(1, CUSTOMER, call, 6), **leg(number, channel, call, 6, "Dest"), DialStatus="ANSWER"),
        event("BridgeEnter", **leg(number, channel, call, 6), BridgeUniqueid=bridge),
        event("BridgeEnter", **leg(1, CUSTOMER, call, 6), BridgeUniqueid=bridge),
    ]


def hung_up(number: int, channel: str, call: int = 1, cause: int = 16) -> dict[str, str]:
    return event("Hangup", **leg(number, channel, call, 6), Cause=cause, Cause_txt="Normal Clearing")


ARRIVES = event("Newchannel", **leg(1, CUSTOMER, 1, 4))


def whole_call() -> list[dict[str, str]]:
    ends = [hung_up(2, phone_name("1001", 2)), hung_up(1, CUSTOMER)]
    return [ARRIVES, *rings(2, "1001"), *answers(2, "1001"), *ends]


def test_a_direct_call_rings_is_answered_left_and_ended() -> None:
    """The caller's number is with the ring."""
    facts = hear(translator(), *whole_call())
    assert names(facts) == ["CallRang", "CallAnswered", "AgentLeft", "CallEnded"]
    assert facts[0] == f.CallRang("centro", NOON, "1.1", "1001", f.Direction.INBOUND, "3001234567", "Ana")
    assert facts[3] == f.CallEnded("centro", NOON, "1.1", 16, "Normal Clearing")


def test_the_ringing_phone_that_hangs_up_first_was_not_answered() -> None:
    facts = hear(translator(), ARRIVES, *rings(2, "1001"), hung_up(2, phone_name("1001", 2), cause=0))
    assert facts[-1] == f.RingStopped("centro", NOON, "1.1", "1001", f.RingOutcome.NO_ANSWER)


def test_when_one_phone_of_several_answers_the_others_stop_elsewhere() -> None:
    made = translator()
    hear(made, ARRIVES, *rings(2, "1001"), *rings(3, "1002"))
    facts = hear(made, *answers(2, "1001"), hung_up(3, phone_name("1002", 3), cause=0))
    assert facts[-1] == f.RingStopped("centro", NOON, "1.1", "1002", f.RingOutcome.ELSEWHERE)


def test_every_event_twice_says_everything_once() -> None:
    twice = [message for message in whole_call() for _ in range(2)]
    assert names(hear(translator(), *twice)) == ["CallRang", "CallAnswered", "AgentLeft", "CallEnded"]


def test_any_event_may_be_missing_and_nobody_stays_in_a_call() -> None:
    for missing in range(len(whole_call()) - 2):
        made = translator()
        facts = hear(made, *(message for at, message in enumerate(whole_call()) if at != missing))
        assert names(facts)[-1] == "CallEnded", missing
        assert "AgentLeft" in names(facts) or "RingStopped" in names(facts)
        assert made.done("22").calls == ()


def test_in_any_order_nothing_is_raised_and_nobody_stays_in_a_call() -> None:
    chance = random.Random(7)
    for _ in range(300):
        made, messages = translator(), whole_call()
        chance.shuffle(messages)
        hear(made, *messages)
        assert made.done("22").calls == ()


def test_odd_messages_say_nothing() -> None:
    made = translator()
    for name in ("Hangup", "BridgeEnter", "DialEnd", "QueueMember", "DeviceStateChange", "QueueCallerLeave", "Nothing"):
        assert hear(made, event(name), event(name, Uniqueid="", ChannelState="ñ", Cause="²")) == []


def test_a_blind_transfer_leaves_one_agent_and_rings_the_other_with_the_customer() -> None:
    made = translator()
    hear(made, ARRIVES, *rings(2, "1001"), *answers(2, "1001"))
    facts = hear(made, hung_up(2, phone_name("1001", 2)), *rings(3, "1003"), *answers(3, "1003", bridge="b2"))
    assert names(facts) == ["AgentLeft", "CallRang", "CallAnswered"]
    assert facts[2] == f.CallAnswered("centro", NOON, "1.1", "1003", f.Direction.INBOUND, "3001234567", "Ana")


def test_an_attended_transfer_moves_the_second_agent_into_the_customers_call() -> None:
    made = translator()
    hear(made, ARRIVES, *rings(2, "1001"), *answers(2, "1001"))
    asks, helps = phone_name("1001", 5), phone_name("1002", 6)
    facts = hear(
        made,
        event("Newchannel", **leg(5, asks, 5, 4)),
        event("Newchannel", **leg(6, helps, 5, 0, ConnectedLineNum="1001")),
        event("Newstate", **leg(6, helps, 5, 5, ConnectedLineNum="1001")),
        event("BridgeEnter", **leg(6, helps, 5, 6, ConnectedLineNum="1001"), BridgeUniqueid="b2"),
        event("BridgeEnter", **leg(5, asks, 5, 6, ConnectedLineNum="1002"), BridgeUniqueid="b2"),
    )
    assert [(type(x).__name__, x.extension, x.direction) for x in facts] == [  # type: ignore[attr-defined]
        ("CallRang", "1002", f.Direction.INTERNAL),
        ("CallAnswered", "1002", f.Direction.INTERNAL),
        ("CallAnswered", "1001", f.Direction.INTERNAL),
    ]
    facts = hear(
        made,
        event("BridgeEnter", **leg(6, helps, 1, 6), BridgeUniqueid="b1"),
        hung_up(2, phone_name("1001", 2)),
        hung_up(5, asks, 5),
    )
    assert f.CallAnswered("centro", NOON, "1.1", "1002", f.Direction.INBOUND, "3001234567", "Ana") in facts
    assert f.AgentLeft("centro", NOON, "1.1", "1001") in facts
    assert f.AgentLeft("centro", NOON, "1.5", "1002") in facts
    assert facts[-1] == f.CallEnded("centro", NOON, "1.5", 16, "Normal Clearing")
    assert [(seen.call, seen.extension) for seen in made.done("22").calls] == [("1.1", "1002")]


def test_an_agent_who_calls_a_customer_makes_an_outbound_call_with_the_number_dialled() -> None:
    agent, customer = phone_name("1001", 1), "PJSIP/carrier-00000002"
    facts = hear(
        translator(),
        event("Newchannel", **leg(1, agent, 1, 4, Exten="3109998877")),
        event("DialBegin", **leg(1, agent, 1, 4), **leg(2, customer, 1, 0, "Dest"), DialString="3109998877@carrier"),
        event("BridgeEnter", **leg(1, agent, 1, 6), BridgeUniqueid="b1"),
        event("BridgeEnter", **leg(2, customer, 1, 6), BridgeUniqueid="b1"),
    )
    assert facts == [f.CallAnswered("centro", NOON, "1.1", "1001", f.Direction.OUTBOUND, "3109998877", "")]


def test_agents_that_call_each_other_make_an_internal_call() -> None:
    asks, helps = phone_name("1001", 1), phone_name("1002", 2)
    facts = hear(
        translator(),
        event("Newchannel", **leg(1, asks, 1, 4, Exten="1002")),
        event("Newstate", **leg(2, helps, 1, 5, ConnectedLineNum="1001", ConnectedLineName="Agente 1001")),
    )
    assert facts == [f.CallRang("centro", NOON, "1.1", "1002", f.Direction.INTERNAL, "1001", "Agente 1001")]


def test_hold_is_told_once_each_way() -> None:
    made = translator()
    hear(made, ARRIVES, *rings(2, "1001"), *answers(2, "1001"))
    agent = leg(2, phone_name("1001", 2), 1, 6)
    facts = hear(made, event("Hold", **agent), event("Hold", **agent), event("Unhold", **agent))
    assert [fact.held for fact in facts] == [True, False]  # type: ignore[attr-defined]


def test_a_caller_in_a_queue_whose_leaving_was_not_heard_leaves_with_the_call() -> None:
    made = translator()
    facts = hear(made, event("QueueCallerJoin", **leg(1, CUSTOMER, 1, 6), Queue="soporte"), hung_up(1, CUSTOMER))
    assert facts[:2] == [
        f.CallerWaits("centro", NOON, "1.1", "soporte", f.Direction.INBOUND, "3001234567", "Ana"),
        f.CallerLeft("centro", NOON, "1.1", "soporte", f.QueueOutcome.ABANDONED),
    ]


def test_events_during_the_reading_neither_contradict_the_lists_nor_are_lost() -> None:
    """The list already shows the call answered; older events of it come after the list's entries."""
    made = Translator("centro", now=lambda: NOON)
    agent = leg(2, phone_name("1001", 2), 1, 6, Application="AppQueue", BridgeId="b1")
    customer = leg(1, CUSTOMER, 1, 6, Application="Queue", ApplicationData="soporte,t", BridgeId="b1")
    facts = hear(
        made,
        hung_up(9, phone_name("1002", 9), 9),
        event("CoreShowChannel", **customer),
        event("CoreShowChannel", **agent),
        event("CoreShowChannel", **leg(9, phone_name("1002", 9), 9, 6)),
        *rings(2, "1001"),
        *answers(2, "1001"),
    )
    assert facts == []
    back = made.done("22")
    assert back.calls == (f.CallSeen("1.1", "1001", True, f.Direction.INBOUND, "3001234567", "Ana", "soporte"),)
    assert hear(made, *rings(2, "1001"), *answers(2, "1001")) == []
    assert names(hear(made, hung_up(2, phone_name("1001", 2)), hung_up(1, CUSTOMER))) == ["AgentLeft", "CallEnded"]


def test_a_name_loses_its_control_characters_and_escapes_and_is_cut() -> None:
    assert name_text(r"Juan \"el\" \\ P\r\nEvent: Hangup") == 'Juan "el" \\ PEvent: Hangup'
    assert name_text("a\x00\x1b[31mb\x85") == "a[31mb"
    assert len(name_text("N" * 500)) == 200
    assert name_text("<unknown>") == ""


def test_an_extension_is_read_from_channels_devices_and_members() -> None:
    read = {
        "PJSIP/1001-0000001f": "1001",
        "SIP/1001": "1001",
        "Local/1001@agents-0000001f;1": "1001",
        "Local/1001@agents-0000001f;2": "",
        "Local/1001@agents/n": "1001",
        "PJSIP/300@carrier": "",
        "PJSIP/mi-troncal-0000001f": "mi-troncal",
        "Queue:soporte_pause_PJSIP/1001": "",
        "nothing": "",
        "": "",
    }
    assert {name: extension_of(name) for name in read} == read


def test_a_phones_state_is_read_from_words_and_numbers() -> None:
    assert [phone_state(word) for word in ("NOT_INUSE", "1", "Not in use")] == [f.PhoneState.IDLE] * 3
    assert [phone_state(word) for word in ("6", "On Hold", "²", "99", "")] == [
        f.PhoneState.RINGING,
        f.PhoneState.ON_HOLD,
        *[f.PhoneState.UNKNOWN] * 3,
    ]


def test_a_phone_is_told_only_when_it_changes_and_the_device_is_believed_over_the_queue() -> None:
    made = translator()
    member = {"Queue": "soporte", "Interface": "PJSIP/1001", "Paused": "0"}
    facts = hear(
        made,
        event("DeviceStateChange", Device="PJSIP/1001", State="RINGING"),
        event("DeviceStateChange", Device="PJSIP/1001", State="INUSE"),
        event("QueueMemberStatus", **member, Status="6"),
        event("QueueMemberPause", **(member | {"Paused": "1", "PausedReason": "Almuerzo"})),
        event("QueueMemberRemoved", **member),
    )
    assert facts == [
        f.PhoneChanged("centro", NOON, "1001", f.PhoneState.RINGING),
        f.PhoneChanged("centro", NOON, "1001", f.PhoneState.IN_USE),
        f.MemberChanged("centro", NOON, "soporte", "1001", "PJSIP/1001", True, False),
        f.MemberChanged("centro", NOON, "soporte", "1001", "PJSIP/1001", True, True, "Almuerzo"),
        f.MemberChanged("centro", NOON, "soporte", "1001", "PJSIP/1001", False, False),
    ]


def test_memory_is_bounded_when_hangups_never_come() -> None:
    made = Translator("centro", now=lambda: NOON, max_legs=100)
    made.done("22")
    for number in range(1000):
        hear(made, event("Newchannel", **leg(number, f"PJSIP/carrier-{number:08x}", number, 4)), hung_up(-number, ""))
    board = made._book.board
    assert max(len(board.legs), len(board.calls), len(board._gone)) <= 101

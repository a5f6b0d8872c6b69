"""The manager protocol's parser: any pieces, any bytes, any encoding."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.telephony.ami.protocol import AmiParser, Message, UnsafeHeader, encode_action

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
TALK = BANNER + (
    b"Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n"
    b"Event: Newchannel\r\nCallerIDName: status will follow\r\nVariable: a=1\r\nVariable: b=2\r\n\r\n"
    b"garbage without a colon\r\n\r\n"
    b"Response: Follows\r\nActionID: 2\r\nline one\nline: two\n--END COMMAND--\r\n\r\n"
    b"Event: Hangup\r\nCallerIDName: Mu\xf1oz\r\nConnectedLineName: Mu\xc3\xb1oz \xe2\x82\xac\r\nEmpty:\r\n\r\n"
)


def whole(data: bytes) -> list[Message]:
    return AmiParser().feed(data)


@given(st.lists(st.integers(0, len(TALK)), max_size=30))
def test_any_split_of_the_bytes_gives_the_same_messages(cuts: list[int]) -> None:
    parser, messages = AmiParser(), []
    edges = [0, *sorted(cuts), len(TALK)]
    for start, end in pairwise(edges):
        messages += parser.feed(TALK[start:end])
    assert messages == whole(TALK)
    assert [message.every("Variable") for message in messages] == [m.every("Variable") for m in whole(TALK)]
    assert (parser.banner, parser.skipped) == ("11.0.0", 1)


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_garbage_never_kills_and_the_next_message_is_heard(pieces: list[bytes]) -> None:
    parser = AmiParser(max_message=1000)
    for piece in pieces:
        parser.feed(piece)
    parser.feed(b"\r\n--END COMMAND--\r\n\r\n\r\n\r\n")
    assert parser.feed(b"Event: FullyBooted\r\n\r\n") == [{"Event": "FullyBooted"}]


@given(st.integers(0, 3000), st.integers(1, 50))
def test_a_message_that_is_too_long_is_skipped_whatever_the_pieces(length: int, step: int) -> None:
    data = BANNER + b"Event: X\r\nA: " + b"a" * length + b"\r\n\r\nEvent: Y\r\n\r\n"
    whole_parser, parser = AmiParser(max_message=1000), AmiParser(max_message=1000)
    messages = [m for at in range(0, len(data), step) for m in parser.feed(data[at : at + step])]
    assert messages == whole_parser.feed(data)
    assert messages[-1] == {"Event": "Y"}
    assert parser.skipped == whole_parser.skipped == (length + 13 > 1000)


def test_memory_stays_bounded_when_a_message_never_ends() -> None:
    parser = AmiParser(max_message=10_000)
    for _ in range(1000):
        parser.feed(b"x" * 10_000)
    assert len(parser._buffer) < 21_000


def test_a_header_that_is_too_long_is_cut_and_counted() -> None:
    parser = AmiParser(max_value=100)
    (message,) = parser.feed(BANNER + b"Event: X\r\nCallerIDName: " + b"n" * 500 + b"\r\n\r\n")
    assert len(message["CallerIDName"]) < 100
    assert parser.skipped == 1


def test_names_are_kept_in_utf8_and_in_windows_1252_even_in_one_message() -> None:
    hangup = whole(TALK)[-1]
    assert hangup["CallerIDName"] == "Muñoz"
    assert hangup["ConnectedLineName"] == "Muñoz €"
    assert hangup["Empty"] == ""


def test_a_nul_and_bytes_of_no_encoding_pass() -> None:
    (message,) = whole(BANNER + b"Event: X\r\nCallerIDName: a\x00\x81b\r\n\r\n")
    assert message["CallerIDName"] == "a\x00\x81b"


def test_the_words_status_will_follow_are_only_words() -> None:
    message = whole(TALK)[1]
    assert (message.event, message["CallerIDName"]) == ("Newchannel", "status will follow")


def test_repeated_headers_keep_the_first_and_all() -> None:
    message = whole(TALK)[1]
    assert message["Variable"] == "a=1"
    assert message.every("Variable") == ["a=1", "b=2"]
    assert message.every("CallerIDName") == ["status will follow"]
    assert message.every("Nothing") == []


def test_output_of_an_old_asterisk_comes_as_lines() -> None:
    message = whole(TALK)[2]
    assert message["ActionID"] == "2"
    assert message.every("Output") == ["line one", "line: two", ""]


def test_output_of_a_new_asterisk_comes_as_lines() -> None:
    (message,) = whole(BANNER + b"Response: Success\r\nOutput: one\r\nOutput: two: 2\r\n\r\n")
    assert message.every("Output") == ["one", "two: 2"]


@pytest.mark.parametrize("bad", ["a\r\nAction: Originate", "a\nb", "a\0b", "\r"])
def test_an_action_with_a_line_end_or_nul_is_refused(bad: str) -> None:
    with pytest.raises(UnsafeHeader):
        encode_action("Originate", {"CallerID": bad})
    with pytest.raises(UnsafeHeader):
        encode_action("Originate", {bad: "x"})
    with pytest.raises(UnsafeHeader):
        encode_action(bad)


def test_an_action_is_written_with_its_repeated_headers() -> None:
    written = encode_action("Originate", [("Variable", "a=ñ"), ("Variable", "b=2")])
    assert written == "Action: Originate\r\nVariable: a=ñ\r\nVariable: b=2\r\n\r\n".encode()


def true_event(number: bytes, unique: bytes = b"7.7") -> bytes:
    who = b"CallerIDNum: " + number + b"\r\nCallerIDName: Ana\r\nConnectedLineNum: 1\r\nConnectedLineName: x\r\n"
    channel = b"Channel: PJSIP/carrier-00000001\r\nChannelState: 4\r\n"
    return b"Event: Newstate\r\n" + channel + who + b"Uniqueid: " + unique + b"\r\nLinkedid: 7.7\r\n\r\n"


FORGED_HANGUP = b"1\r\n\r\nEvent: Hangup\r\nUniqueid: 5.5\r\nLinkedid: 5.5\r\n\r\n"


@pytest.mark.parametrize(
    "number",
    [
        FORGED_HANGUP + b"X: ",
        FORGED_HANGUP + b"Response: Success\r\n\r\nX: ",
        b"1\r\nUniqueid: 5.5\r\nLinkedid: 5.5\r\nX: ",
        b"1\r\n\r\n",
        b"1\r\n\r\nCallerIDName: a\r\nUniqueid: 7.7\r\nLinkedid: 7.7\r\n\r\n" + FORGED_HANGUP,
        FORGED_HANGUP + true_event(b"1")[:-4].replace(b"Event: Newstate", b"Event: Hangup"),
    ],
)
def test_events_that_a_callers_number_forges_are_dropped_and_the_next_are_heard(number: bytes) -> None:
    parser = AmiParser()
    data = BANNER + true_event(b"300", b"1.1") + true_event(number) + true_event(b"300", b"2.2")
    assert [message["Uniqueid"] for message in parser.feed(data)] == ["1.1", "2.2"]
    assert parser.forged >= 1
    assert [message["Uniqueid"] for message in parser.feed(true_event(b"300", b"3.3"))] == ["3.3"]


def test_a_doubt_that_nothing_resolves_ends_by_itself() -> None:
    parser = AmiParser()
    parser.feed(BANNER + b"Event: X\r\nChannel: a\r\nCallerIDNum: 1\r\n\r\n")
    heard = [bool(parser.feed(true_event(b"300"))) for _ in range(2000)]
    assert not heard[0]
    assert heard[-1]

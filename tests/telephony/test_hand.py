"""The hand against a manager that misbehaves: no wait without a limit, no answer of another, no smuggled action."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.telephony.ami.protocol import UnsafeHeader, encode_action
from atiende.telephony.commands import AddMember, CommandRefused, HandLost, HangUp, Originate, PauseMember
from atiende.telephony.hand import Hand, encode
from atiende.telephony.simulated_pbx import SimulatedPbx

Reply = Callable[[dict[str, str], asyncio.StreamWriter], Awaitable[None]]
CALL = HangUp("0" * 32)


def answer(fields: dict[str, str], response: str = "Success", message: str = "ok", number: str | None = None) -> bytes:
    number = fields["ActionID"] if number is None else number
    return f"Response: {response}\r\nActionID: {number}\r\nMessage: {message}\r\n\r\n".encode()


@asynccontextmanager
async def manager(
    reply: Reply, banner: bytes = b"Asterisk Call Manager/11.0.0\r\n"
) -> AsyncIterator[tuple[str, list[str]]]:
    """A manager that signs everybody in and answers everything else by `reply`; its URL and the actions it heard."""
    heard: list[str] = []
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(banner)
        try:
            while True:
                block = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in block.strip().split("\r\n"))
                heard.append(fields["Action"])
                if fields["Action"] == "Login":
                    assert fields["Events"] == "off"
                    writer.write(answer(fields))
                else:
                    await reply(fields, writer)
        except (asyncio.IncompleteReadError, OSError):
            return

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"ami://u:s@127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


GENEROUS = 60.0  # seconds; who waits for ever is seen even so


async def silence(fields: dict[str, str], writer: asyncio.StreamWriter) -> None:
    """Says nothing."""


async def success(fields: dict[str, str], writer: asyncio.StreamWriter) -> None:
    writer.write(answer(fields))


async def test_a_manager_that_never_answers_is_left_after_the_limit_and_the_next_command_gets_a_new_line() -> None:
    calm = {"replies": silence}
    async with manager(lambda fields, writer: calm["replies"](fields, writer)) as (url, heard):
        hand = Hand(url, answer_limit=0.3)
        with pytest.raises(HandLost) as lost:
            await asyncio.wait_for(hand.do(CALL), GENEROUS)
        assert lost.value.sent
        calm["replies"] = success
        await hand.do(CALL)
        assert heard == ["Login", "Hangup", "Login", "Hangup"]
        await hand.close()


async def test_a_server_that_accepts_and_says_nothing_at_all_holds_nobody() -> None:
    async with manager(silence, banner=b"") as (url, _):
        hand = Hand(url)
        with pytest.raises(HandLost) as lost:
            await asyncio.wait_for(hand.do(CALL), GENEROUS)
        assert not lost.value.sent
        await hand.close()


async def test_nobody_listens_and_nothing_was_sent() -> None:
    hand = Hand("ami://u:s@127.0.0.1:1")
    with pytest.raises(HandLost) as lost:
        await hand.do(CALL)
    assert not lost.value.sent


async def test_an_answer_to_another_question_is_never_taken() -> None:
    async def wrong(fields: dict[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(answer(fields, number="somebody-elses"))

    async with manager(wrong) as (url, _):
        hand = Hand(url)
        with pytest.raises(HandLost, match="something else"):
            await hand.do(CALL)
        await hand.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    "noise",
    [
        b"Event: Newchannel\r\nCallerIDName: status will follow\r\n\r\n",
        b"Event: VarSet\r\nChanVariable: a=b\r\n\r\n",
        b"\xff\xfe\x00\r\n\r\n",
        b"--END COMMAND--\r\n\r\n",
        b"Response: Follows\r\n",
    ],
)
async def test_what_breaks_the_library_costs_one_line_at_most(noise: bytes) -> None:
    """A caller's name "status will follow" deafens pyst2, ChanVariable ends its thread: the next command works."""
    noises = [noise]

    async def noisy(fields: dict[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(noises.pop() if noises else b"")
        writer.write(answer(fields))

    async with manager(noisy) as (url, _):
        hand = Hand(url, answer_limit=0.4)
        try:
            await hand.do(CALL)
        except HandLost:
            await hand.do(CALL)
        await hand.close()


async def test_many_at_once_get_their_own_answers() -> None:
    pbx = SimulatedPbx(("1001",), {"soporte": ["1001"]})
    await pbx.start()
    hand = Hand(pbx.url)

    async def wrong_and_right(at: int) -> None:
        if at % 2:
            await hand.do(PauseMember("soporte", "PJSIP/1001", True))
        else:
            with pytest.raises(CommandRefused, match="Interface not found"):
                await hand.do(PauseMember("soporte", "PJSIP/9999", True))

    await asyncio.gather(*(wrong_and_right(at) for at in range(60)))
    await hand.close()
    await pbx.stop()


async def test_a_pbx_that_restarts_is_found_again_and_no_thread_stays_behind() -> None:
    threads = {thread for thread in threading.enumerate() if "asyncio" not in thread.name}
    pbx = SimulatedPbx(("1001",), {"soporte": []})
    await pbx.start()
    hand = Hand(pbx.url, answer_limit=0.5)
    for _ in range(3):
        await hand.do(AddMember("soporte", "PJSIP/1001"))
        pbx.drop_connections()
        await asyncio.sleep(0.05)
        await hand.ping()
    pbx.freeze()
    with pytest.raises(HandLost):
        await hand.do(CALL)
    pbx.thaw()
    await hand.close()
    await pbx.stop()
    async with asyncio.timeout(20):
        while {t for t in threading.enumerate() if "asyncio" not in t.name} - threads:
            await asyncio.sleep(0.02)


async def test_a_wish_whose_time_has_passed_is_not_sent() -> None:
    async with manager(success) as (url, heard):
        hand = Hand(url)
        with pytest.raises(HandLost) as lost:
            await hand.do(CALL, before=time.monotonic() - 0.001)
        assert not lost.value.sent and heard == ["Login"]
        await hand.close()


NASTY = st.text().map(lambda text: text[:3] + "\r\nAction: Command" + text[3:]) | st.sampled_from(["a\nb", "\0", "\r"])


@given(NASTY, st.sampled_from(["call", "phone", "number", "context", "shown", "variable"]))
def test_no_value_can_become_another_action(nasty: str, place: str) -> None:
    values = {"call": "c" * 32, "phone": "PJSIP/1001", "number": "573105550142", "context": "agents", "shown": "Ana"}
    variables = {"A": nasty if place == "variable" else "b"}
    with pytest.raises(UnsafeHeader):
        changed = values | {place: nasty} if place in values else values
        encode_action(*encode(Originate(**changed, variables=variables)))


@pytest.mark.parametrize("number", ["", "57310&PJSIP/900", "5731@carrier", "57 310", "٣٠٠", "1,2"])
def test_a_number_is_only_a_number(number: str) -> None:
    with pytest.raises(UnsafeHeader):
        encode(Originate("c" * 32, "PJSIP/1001", number, "agents"))
    with pytest.raises(UnsafeHeader):
        encode(Originate("c" * 32, "PJSIP/1001", "573105550142", "agents", variables={"A": "b,C=d"}))

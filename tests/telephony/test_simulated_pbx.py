"""The simulated PBX as the demonstration uses it: a process, customers who call, calls that agents make."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from atiende.telephony import facts as f
from atiende.telephony.ami.connection import Address, AmiConnection
from atiende.telephony.calls.translator import EVENT_CLASSES
from atiende.telephony.simulated_pbx import Pace, SimulatedPbx, Traffic
from atiende.telephony.simulated_pbx.traffic import Habits
from atiende.tests.support.pbx.ears import eventually, listening

FAST = Habits(answer_after=(0.01, 0.05), talk=(0.05, 0.2), patience=(0.2, 0.5), ring=0.3)


async def test_the_process_says_where_it_listens_brings_calls_and_stops_on_sigterm(tmp_path: Path) -> None:
    callers = tmp_path / "callers.txt"
    callers.write_text("# the demo's customers\n\n3001112233;Ana Muñoz\n", encoding="utf-8")
    options = ["--port", "0", "--secret", "s3cret/@", "--extensions", "1001,1002", "--queues", "soporte:1001,1002"]
    options += ["--callers-file", str(callers), "--calls-every", "0.05"]
    argv = [sys.executable, "-P", "-m", "atiende.telephony.simulated_pbx", *options]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdout=pipe, stderr=pipe)
    try:
        assert process.stdout is not None and process.stderr is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        assert line.startswith("listening on 127.0.0.1:")
        async with listening(f"ami://atiende:s3cret%2F%40@{line.split()[-1]}") as heard:
            back = await heard.next(f.PbxBack)
            assert [extension for extension, _ in back.phones] == ["1001", "1002"]
            await heard.next(f.CallRang, caller_number="3001112233", caller_name="Ana Muñoz")
            process.send_signal(signal.SIGTERM)  # while somebody listens
            assert await asyncio.wait_for(process.wait(), 60) == 0
        assert (await process.stderr.read()).decode() == ""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_traffic_gives_every_outcome_and_a_phone_talks_once_at_a_time() -> None:
    pbx = SimulatedPbx(("1001", "1002", "1003"), {"soporte": ("1001", "1002"), "ventas": ("1003",)})
    await pbx.start()
    traffic = Traffic(pbx, [("3001112233", "Ana"), ("3004445566", "Luis")], 0.05, FAST, seed=5)
    async with listening(pbx.url) as heard:
        await heard.next(f.PbxBack)
        work = pbx.spawn(traffic.run())
        outcomes = {f.RingOutcome.NO_ANSWER, f.RingOutcome.ABANDONED}

        def stopped() -> bool:
            return outcomes <= {stop.outcome for stop in heard.of(f.RingStopped)}  # type: ignore[attr-defined]

        await eventually(stopped, 30)
        await eventually(lambda: len(heard.of(f.CallAnswered)) > 20, 30)
        work.cancel()
        await eventually(lambda: not pbx.calls, 30)
        await eventually(lambda: not open_calls(heard.facts), 5)
    await pbx.stop()


def open_calls(facts: list[f.Fact]) -> Counter[str]:
    """How many calls each extension is in; never more than one."""
    inside: Counter[str] = Counter()
    for fact in facts:
        if isinstance(fact, f.CallRang):
            inside[fact.extension] += 1
        elif isinstance(fact, f.RingStopped | f.AgentLeft):
            inside[fact.extension] -= 1
        assert max(inside.values(), default=0) <= 1, fact
    return +inside


@pytest.mark.parametrize("hung_up", [False, True])
async def test_an_agent_calls_a_customer_by_a_click(hung_up: bool) -> None:
    pbx = SimulatedPbx(("1001",))
    pbx.pace = Pace(0.05, 0.05, 60 if hung_up else 0.1)
    await pbx.start()
    connection = AmiConnection(Address.parse(pbx.url), lambda *_: None, EVENT_CLASSES)
    async with listening(pbx.url) as heard:
        await heard.next(f.PbxBack)
        await connection.open()
        call = {"Channel": "PJSIP/1001", "Exten": "3001112233", "Context": "agents", "ChannelId": "our-0001"}
        await connection.ask("Originate", call)
        rang = await heard.next(f.CallRang, call="our-0001", extension="1001", direction=f.Direction.OUTBOUND)
        assert rang.caller_number == "3001112233"
        await heard.next(f.CallAnswered, call="our-0001", extension="1001", caller_number="3001112233")
        if hung_up:
            await connection.ask("Hangup", {"Channel": "our-0001"})
        await heard.next(f.AgentLeft, call="our-0001")
        await heard.next(f.CallEnded, call="our-0001", cause=16)
    await connection.close()
    await pbx.stop()


async def test_who_did_not_sign_in_hears_nothing_and_may_ask_nothing() -> None:
    pbx = SimulatedPbx(("1001",))
    await pbx.start()
    reader, writer = await asyncio.open_connection(pbx.server.host, pbx.server.port)
    writer.write(b"Action: CoreShowChannels\r\nActionID: 7\r\n\r\n")
    await pbx.ring("1001", "3001112233")
    writer.write(b"Action: Logoff\r\n\r\n")
    said = await asyncio.wait_for(reader.read(), 5)
    assert said.startswith(b"Asterisk Call Manager/")
    assert b"Response: Error\r\nActionID: 7\r\nMessage: Permission denied" in said
    assert b"Newchannel" not in said
    writer.close()
    await pbx.stop()


async def test_what_is_no_manager_protocol_harms_nobody() -> None:
    pbx = SimulatedPbx(("1001",))
    await pbx.start()
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\0\xff" * 50_000, b"x" * 200_000, b"\r\n\r\n\r\n\r\n", b""):
        _, writer = await asyncio.open_connection(pbx.server.host, pbx.server.port)
        writer.write(nonsense)
        writer.close()
    async with listening(pbx.url) as heard:
        await heard.next(f.PbxBack)
    await pbx.stop()

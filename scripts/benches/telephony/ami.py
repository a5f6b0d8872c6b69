"""Events of a PBX read and understood, for each second of one core; against an asyncio reader alone and pyst2."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asterisk.manager import Manager

from atiende.telephony.ami.protocol import AmiParser
from atiende.telephony.calls.translator import Translator

from ..shared.harness import Figure, Run
from .recorded import recorded

WHAT = "AMI events read and translated per second of one core; against an asyncio reader alone and pyst2"
_READ = 64 * 1024
_END = b"\r\n\r\n"


async def bench(run: Run) -> list[Figure]:
    """What a PBX says of answered queue calls, over a socket."""
    data, events = recorded(run.size(500, 200, 10))
    heard = run.folder / "heard.ami"
    heard.write_bytes(data)
    times = run.size(20, 5, 1)
    total = events * times
    few = max(1, total // 20)

    async def ours() -> float:
        with feeding(heard, times) as port:
            return await _rate(_understand(port), total)

    async def alone() -> float:
        with feeding(heard, times) as port:
            return await _rate(_only_read(port), total)

    async def pyst2() -> float:
        with feeding(heard, times) as port:
            began = time.process_time()
            count = await asyncio.to_thread(_by_pyst2, port, few)
            return count / (time.process_time() - began)

    return [
        await run.alone("events/s of one core, read and translated to facts", "/s", ">= 10000", ours),
        await run.compare("the same", "/s", "", ours, ("asyncio reader alone", alone)),
        await run.compare("the same", "/s", "", ours, ("pyst2", pyst2)),
    ]


@contextmanager
def feeding(heard: Path, times: int) -> Iterator[int]:
    """The port of somebody who says it all."""
    feed = Path(__file__).with_name("ami_feed.py")
    process = subprocess.Popen([sys.executable, feed, heard, str(times)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


async def _rate(reading: object, total: int) -> float:
    began = time.process_time()
    count = await reading  # type: ignore[misc]
    spent = time.process_time() - began
    if count < total:
        raise RuntimeError(f"{count} of {total} events were heard")
    return total / spent


async def _understand(port: int) -> int:
    """As the bridge's reader does: pieces of the socket, messages, facts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    parser, translator, count = AmiParser(), Translator("main"), 0
    translator.done("22")
    while piece := await reader.read(_READ):
        for message in parser.feed(piece):
            translator.hear(message)
            count += 1
    writer.close()
    return count


async def _only_read(port: int) -> int:
    """Messages as dicts and nothing else."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    count = 0
    try:
        while block := await reader.readuntil(_END):
            dict(line.split(": ", 1) for line in block.decode()[:-4].split("\r\n") if ": " in line)
            count += 1
    except asyncio.IncompleteReadError:
        writer.close()
    return count


def _by_pyst2(port: int, enough: int) -> int:
    """pyst2 with one callback for every event; stopped when it has heard some."""
    count, done = 0, threading.Event()

    def hear(event: object, manager: object) -> None:
        nonlocal count
        count += 1
        if count >= enough:
            done.set()

    manager = Manager()
    manager.register_event("*", hear)
    manager.connect("127.0.0.1", port)
    done.wait(60)
    heard = count
    manager._running.clear()
    manager._sock.close()
    manager.close()
    return heard

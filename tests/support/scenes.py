"""The same phones and callers on the real Asterisk and on the simulated one, so that one test can hold both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal, Protocol

from atiende.telephony.simulated_pbx import SimulatedCall, SimulatedPbx
from atiende.tests.support.asterisk import RealAsterisk
from atiende.tests.support.asterisk_config import default_queues
from atiende.tests.support.sipp import NEVER_MS, Bench, Sipp

Behaviour = Literal["answers", "never answers", "refuses"]
PICK_UP = 0.3  # seconds


class Scene(Protocol):
    """Three phones (1001, 1002, 1003), the queues of the test's Asterisk, and customers."""

    url: str

    async def phone(self, extension: str, behaviour: Behaviour) -> None:
        """From now on this phone is registered and behaves so."""

    async def caller(self, to: str, number: str, name: str, lasting: float) -> None:
        """A customer calls an extension or a queue and hangs up after `lasting` seconds, answered or not."""


class RealScene:
    def __init__(self, pbx: RealAsterisk, bench: Bench) -> None:
        self.pbx, self.bench, self.url = pbx, bench, pbx.ear_url
        self._phones: dict[str, Sipp] = {}

    async def phone(self, extension: str, behaviour: Behaviour) -> None:
        if extension in self._phones:
            self._phones.pop(extension).stop()
        ring = NEVER_MS if behaviour == "never answers" else int(PICK_UP * 1000)
        scenario = "phone_refuses" if behaviour == "refuses" else "phone"
        self._phones[extension] = await asyncio.to_thread(self.bench.phone, extension, ring, scenario=scenario)

    async def caller(self, to: str, number: str, name: str, lasting: float) -> None:
        length = int(lasting * 1000)
        self.bench.caller(to, number, name.encode(), talk_ms=length, give_up_ms=length)


class SimulatedScene:
    def __init__(self, pbx: SimulatedPbx) -> None:
        self.pbx, self.url = pbx, pbx.url
        self._behaviour: dict[str, Behaviour] = {}

    async def phone(self, extension: str, behaviour: Behaviour) -> None:
        self._behaviour[extension] = behaviour
        self.pbx.register(extension)

    async def caller(self, to: str, number: str, name: str, lasting: float) -> None:
        if to in self.pbx.queues:
            every = default_queues()[to].strategy == "ringall"
            call = await self.pbx.queue_call(to, number, name, every, default_queues()[to].ring)
        else:
            call = await self.pbx.ring(to, number, name)
        self.pbx.spawn(self._end(call, lasting))
        self.pbx.spawn(self._pick_up(call))

    async def _end(self, call: SimulatedCall, lasting: float) -> None:
        await asyncio.sleep(lasting)
        call.hang_up()

    async def _pick_up(self, call: SimulatedCall) -> None:
        while not call.settled.is_set():
            await asyncio.sleep(PICK_UP)
            for extension in list(call.phones):
                if self._behaviour[extension] == "answers" and not call.settled.is_set():
                    call.answer(extension)
                elif self._behaviour[extension] == "refuses":
                    call.reject(extension)


@asynccontextmanager
async def simulated_scene() -> AsyncIterator[SimulatedScene]:
    queues = {name: queue.members for name, queue in default_queues().items()}
    pbx = SimulatedPbx(("1001", "1002", "1003"), queues)
    for extension in pbx.phones:
        pbx.register(extension, False)
    await pbx.start()
    try:
        yield SimulatedScene(pbx)
    finally:
        await pbx.stop()


@asynccontextmanager
async def real_scene(folder: Path) -> AsyncIterator[RealScene]:
    pbx = RealAsterisk(folder / "asterisk")
    await asyncio.to_thread(pbx.start)
    try:
        with Bench(folder / "sipp", pbx.sip_address) as bench:
            yield RealScene(pbx, bench)
    finally:
        pbx.thaw()
        await asyncio.to_thread(pbx.stop)

"""The same phones and callers on the real Asterisk and on the simulated one, so that one test can hold both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal, Protocol

from atiende.telephony.simulated_pbx import Fate, IncomingCall, Pace, PickUp, SimulatedPbx
from atiende.tests.support.pbx.asterisk import RealAsterisk
from atiende.tests.support.pbx.config import AGENTS, DIAL_SECONDS, Queue, default_queues
from atiende.tests.support.pbx.sipp import NEVER_MS, Bench, Sipp

Behaviour = Literal["answers", "never answers", "refuses"]
Customer = Literal["answers", "is busy", "never answers", "declines", "has no free line", "has no such number"]
PICK_UP = 0.3  # seconds
CUSTOMER_RINGS = 0.4

_SIP_ANSWERS = {  # and whether the phone rings first
    "answers": ("200 OK", True),
    "is busy": ("486 Busy Here", True),
    "never answers": ("200 OK", True),
    "declines": ("603 Decline", True),
    "has no free line": ("503 Service Unavailable", False),
    "has no such number": ("404 Not Found", False),
}
_FATES = {
    "answers": Fate.ANSWERS,
    "is busy": Fate.BUSY,
    "never answers": Fate.NO_ANSWER,
    "declines": Fate.DECLINES,
    "has no free line": Fate.CONGESTION,
    "has no such number": Fate.NOT_FOUND,
}
_PICK_UPS = {"answers": PickUp.ANSWERS, "never answers": PickUp.NEVER, "refuses": PickUp.REFUSES}


class Scene(Protocol):
    """Three phones (1001, 1002, 1003), the queues of the test's Asterisk, and customers."""

    url: str
    hand_url: str  # an account that may act

    async def customer(self, number: str, does: Customer) -> None:
        """What happens from now on when somebody calls this number."""

    async def phone(self, extension: str, behaviour: Behaviour) -> None:
        """From now on this phone is registered and behaves in this way."""

    async def caller(self, to: str, number: str, name: str, lasting: float) -> None:
        """A customer calls an extension or a queue and hangs up after `lasting` seconds, answered or not."""


class RealScene:
    def __init__(self, pbx: RealAsterisk, bench: Bench) -> None:
        self.pbx, self.bench, self.url, self.hand_url = pbx, bench, pbx.ear_url, pbx.bench_url
        self._phones: dict[str, Sipp] = {}
        self._carrier: Sipp | None = None

    async def customer(self, number: str, does: Customer) -> None:
        if self._carrier is not None:
            self._carrier.stop()
        answer, rings = _SIP_ANSWERS[does]
        ring = NEVER_MS if does == "never answers" else int(CUSTOMER_RINGS * 1000)
        port = self.pbx.plan.carrier
        self._carrier = await asyncio.to_thread(self.bench.carrier, port, answer, ring, rings)

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
        self.pbx, self.url, self.hand_url = pbx, pbx.url, pbx.url
        self._behaviour: dict[str, Behaviour] = {}

    async def customer(self, number: str, does: Customer) -> None:
        self.pbx.fates[number.lstrip("+")] = _FATES[does]
        self.pbx.pace = Pace(PICK_UP, DIAL_SECONDS if does == "never answers" else CUSTOMER_RINGS)

    async def phone(self, extension: str, behaviour: Behaviour) -> None:
        self._behaviour[extension] = behaviour
        self.pbx.pick_up[extension] = _PICK_UPS[behaviour]
        self.pbx.register(extension)

    async def caller(self, to: str, number: str, name: str, lasting: float) -> None:
        if to in self.pbx.queues:
            every = default_queues()[to].strategy == "ringall"
            call = await self.pbx.queue_call(to, number, name, every, default_queues()[to].ring)
        else:
            call = await self.pbx.ring(to, number, name)
        self.pbx.spawn(self._end(call, lasting))
        self.pbx.spawn(self._pick_up(call))

    async def _end(self, call: IncomingCall, lasting: float) -> None:
        await asyncio.sleep(lasting)
        call.hang_up()

    async def _pick_up(self, call: IncomingCall) -> None:
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
async def real_scene(
    folder: Path, queues: Mapping[str, Queue] | None = None, agents: Sequence[str] = AGENTS
) -> AsyncIterator[RealScene]:
    pbx = RealAsterisk(folder / "asterisk", queues=queues, agents=agents)
    await asyncio.to_thread(pbx.start)
    try:
        with Bench(folder / "sipp", pbx.sip_address) as bench:
            yield RealScene(pbx, bench)
    finally:
        pbx.thaw()
        await asyncio.to_thread(pbx.stop)

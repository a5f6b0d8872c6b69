"""Customers who call all day, and floods of events that concern nobody: for the demonstration and for load."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .incoming import IncomingCall
from .pbx import SimulatedPbx

MAX_WAITING = 20  # callers in one queue; more customers would only wait longer
FLOOD_STEP = 0.02  # seconds between two handfuls of a flood


@dataclass(frozen=True)
class Habits:
    """How the simulated people behave; seconds, drawn evenly from each range."""

    answer_after: tuple[float, float] = (2.0, 6.0)
    talk: tuple[float, float] = (15.0, 60.0)
    patience: tuple[float, float] = (8.0, 25.0)
    ring: float = 12.0
    answered: float = 0.75  # shares of calls; the rest is not answered by anybody
    abandoned: float = 0.12


class Traffic:
    """Calls from `callers` (number, name) into queues and straight to phones, one each `every` seconds on average."""

    def __init__(
        self,
        pbx: SimulatedPbx,
        callers: Sequence[tuple[str, str]],
        every: float,
        habits: Habits = Habits(),
        seed: int | None = None,
    ) -> None:
        self.pbx = pbx
        self.callers = list(callers) or [("", "")]
        self.every = every
        self.habits = habits
        self._chance = random.Random(seed)  # noqa: S311 - people, not secrets

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / self.every))
            await self.one_call()

    async def one_call(self) -> IncomingCall | None:
        """One customer calls; None when every phone and queue is full."""
        number, name = self._chance.choice(self.callers)
        queues = [queue for queue in self.pbx.queues.values() if queue.members and len(queue.waiting) < MAX_WAITING]
        free = [phone.extension for phone in self.pbx.phones.values() if phone.free]
        fate = self._chance.random()
        if queues and (not free or self._chance.random() < 0.8):
            queue = self._chance.choice(queues)
            call = await self.pbx.queue_call(queue.name, number, name, ring_for=self.habits.ring)
        elif free:
            call = await self.pbx.ring(self._chance.choice(free), number, name)
        else:
            return None
        self.pbx.spawn(self._play(call, fate))
        return call

    async def _play(self, call: IncomingCall, fate: float) -> None:
        """What becomes of it: answered and talked, given up, or left ringing."""
        habits = self.habits
        picked_up = fate < habits.answered
        given_up = not picked_up and fate < habits.answered + habits.abandoned
        patience = self._between(habits.patience) * (0.3 if given_up else 1.5)
        answering = self.pbx.spawn(self._pick_up(call)) if picked_up else None
        try:
            async with asyncio.timeout(patience):
                await call.settled.wait()
        except TimeoutError:
            self._give_up(call, given_up)
        if call.talking is not None:
            await asyncio.sleep(self._between(habits.talk))
            call.hang_up()
        if answering is not None:
            answering.cancel()

    def _give_up(self, call: IncomingCall, given_up: bool) -> None:
        if call.queue is None and call.phones and not given_up:
            call.no_answer()
        else:
            call.hang_up()

    async def _pick_up(self, call: IncomingCall) -> None:
        """Somebody answers the phone that rings, after a moment, if it still rings."""
        while call.talking is None and not call.over.is_set():
            ringing = list(call.phones)
            await asyncio.sleep(self._between(self.habits.answer_after) if ringing else 0.1)
            if ringing and ringing[0] in call.phones and call.talking is None:
                call.answer(ringing[0])

    def _between(self, limits: tuple[float, float]) -> float:
        return self._chance.uniform(*limits)


async def flood(pbx: SimulatedPbx, rate: int, seconds: float) -> int:
    """Tell `rate` events a second that concern nobody, as a busy PBX does; how many it were."""
    began, told = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        while told < rate * passed:
            about = [("Channel", f"PJSIP/carrier-{told:08x}"), ("Uniqueid", f"9.{told}"), ("Linkedid", f"9.{told}")]
            more = [("Context", "incoming"), ("Exten", "s"), ("Variable", f"SIPCALLID{told}"), ("Value", "x" * 40)]
            pbx.tell("VarSet", "dialplan", [*about, *more])
            told += 1
        await asyncio.sleep(FLOOD_STEP)
    return told

"""`python -m atiende.server.up.demo_process`: what moves in the demonstration. A simulated PBX with customers who call
the people who are there, and the agents who answer them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from urllib.parse import urlsplit

import structlog

from ...telephony.simulated_pbx.__main__ import callers_of
from ...telephony.simulated_pbx.equipment import extension_in
from ...telephony.simulated_pbx.incoming import IncomingCall
from ...telephony.simulated_pbx.pbx import SimulatedPbx
from ...telephony.simulated_pbx.traffic import Habits, Traffic
from ..connections import connections
from ..settings import Settings, load_settings
from .demo import LEFT_ALONE
from .demo_crew import crew_of
from .demo_pbx import EXTENSIONS, QUEUE, SECONDS_BETWEEN_CALLS, SECRET, callers_file

log = structlog.get_logger()
GOOD_DAY = Habits(answer_after=(2.0, 6.0), talk=(20.0, 70.0), patience=(40.0, 90.0), answered=0.98, abandoned=0.02)


class GoodDay(Traffic):
    """Customers call the queue, while somebody in it is free: few wait, and nobody's phone rings who is not there."""

    async def one_call(self) -> IncomingCall | None:
        queue = self.pbx.queues[QUEUE]
        if not any(self.pbx.phones[extension_in(member)].free for member in queue.in_turn()):
            return None
        number, name = random.choice(self.callers)  # noqa: S311 - people, not secrets
        call = await self.pbx.queue_call(queue.name, number, name, ring_for=self.habits.ring)
        self.pbx.spawn(self._play(call, random.random()))  # noqa: S311
        return call


async def serve(settings: Settings) -> None:
    """The PBX listens where the settings say; it ends at SIGTERM."""
    listens = urlsplit(settings.ami_url or "")
    secret = os.environ.get(SECRET, "")
    pbx = SimulatedPbx(EXTENSIONS, {QUEUE: []}, secret, listens.hostname or "127.0.0.1", listens.port or 0)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await pbx.start()
    async with connections(settings) as opened:
        traffic = GoodDay(pbx, callers_of(callers_file(settings.data_dir)), SECONDS_BETWEEN_CALLS, GOOD_DAY)
        crew = await crew_of(opened.house, LEFT_ALONE)
        moving = [asyncio.create_task(work) for work in (traffic.run(), crew.run())]
        await stop.wait()
        for task in moving:
            task.cancel()
        await asyncio.gather(*moving, return_exceptions=True)
    await pbx.stop()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(load_settings()))

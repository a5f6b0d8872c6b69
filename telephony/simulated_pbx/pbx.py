"""The simulated PBX: phones, queues, calls, and the door where managers sign in."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from itertools import count
from urllib.parse import quote

from .call import SimulatedCall
from .door import Door
from .outgoing import Fate, OutgoingCall, Pace, PickUp
from .parts import DOWN, Channel, Pairs, Phone, Queue

QUEUE_TURN = 0.05  # seconds between two looks for a free member
QUEUE_RING = 15.0  # seconds one phone rings for a queue's call


class SimulatedPbx:
    """`await start()`, then it listens at `url`; `await stop()`. A phone talks with one caller at a time."""

    def __init__(
        self,
        extensions: Iterable[str] = ("1001", "1002", "1003"),
        queues: Mapping[str, Sequence[str]] | None = None,
        secret: str = "simulated",  # noqa: S107 - the default of a thing for tests
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.phones = {extension: Phone(extension) for extension in extensions}
        self.queues = {name: Queue(name, dict.fromkeys(members, False)) for name, members in (queues or {}).items()}
        self.channels: dict[str, Channel] = {}
        self.calls: dict[str, SimulatedCall] = {}
        self.outgoing: dict[str, OutgoingCall] = {}
        self.pace = Pace()
        self.fates: dict[str, Fate] = {}  # what customers do who are called, by number; the others answer
        self.pick_up: dict[str, PickUp] = {}  # what agents' phones do for their own calls; the others are picked up
        self.door = Door(self, secret, host, port)
        self._secret = secret
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = count()
        self._epoch = int(time.time())

    @property
    def url(self) -> str:
        """Where a manager signs in, secret included."""
        return f"ami://atiende:{quote(self._secret, safe='')}@{self.door.host}:{self.door.port}"

    async def start(self) -> None:
        """Listen. After `stop` it starts as a PBX does: on the same port, without calls."""
        await self.door.open()

    async def stop(self) -> None:
        """As if killed: connections end, calls are forgotten."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.door.close()
        self.channels.clear()
        self.calls.clear()
        self.outgoing.clear()
        for phone in self.phones.values():
            phone.channel = None
        for queue in self.queues.values():
            queue.waiting.clear()

    def drop_connections(self) -> None:
        """Every manager's connection ends; calls go on."""
        self.door.drop()

    def freeze(self) -> None:
        """Connections stay open and nothing is answered nor told until `thaw`."""
        self.door.running.clear()

    def thaw(self) -> None:
        self.door.running.set()
        self.door.flush()

    async def ring(self, extension: str, number: str, name: str = "") -> SimulatedCall:
        """A customer calls an extension, whose phone rings. A busy or lost phone refuses at once."""
        call = SimulatedCall(self, number, name, extension)
        phone = self.phones[extension]
        if phone.free:
            call.ring(phone)
        else:
            call.hang_up()
        return call

    async def queue_call(
        self, queue: str, number: str, name: str = "", ring_all: bool = False, ring_for: float = QUEUE_RING
    ) -> SimulatedCall:
        """A customer calls a queue: free members' phones ring in turn for `ring_for` seconds, or all at once."""
        call = SimulatedCall(self, number, name, queue, self.queues[queue])
        self.spawn(self._serve(call, ring_all, ring_for))
        return call

    def originate(self, extension: str, number: str, fields: Mapping[str, str] | None = None) -> OutgoingCall | None:
        """An agent calls a number by a click; None when his phone is not free. `fields`: as in the action."""
        phone = self.phones.get(extension)
        if phone is None or not phone.free:
            return None
        call = OutgoingCall(self, phone, number, fields or {})
        self.spawn(call.play(self.pace))
        return call

    def register(self, extension: str, registered: bool = True) -> None:
        """A phone comes, or is lost."""
        phone = self.phones[extension]
        phone.registered = registered
        self.tell_phone(phone)

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run something that ends with the PBX."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _serve(self, call: SimulatedCall, ring_all: bool, ring_for: float) -> None:
        while call.talking is None and not call.over.is_set():
            phones = self._next(call.queue, ring_all)
            for phone in phones:
                call.ring(phone)
            deadline = time.monotonic() + (ring_for if phones else QUEUE_TURN)
            while time.monotonic() < deadline and call.talking is None and not call.over.is_set():
                if phones and not call.phones:
                    break
                call.changed.clear()
                await _wait(call.changed, deadline - time.monotonic())
            if call.talking is None:
                for extension in list(call.phones):
                    call.no_answer(extension)
                await asyncio.sleep(QUEUE_TURN)

    def _next(self, queue: Queue | None, ring_all: bool) -> list[Phone]:
        if queue is None:
            return []
        free = [self.phones[extension] for extension in queue.in_turn() if self.phones[extension].free]
        if ring_all or not free:
            return free
        queue.turn = (list(queue.members).index(free[0].extension) + 1) % len(queue.members)
        return free[:1]

    def channel(
        self, owner: str, state: int, number: str, name: str, context: str, exten: str, linkedid: str = ""
    ) -> Channel:
        """A new channel of a phone or of the carrier."""
        serial = next(self._numbers)
        uniqueid = f"{self._epoch}.{serial}"
        full_name = f"PJSIP/{owner}-{serial:08x}"
        return Channel(full_name, uniqueid, linkedid or uniqueid, state or DOWN, number, name, context, exten)

    def new_bridge(self) -> str:
        return str(uuid.uuid4())

    def tell(self, event: str, privilege: str, pairs: Pairs) -> None:
        """Send an event to every manager that is signed in."""
        self.door.tell([("Event", event), ("Privilege", f"{privilege},all"), *pairs])

    def tell_phone(self, phone: Phone) -> None:
        """A phone's state, as its device and as its queues report it."""
        self.tell("DeviceStateChange", "call", [("Device", phone.interface), ("State", phone.device_state)])
        for queue in self.queues.values():
            if phone.extension in queue.members:
                self.tell("QueueMemberStatus", "agent", queue.member_fields(phone))


async def _wait(event: asyncio.Event, limit: float) -> None:
    try:
        async with asyncio.timeout(max(limit, 0)):
            await event.wait()
    except TimeoutError:
        return

"""The simulated PBX: an exchange, its server for managers, and what its customers and agents can do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from .equipment import Phone, Queue, extension_in
from .exchange import Exchange
from .incoming import IncomingCall
from .manager_server import ManagerServer
from .outgoing import OutgoingCall, call_by_click

QUEUE_TURN = 0.05  # seconds between two looks for a free member
QUEUE_RING = 15.0  # seconds one phone rings for a queue's call


class SimulatedPbx(Exchange):
    """`await start()`, then it listens at `url`; `await stop()`. A phone talks with one caller at a time."""

    def __init__(
        self,
        extensions: Iterable[str] = ("1001", "1002", "1003"),
        queues: Mapping[str, Sequence[str]] | None = None,
        secret: str = "simulated",  # noqa: S107 - the default of a thing for tests
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(extensions, queues or {})
        self.server = ManagerServer(self, secret, host, port)
        self._secret = secret

    @property
    def url(self) -> str:
        """Where a manager signs in, secret included."""
        return f"ami://atiende:{quote(self._secret, safe='')}@{self.server.host}:{self.server.port}"

    async def start(self) -> None:
        """Listen. After `stop` it starts as a PBX does: on the same port, without calls."""
        await self.server.open()

    async def stop(self) -> None:
        """As if killed: connections end, calls are forgotten."""
        await self.end_tasks()
        await self.server.close()
        self.forget_calls()

    def drop_connections(self) -> None:
        """Every manager's connection ends; calls go on."""
        self.server.drop()

    def freeze(self) -> None:
        """Connections stay open and nothing is answered nor told until `thaw`."""
        self.managers.freeze()

    def thaw(self) -> None:
        """Go on, with what was not told first."""
        self.managers.thaw()

    async def ring(self, extension: str, number: str, name: str = "") -> IncomingCall:
        """A customer calls an extension, whose phone rings. A busy or lost phone refuses at once."""
        call = IncomingCall(self, number, name, extension)
        phone = self.phones[extension]
        if phone.free:
            call.ring(phone)
        else:
            call.hang_up()
        return call

    async def queue_call(
        self, queue: str, number: str, name: str = "", ring_all: bool = False, ring_for: float = QUEUE_RING
    ) -> IncomingCall:
        """A customer calls a queue: free members' phones ring in turn for `ring_for` seconds, or all at once."""
        call = IncomingCall(self, number, name, queue, self.queues[queue])
        self.spawn(self._serve(call, ring_all, ring_for))
        return call

    def originate(self, extension: str, number: str, fields: Mapping[str, str] | None = None) -> OutgoingCall | None:
        """An agent calls a number by a click; None when the agent's phone is not free. `fields`: as in the action."""
        return call_by_click(self, extension, number, fields or {})

    def register(self, extension: str, registered: bool = True) -> None:
        """A phone comes, or is lost."""
        phone = self.phones[extension]
        phone.registered = registered
        self.tell_phone(phone)

    async def _serve(self, call: IncomingCall, ring_all: bool, ring_for: float) -> None:
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
        members = {interface: self.phones[extension_in(interface)] for interface in queue.in_turn()}
        free = [interface for interface, phone in members.items() if phone.free]
        if not ring_all and free:
            queue.next_after(free[0])
            free = free[:1]
        return list({members[interface].extension: members[interface] for interface in free}.values())


async def _wait(event: asyncio.Event, limit: float) -> None:
    try:
        async with asyncio.timeout(max(limit, 0)):
            await event.wait()
    except TimeoutError:
        return

"""What all parts of the simulated PBX share: its phones, queues, channels and calls, and those who hear of them."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from itertools import count

from .behaviour import Fate, Pace, PickUp
from .equipment import Call, Channel, Pairs, Phone, Queue, bridge_fields, cause_fields, extension_in, interface_of
from .managers import Managers


class Exchange:
    """What there is, and what can be done to a channel: each act tells managers the events that Asterisk tells."""

    def __init__(self, extensions: Iterable[str], queues: Mapping[str, Sequence[str]]) -> None:
        self.phones = {extension: Phone(extension) for extension in extensions}
        self.queues = {
            name: Queue(name, {interface_of(member): False for member in members}) for name, members in queues.items()
        }
        self.channels: dict[str, Channel] = {}
        self.calls: dict[str, Call] = {}  # of customers
        self.outgoing: dict[str, Call] = {}  # of agents, by a click
        self.pace = Pace()
        self.fates: dict[str, Fate] = {}  # what customers do who are called, by number; the others answer
        self.pick_up: dict[str, PickUp] = {}  # what agents' phones do for their own calls; the others are picked up
        self.managers = Managers()
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = count()
        self._epoch = int(time.time())

    def new_channel(
        self, owner: str, state: int, number: str, name: str, context: str, exten: str, linkedid: str = ""
    ) -> Channel:
        """A channel of a phone or of the carrier, that no manager has heard of yet."""
        serial = next(self._numbers)
        uniqueid = f"{self._epoch}.{serial}"
        full_name = f"PJSIP/{owner}-{serial:08x}"
        return Channel(full_name, uniqueid, linkedid or uniqueid, state, number, name, context, exten)

    def add_channel(self, channel: Channel) -> None:
        """From now on it is there."""
        self.channels[channel.uniqueid] = channel
        self.tell("Newchannel", "call", channel.fields())

    def set_state(self, channel: Channel, state: int) -> None:
        """It rings, or it is up."""
        channel.state = state
        self.tell("Newstate", "call", channel.fields())

    def bridge(self, *channels: Channel) -> None:
        """They talk with each other."""
        bridge = str(uuid.uuid4())
        self.tell("BridgeCreate", "call", bridge_fields(bridge, 0))
        for inside, channel in enumerate(channels, 1):
            channel.bridge = bridge
            self.tell("BridgeEnter", "call", [*bridge_fields(bridge, inside), *channel.fields()])

    def unbridge(self, channel: Channel) -> None:
        """It stops talking, if it talked."""
        if channel.bridge:
            self.tell("BridgeLeave", "call", [*bridge_fields(channel.bridge, 0), *channel.fields()])
            channel.bridge = ""

    def end_channel(self, channel: Channel, cause: int, tech_cause: str = "") -> None:
        """It is hung up, for a Q.850 cause; nothing is told when it was gone before."""
        if self.channels.pop(channel.uniqueid, None):
            self.tell("Hangup", "call", [*channel.fields(), *cause_fields(cause, tech_cause)])

    def tell_dial(self, event: str, by: Channel | None, leg: Channel, last: tuple[str, str]) -> None:
        """How the dialling of `leg` goes; `by` is None for an agent's own call, which no channel dials."""
        self.tell(event, "call", [*(by.fields() if by else []), *leg.fields("Dest"), last])

    def tell_phone(self, phone: Phone) -> None:
        """A phone's state, as its device and as its queues report it."""
        self.tell("DeviceStateChange", "call", [("Device", phone.interface), ("State", phone.device_state)])
        for queue in self.queues.values():
            for interface in queue.members:
                if extension_in(interface) == phone.extension:
                    self.tell("QueueMemberStatus", "agent", queue.member_fields(interface, phone))

    def tell(self, event: str, privilege: str, pairs: Pairs) -> None:
        """Send an event to every manager that is signed in."""
        self.managers.tell([("Event", event), ("Privilege", f"{privilege},all"), *pairs])

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run something that ends with the PBX."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def end_tasks(self) -> None:
        """End all that was spawned."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def forget_calls(self) -> None:
        """All phones are free and all queues empty, without a word."""
        self.channels.clear()
        self.calls.clear()
        self.outgoing.clear()
        for phone in self.phones.values():
            phone.channel = None
        for queue in self.queues.values():
            queue.waiting.clear()

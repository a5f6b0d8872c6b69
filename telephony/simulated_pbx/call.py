"""One call of the simulated PBX: each method is what somebody does, and sends the events Asterisk sends for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from .parts import DOWN, RING, RINGING, UP, Channel, Phone, Queue

if TYPE_CHECKING:
    from .pbx import SimulatedPbx

CAUSES = {
    0: "Unknown",
    1: "Unallocated (unassigned) number",
    16: "Normal Clearing",
    17: "User busy",
    19: "User alerting, no answer",
    21: "Call Rejected",
    26: "Answered elsewhere",
    34: "Circuit/channel congestion",
}


class SimulatedCall:
    """A customer's call to an extension, or into a `queue`. Made by `SimulatedPbx.ring` and `queue_call`."""

    def __init__(self, pbx: SimulatedPbx, number: str, name: str, exten: str, queue: Queue | None = None) -> None:
        self.pbx = pbx
        self.queue = queue
        self.phones: dict[str, Phone] = {}  # those that ring, then the one that talks
        self.talking: Phone | None = None
        self.over = asyncio.Event()
        self.settled = asyncio.Event()  # answered, or over
        self.changed = asyncio.Event()  # set at each answer, stop and end; a waiter clears it
        self.caller = pbx.channel("carrier", RING, number, name, "incoming", exten)
        self.caller.application, self.caller.data = ("Queue", queue.name) if queue else ("Dial", f"PJSIP/{exten}")
        pbx.channels[self.id] = self.caller
        pbx.calls[self.id] = self
        pbx.tell("Newchannel", "call", self.caller.fields())
        if queue is not None:
            self._join(queue)

    @property
    def id(self) -> str:
        """Asterisk's Linkedid."""
        return self.caller.uniqueid

    @property
    def legs(self) -> list[Channel]:
        """All its channels."""
        return [self.caller, *(phone.channel for phone in self.phones.values() if phone.channel)]

    def _join(self, queue: Queue) -> None:
        self.caller.state = UP
        self.pbx.tell("Newstate", "call", self.caller.fields())
        queue.waiting.append(self.caller)
        place = str(len(queue.waiting))
        self._tell_queue("QueueCallerJoin", [("Position", place), ("Count", place)])

    def ring(self, phone: Phone) -> None:
        """A phone begins to ring."""
        caller = self.caller
        leg = self.pbx.channel(phone.extension, DOWN, phone.extension, phone.name, "agents", "s", caller.uniqueid)
        leg.application, leg.data = ("AppQueue" if self.queue else "AppDial"), "(Outgoing Line)"
        self.pbx.channels[leg.uniqueid] = leg
        phone.channel = leg
        self.phones[phone.extension] = phone
        self.pbx.tell("Newchannel", "call", leg.fields())
        leg.connected_number, leg.connected_name, leg.exten = caller.number, caller.caller_name, caller.exten
        if self.queue:
            self._tell_agent("AgentCalled", phone, leg)
        else:
            self.pbx.tell("NewConnectedLine", "call", leg.fields())
        self._tell_dial("DialBegin", leg, ("DialString", phone.extension))
        leg.state = RINGING
        self.pbx.tell("Newstate", "call", leg.fields())
        self._tell_dial("DialState", leg, ("DialStatus", "RINGING"))
        self.pbx.tell_phone(phone)

    def answer(self, extension: str | None = None) -> None:
        """A ringing phone is picked up (the first, if none is named)."""
        phone, leg = self._ringing(extension)
        leg.state = UP
        self.pbx.tell("Newstate", "call", leg.fields())
        self._tell_dial("DialEnd", leg, ("DialStatus", "ANSWER"))
        others = [other for other in self.phones.values() if other is not phone]
        for other in others:
            self._stop(other, "CANCEL", 26)
        if self.queue:
            self._leave_queue(self.queue)
            self._tell_agent("AgentConnect", phone, leg)
        else:
            self.caller.state = UP
            self.pbx.tell("Newstate", "call", self.caller.fields())
        self.talking = phone
        self.settled.set()
        self._bridge(leg)
        self.pbx.tell_phone(phone)
        self.changed.set()

    def _bridge(self, leg: Channel) -> None:
        bridge = self.pbx.new_bridge()
        self.pbx.tell("BridgeCreate", "call", bridge_fields(bridge, 0))
        for count, channel in enumerate((leg, self.caller), 1):
            channel.bridge = bridge
            self.pbx.tell("BridgeEnter", "call", [*bridge_fields(bridge, count), *channel.fields()])

    def hold(self, held: bool = True) -> None:
        """The agent puts the customer on hold, or takes him back."""
        if self.talking and self.talking.channel:
            self.talking.held = held
            self.pbx.tell("Hold" if held else "Unhold", "call", self.talking.channel.fields())
            self.pbx.tell_phone(self.talking)

    def no_answer(self, extension: str | None = None) -> None:
        """A phone has rung long enough; a call to an extension is over with it, in a queue the caller waits on."""
        phone, leg = self._ringing(extension)
        if self.queue:
            self._tell_agent("AgentRingNoAnswer", phone, leg)
        self._stop(phone, "NOANSWER", 0)
        if not self.queue and not self.phones:
            self._end(19)

    def reject(self, extension: str | None = None) -> None:
        """The agent refuses the call on the phone."""
        phone, leg = self._ringing(extension)
        self.pbx.tell("HangupRequest", "call", [*leg.fields(), ("Cause", "17")])
        self._stop(phone, "BUSY", 17)
        if not self.queue and not self.phones:
            self._end(17)

    def hang_up(self) -> None:
        """The customer hangs up, at whatever point the call is."""
        if self.over.is_set():
            return
        self.pbx.tell("HangupRequest", "call", [*self.caller.fields(), ("Cause", "16")])
        if self.talking is None:
            for phone in list(self.phones.values()):
                self._stop(phone, "CANCEL", 0)
            if self.queue and self.caller in self.queue.waiting:
                self._tell_queue("QueueCallerAbandon", [("Position", "1"), ("OriginalPosition", "1")])
                self._leave_queue(self.queue)
        self._end(16)

    def _end(self, cause: int) -> None:
        for channel in (self.caller, self.talking.channel if self.talking else None):
            if channel is not None and channel.bridge:
                self.pbx.tell("BridgeLeave", "call", [*bridge_fields(channel.bridge, 0), *channel.fields()])
                channel.bridge = ""
        if self.talking and self.talking.channel:
            self._hung_up(self.talking.channel, cause)
            self._set_free(self.talking)
        self._hung_up(self.caller, cause)
        self.pbx.calls.pop(self.id, None)
        self.over.set()
        self.settled.set()
        self.changed.set()

    def _ringing(self, extension: str | None) -> tuple[Phone, Channel]:
        """LookupError when no such phone rings for this call."""
        for phone in self.phones.values():
            leg = phone.channel
            if extension in (None, phone.extension) and leg is not None and leg.state == RINGING:
                return phone, leg
        raise LookupError(f"no phone rings for call {self.id}")

    def _stop(self, phone: Phone, status: str, cause: int) -> None:
        leg = phone.channel
        if leg is not None:
            self._tell_dial("DialEnd", leg, ("DialStatus", status))
            self._hung_up(leg, cause)
        self._set_free(phone)
        self.changed.set()

    def _set_free(self, phone: Phone) -> None:
        phone.channel, phone.held = None, False
        self.phones.pop(phone.extension, None)
        self.pbx.tell_phone(phone)

    def _hung_up(self, channel: Channel, cause: int) -> None:
        self.pbx.channels.pop(channel.uniqueid, None)
        self.pbx.tell("Hangup", "call", [*channel.fields(), ("Cause", str(cause)), ("Cause-txt", CAUSES[cause])])

    def _leave_queue(self, queue: Queue) -> None:
        queue.waiting.remove(self.caller)
        self._tell_queue("QueueCallerLeave", [("Position", "1"), ("Count", str(len(queue.waiting)))])

    def _tell_queue(self, event: str, more: list[tuple[str, str]]) -> None:
        name = self.queue.name if self.queue else ""
        self.pbx.tell(event, "agent", [*self.caller.fields(), ("Queue", name), *more])

    def _tell_agent(self, event: str, phone: Phone, leg: Channel) -> None:
        more = [("Interface", phone.interface), ("MemberName", phone.interface)]
        name = self.queue.name if self.queue else ""
        self.pbx.tell(event, "agent", [*self.caller.fields(), *leg.fields("Dest"), ("Queue", name), *more])

    def _tell_dial(self, event: str, leg: Channel, last: tuple[str, str]) -> None:
        self.pbx.tell(event, "call", [*self.caller.fields(), *leg.fields("Dest"), last])


def bridge_fields(bridge: str, channels: int) -> list[tuple[str, str]]:
    return [
        ("BridgeUniqueid", bridge),
        ("BridgeType", "basic"),
        ("BridgeTechnology", "simple_bridge"),
        ("BridgeNumChannels", str(channels)),
    ]

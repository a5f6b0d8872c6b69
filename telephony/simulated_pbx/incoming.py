"""One call of the simulated PBX: each method is what somebody does, and sends the events Asterisk sends for it."""

from __future__ import annotations

import asyncio

from .equipment import DOWN, RING, RINGING, UP, Call, Channel, Pairs, Phone, Queue
from .exchange import Exchange


class IncomingCall(Call):
    """A customer's call to an extension, or into a `queue`. Made by `SimulatedPbx.ring` and `queue_call`."""

    def __init__(self, exchange: Exchange, number: str, name: str, exten: str, queue: Queue | None = None) -> None:
        self.exchange = exchange
        self.queue = queue
        self.phones: dict[str, Phone] = {}  # those that ring, then the one that talks
        self.talking: Phone | None = None
        self.over = asyncio.Event()
        self.settled = asyncio.Event()  # answered, or over
        self.changed = asyncio.Event()  # set at each answer, stop and end; a waiter clears it
        self.caller = exchange.new_channel("carrier", RING, number, name, "incoming", exten)
        self.caller.application, self.caller.data = ("Queue", queue.name) if queue else ("Dial", f"PJSIP/{exten}")
        exchange.calls[self.id] = self
        exchange.add_channel(self.caller)
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
        self.exchange.set_state(self.caller, UP)
        queue.waiting.append(self.caller)
        place = str(len(queue.waiting))
        self._tell_queue("QueueCallerJoin", [("Position", place), ("Count", place)])

    def ring(self, phone: Phone) -> None:
        """A phone begins to ring."""
        caller, extension = self.caller, phone.extension
        leg = self.exchange.new_channel(extension, DOWN, extension, phone.name, "agents", "s", caller.uniqueid)
        leg.application, leg.data = ("AppQueue" if self.queue else "AppDial"), "(Outgoing Line)"
        phone.channel = leg
        self.phones[phone.extension] = phone
        self.exchange.add_channel(leg)
        leg.connected_number, leg.connected_name, leg.exten = caller.number, caller.caller_name, caller.exten
        if self.queue:
            self._tell_agent("AgentCalled", phone, leg)
        else:
            self.exchange.tell("NewConnectedLine", "call", leg.fields())
        self.exchange.tell_dial("DialBegin", self.caller, leg, ("DialString", phone.extension))
        self.exchange.set_state(leg, RINGING)
        self.exchange.tell_dial("DialState", self.caller, leg, ("DialStatus", "RINGING"))
        self.exchange.tell_phone(phone)

    def answer(self, extension: str | None = None) -> None:
        """A ringing phone is picked up (the first, if none is named)."""
        phone, leg = self._ringing(extension)
        self.exchange.set_state(leg, UP)
        self.exchange.tell_dial("DialEnd", self.caller, leg, ("DialStatus", "ANSWER"))
        others = [other for other in self.phones.values() if other is not phone]
        for other in others:
            self._stop(other, "CANCEL", 26)
        if self.queue:
            self._leave_queue(self.queue)
            self._tell_agent("AgentConnect", phone, leg)
        else:
            self.exchange.set_state(self.caller, UP)
        self.talking = phone
        self.settled.set()
        self.exchange.bridge(leg, self.caller)
        self.exchange.tell_phone(phone)
        self.changed.set()

    def hold(self, held: bool = True) -> None:
        """The agent puts the customer on hold, or takes the customer back."""
        if self.talking and self.talking.channel:
            self.talking.held = held
            self.exchange.tell("Hold" if held else "Unhold", "call", self.talking.channel.fields())
            self.exchange.tell_phone(self.talking)

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
        self.exchange.tell("HangupRequest", "call", [*leg.fields(), ("Cause", "17")])
        self._stop(phone, "BUSY", 17)
        if not self.queue and not self.phones:
            self._end(17)

    def hang_up(self) -> None:
        """The customer hangs up, at whatever point the call is."""
        if self.over.is_set():
            return
        self.exchange.tell("HangupRequest", "call", [*self.caller.fields(), ("Cause", "16")])
        if self.talking is None:
            for phone in list(self.phones.values()):
                self._stop(phone, "CANCEL", 0)
            if self.queue and self.caller in self.queue.waiting:
                self._tell_queue("QueueCallerAbandon", [("Position", "1"), ("OriginalPosition", "1")])
                self._leave_queue(self.queue)
        self._end(16)

    def _end(self, cause: int) -> None:
        for channel in (self.caller, self.talking.channel if self.talking else None):
            if channel is not None:
                self.exchange.unbridge(channel)
        if self.talking and self.talking.channel:
            self.exchange.end_channel(self.talking.channel, cause)
            self._set_free(self.talking)
        self.exchange.end_channel(self.caller, cause)
        self.exchange.calls.pop(self.id, None)
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
            self.exchange.tell_dial("DialEnd", self.caller, leg, ("DialStatus", status))
            self.exchange.end_channel(leg, cause)
        self._set_free(phone)
        self.changed.set()

    def _set_free(self, phone: Phone) -> None:
        phone.channel, phone.held = None, False
        self.phones.pop(phone.extension, None)
        self.exchange.tell_phone(phone)

    def _leave_queue(self, queue: Queue) -> None:
        queue.waiting.remove(self.caller)
        self._tell_queue("QueueCallerLeave", [("Position", "1"), ("Count", str(len(queue.waiting)))])

    def _tell_queue(self, event: str, more: Pairs) -> None:
        name = self.queue.name if self.queue else ""
        self.exchange.tell(event, "agent", [*self.caller.fields(), ("Queue", name), *more])

    def _tell_agent(self, event: str, phone: Phone, leg: Channel) -> None:
        more = [("Interface", phone.interface), ("MemberName", phone.interface)]
        name = self.queue.name if self.queue else ""
        self.exchange.tell(event, "agent", [*self.caller.fields(), *leg.fields("Dest"), ("Queue", name), *more])

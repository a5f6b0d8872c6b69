"""A call that an agent makes by a click: his phone rings and is picked up, then the customer's does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .call import CAUSES, bridge_fields
from .parts import DOWN, RINGING, UP, Channel, Pairs, Phone

if TYPE_CHECKING:
    from .pbx import SimulatedPbx


@dataclass(frozen=True)
class Pace:
    """Seconds until the agent picks up, the customer answers, and the customer hangs up."""

    pick_up: float = 1.0
    answer: float = 3.0
    talk: float = 60.0


class OutgoingCall:
    """Made by `Originate` with a phone as its channel and a number as its extension."""

    def __init__(self, pbx: SimulatedPbx, phone: Phone, number: str, fields: Mapping[str, str]) -> None:
        self.pbx = pbx
        self.phone = phone
        self.number = number
        self.over = asyncio.Event()
        self.leg = pbx.channel(phone.extension, DOWN, phone.extension, phone.name, "agents", number)
        self.leg.uniqueid = self.leg.linkedid = fields.get("channelid") or self.leg.uniqueid
        self.leg.connected_number = number
        self.customer: Channel | None = None
        self._answer = [("ActionID", fields["actionid"])] if fields.get("actionid") else []

    @property
    def legs(self) -> list[Channel]:
        return [leg for leg in (self.leg, self.customer) if leg is not None]

    async def play(self, pace: Pace) -> None:
        """From the first ring to the end."""
        try:
            self._begin(self.leg, [("DialString", self.phone.extension)], None)
            self.phone.channel = self.leg
            self.pbx.tell_phone(self.phone)
            await self._pause(pace.pick_up)
            self._up(self.leg, None)
            self.pbx.tell_phone(self.phone)
            self._respond("Success", "4")
            self.customer = self.pbx.channel("carrier", DOWN, self.number, "", "incoming", "s", self.leg.uniqueid)
            self._begin(self.customer, [("DialString", f"{self.number}@carrier")], self.leg)
            await self._pause(pace.answer)
            self._up(self.customer, self.leg)
            self._bridge(self.legs)
            await self._pause(pace.talk)
        except _HungUp:
            pass
        finally:
            self._end()

    def hang_up(self) -> None:
        """Either side hangs up."""
        self.over.set()

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.over.wait()
        except TimeoutError:
            return
        raise _HungUp

    def _begin(self, leg: Channel, dialled: Pairs, by: Channel | None) -> None:
        leg.application, leg.data = "AppDial", "(Outgoing Line)"
        self.pbx.channels[leg.uniqueid] = leg
        self.pbx.outgoing[self.leg.uniqueid] = self
        self.pbx.tell("Newchannel", "call", leg.fields())
        source = by.fields() if by else []
        self.pbx.tell("DialBegin", "call", [*source, *leg.fields("Dest"), *dialled])
        leg.state = RINGING
        self.pbx.tell("Newstate", "call", leg.fields())

    def _up(self, leg: Channel, by: Channel | None) -> None:
        leg.state = UP
        self.pbx.tell("Newstate", "call", leg.fields())
        source = by.fields() if by else []
        self.pbx.tell("DialEnd", "call", [*source, *leg.fields("Dest"), ("DialStatus", "ANSWER")])

    def _bridge(self, legs: list[Channel]) -> None:
        bridge = self.pbx.new_bridge()
        self.pbx.tell("BridgeCreate", "call", bridge_fields(bridge, 0))
        for count, leg in enumerate(reversed(legs), 1):
            leg.bridge = bridge
            self.pbx.tell("BridgeEnter", "call", [*bridge_fields(bridge, count), *leg.fields()])

    def _respond(self, response: str, reason: str) -> None:
        about = [("Response", response), ("Channel", self.leg.name), ("Reason", reason)]
        self.pbx.tell("OriginateResponse", "call", [*self._answer, *about, ("Uniqueid", self.leg.uniqueid)])

    def _end(self) -> None:
        for leg in self.legs:
            if self.pbx.channels.pop(leg.uniqueid, None):
                self.pbx.tell("Hangup", "call", [*leg.fields(), ("Cause", "16"), ("Cause-txt", CAUSES[16])])
        self.pbx.outgoing.pop(self.leg.uniqueid, None)
        self.phone.channel = None
        self.pbx.tell_phone(self.phone)
        self.over.set()


class _HungUp(Exception):
    """Somebody hung up before the story's end."""

"""A call that an agent makes by a click: his phone rings and is picked up, then the customer's does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from .call import CAUSES, bridge_fields
from .parts import DOWN, RINGING, UP, Channel, Pairs, Phone

if TYPE_CHECKING:
    from .pbx import SimulatedPbx


class Fate(Enum):
    """What a customer does when he is called: whether he is rung, and how the dialling ends in Asterisk's words."""

    ANSWERS = (True, "ANSWER", 16, "")
    BUSY = (True, "BUSY", 17, "SIP 486 Busy Here")
    NO_ANSWER = (True, "NOANSWER", 0, "")
    DECLINES = (True, "BUSY", 21, "SIP 603 Decline")
    CONGESTION = (False, "CONGESTION", 34, "SIP 503 Service Unavailable")
    NOT_FOUND = (False, "CHANUNAVAIL", 1, "SIP 404 Not Found")

    def __init__(self, rings: bool, status: str, cause: int, tech_cause: str) -> None:
        self.rings, self.status, self.cause, self.tech_cause = rings, status, cause, tech_cause


class PickUp(Enum):
    """What an agent's phone does when it is rung for his own call."""

    ANSWERS = 16
    NEVER = 19
    REFUSES = 17


@dataclass(frozen=True)
class Pace:
    """Seconds until the agent picks up, the customer answers (or gives up), and the customer hangs up."""

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
        self._ring_for = float(fields.get("timeout") or 30_000) / 1000
        self._cause = 16
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
            await self._agent_picks_up(pace)
            self._up(self.leg, None)
            self.pbx.tell_phone(self.phone)
            self._respond("Success", "4")
            await self._customer_answers(pace)
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

    async def _agent_picks_up(self, pace: Pace) -> None:
        does = self.pbx.pick_up.get(self.phone.extension, PickUp.ANSWERS)
        await self._pause(self._ring_for if does is PickUp.NEVER else pace.pick_up)
        if does is not PickUp.ANSWERS:
            self._cause = does.value
            self._respond("Failure", "3" if does is PickUp.NEVER else "5")
            raise _HungUp

    async def _customer_answers(self, pace: Pace) -> None:
        fate = self.pbx.fates.get(self.number, Fate.ANSWERS)
        customer = self.customer = self.pbx.channel(
            "carrier", DOWN, self.number, "", "incoming", "s", self.leg.uniqueid
        )
        self._begin(customer, [("DialString", f"{self.number}@carrier")], self.leg, fate.rings)
        try:
            await self._pause(pace.answer)
        except _HungUp:
            self._dial_end(customer, "CANCEL", self.leg)
            raise
        if fate is Fate.ANSWERS:
            return self._up(customer, self.leg)
        self._dial_end(customer, fate.status, self.leg)
        self._gone(customer, fate.cause, fate.tech_cause)
        self._cause = fate.cause or 16
        raise _HungUp

    def _begin(self, leg: Channel, dialled: Pairs, by: Channel | None, rings: bool = True) -> None:
        leg.application, leg.data = "AppDial", "(Outgoing Line)"
        self.pbx.channels[leg.uniqueid] = leg
        self.pbx.outgoing[self.leg.uniqueid] = self
        self.pbx.tell("Newchannel", "call", leg.fields())
        source = by.fields() if by else []
        self.pbx.tell("DialBegin", "call", [*source, *leg.fields("Dest"), *dialled])
        if rings:
            leg.state = RINGING
            self.pbx.tell("Newstate", "call", leg.fields())

    def _up(self, leg: Channel, by: Channel | None) -> None:
        leg.state = UP
        self.pbx.tell("Newstate", "call", leg.fields())
        self._dial_end(leg, "ANSWER", by)

    def _dial_end(self, leg: Channel, status: str, by: Channel | None) -> None:
        source = by.fields() if by else []
        self.pbx.tell("DialEnd", "call", [*source, *leg.fields("Dest"), ("DialStatus", status)])

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
        for leg in reversed(self.legs):
            self._gone(leg, self._cause)
        self.pbx.outgoing.pop(self.leg.uniqueid, None)
        self.phone.channel = None
        self.pbx.tell_phone(self.phone)
        self.over.set()

    def _gone(self, leg: Channel, cause: int, tech_cause: str = "") -> None:
        if self.pbx.channels.pop(leg.uniqueid, None):
            why = [("Cause", str(cause)), ("Cause-txt", CAUSES[cause])]
            tech = [("TechCause", tech_cause)] if tech_cause else []
            self.pbx.tell("Hangup", "call", [*leg.fields(), *why, *tech])


class _HungUp(Exception):
    """Somebody hung up before the story's end."""

"""A call that an agent makes by a click: the agent's phone rings and is picked up, then the customer's rings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from .behaviour import Fate, Pace, PickUp
from .equipment import DOWN, RINGING, UP, Call, Channel, Phone
from .exchange import Exchange


def call_by_click(exchange: Exchange, extension: str, number: str, fields: Mapping[str, str]) -> OutgoingCall | None:
    """Begin one, with the action's `fields`; None when no such phone is free."""
    phone = exchange.phones.get(extension)
    if phone is None or not phone.free:
        return None
    call = OutgoingCall(exchange, phone, number, fields)
    exchange.spawn(call.play(exchange.pace))
    return call


class OutgoingCall(Call):
    """Made by `Originate` with a phone as its channel and a number as its extension."""

    def __init__(self, exchange: Exchange, phone: Phone, number: str, fields: Mapping[str, str]) -> None:
        self.exchange = exchange
        self.phone = phone
        self.number = number
        self.over = asyncio.Event()
        self.leg = exchange.new_channel(phone.extension, DOWN, phone.extension, phone.name, "agents", number)
        self.leg.uniqueid = self.leg.linkedid = fields.get("channelid") or self.leg.uniqueid
        self.leg.connected_number = number
        self.customer: Channel | None = None
        self._ring_for = float(fields.get("timeout") or 30_000) / 1000
        self._cause = 16
        self._answer = [("ActionID", fields["actionid"])] if fields.get("actionid") else []

    @property
    def legs(self) -> list[Channel]:
        """The agent's, and the customer's once it is dialled."""
        return [leg for leg in (self.leg, self.customer) if leg is not None]

    def hang_up(self) -> None:
        """Either side hangs up."""
        self.over.set()

    async def play(self, pace: Pace) -> None:
        """From the first ring to the end."""
        try:
            self.exchange.outgoing[self.leg.uniqueid] = self
            self._dial(None, self.leg, self.phone.extension)
            self.phone.channel = self.leg
            self.exchange.tell_phone(self.phone)
            await self._agent_picks_up(pace)
            self._answered(None, self.leg)
            self.exchange.tell_phone(self.phone)
            self._respond("Success", "4")
            customer = await self._customer_answers(pace)
            self.exchange.bridge(customer, self.leg)
            await self._pause(pace.talk)
        except _HungUp:
            pass
        finally:
            self._end()

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.over.wait()
        except TimeoutError:
            return
        raise _HungUp

    async def _agent_picks_up(self, pace: Pace) -> None:
        does = self.exchange.pick_up.get(self.phone.extension, PickUp.ANSWERS)
        await self._pause(self._ring_for if does is PickUp.NEVER else pace.pick_up)
        if does is not PickUp.ANSWERS:
            self._cause = does.value
            self._respond("Failure", "3" if does is PickUp.NEVER else "5")
            raise _HungUp

    async def _customer_answers(self, pace: Pace) -> Channel:
        fate = self.exchange.fates.get(self.number, Fate.ANSWERS)
        customer = self.customer = self.exchange.new_channel(
            "carrier", DOWN, self.number, "", "incoming", "s", self.leg.uniqueid
        )
        self._dial(self.leg, customer, f"{self.number}@carrier", fate.rings)
        try:
            await self._pause(pace.answer)
        except _HungUp:
            self._dial_ends(self.leg, customer, "CANCEL")
            raise
        if fate is Fate.ANSWERS:
            self._answered(self.leg, customer)
            return customer
        self._dial_ends(self.leg, customer, fate.status)
        self.exchange.end_channel(customer, fate.cause, fate.tech_cause)
        self._cause = fate.cause or 16
        raise _HungUp

    def _dial(self, by: Channel | None, leg: Channel, text: str, rings: bool = True) -> None:
        leg.application, leg.data = "AppDial", "(Outgoing Line)"
        self.exchange.add_channel(leg)
        self.exchange.tell_dial("DialBegin", by, leg, ("DialString", text))
        if rings:
            self.exchange.set_state(leg, RINGING)

    def _answered(self, by: Channel | None, leg: Channel) -> None:
        self.exchange.set_state(leg, UP)
        self._dial_ends(by, leg, "ANSWER")

    def _dial_ends(self, by: Channel | None, leg: Channel, status: str) -> None:
        self.exchange.tell_dial("DialEnd", by, leg, ("DialStatus", status))

    def _respond(self, response: str, reason: str) -> None:
        about = [("Response", response), ("Channel", self.leg.name), ("Reason", reason)]
        self.exchange.tell("OriginateResponse", "call", [*self._answer, *about, ("Uniqueid", self.leg.uniqueid)])

    def _end(self) -> None:
        for leg in reversed(self.legs):
            self.exchange.end_channel(leg, self._cause)
        self.exchange.outgoing.pop(self.leg.uniqueid, None)
        self.phone.channel = None
        self.exchange.tell_phone(self.phone)
        self.over.set()


class _HungUp(Exception):
    """Somebody hung up before the story's end."""

"""The legs that make up a call, and what each agent's part in it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..facts import DialOutcome, Direction, RingOutcome
from .notation import looks_like_extension

DOWN, RING, RINGING, UP = 0, 4, 5, 6  # Asterisk's channel states; RING is a caller's, RINGING a called phone's


@dataclass(slots=True, eq=False)
class Leg:
    """One channel."""

    id: str
    call: Call
    name: str = ""
    phone: str = ""  # the name of its phone, `1001`; "" where it is a line, or half of a Local pair
    extension: str = ""  # the phone's, where it is an agent's; "" for anybody else
    state: int = -1
    called: bool = False  # the PBX rang it; it did not call the PBX
    number: str = ""
    caller_name: str = ""
    connected_number: str = ""
    connected_name: str = ""
    dialled: str = ""
    bridge: str = ""
    rang: bool = False
    talked: bool = False
    held: bool = False
    queue: str | None = None  # the queue that rang it, or that it was found in
    hangs_up: bool = False  # the other end of it asked to hang up
    waits: tuple[str, str] | None = None  # call and queue it was told to wait in
    over: RingOutcome | None = None  # how its ringing ended
    dial_status: str = ""  # what the dialling of it came to, in Asterisk's word

    @property
    def is_half(self) -> bool:
        """The far end of a Local pair: it is no telephone."""
        return self.name.endswith(";2")

    @property
    def of_the_house(self) -> bool:
        """Whether it is a phone in the house that is no agent's: named as the number by which it is called."""
        return not self.extension and looks_like_extension(self.phone) and self.phone in (self.number, self.dialled)

    @property
    def rings(self) -> bool:
        """It rang, and the two sides do not hear each other yet; once it is picked up, they will in a moment."""
        return self.rang and not self.talked and self.over is None


@dataclass(frozen=True, slots=True)
class Part:
    """An agent's part in a call."""

    answered: bool
    held: bool = False


@dataclass(slots=True, eq=False)
class Call:
    """The legs that share a Linkedid, which is the id of the first of them (the root)."""

    id: str
    legs: dict[str, Leg] = field(default_factory=dict)
    told: dict[str, Part] = field(default_factory=dict)  # by extension
    outside: Leg | None = None  # the first leg that is neither an agent's nor another phone's of the house
    root: Leg | None = None
    extensions: set[str] = field(default_factory=set)
    cause: int = 0
    cause_text: str = ""
    outcome: DialOutcome | None = None  # of a call that an agent made
    customer_rang: bool = False  # the customer's phone rang, and that was told
    told_outside: bool = False  # that the caller talks with somebody outside was told

    def part(self, extension: str) -> Part | None:
        """What `extension` does in this call now."""
        rings = False
        for leg in self.legs.values():
            if leg.extension != extension:
                continue
            if leg.talked:
                return Part(True, leg.held)
            rings = rings or leg.rings
        return Part(False) if rings else None

    def leg_of(self, extension: str) -> Leg | None:
        """Its leg that says most: a talking one, then the newest."""
        legs = [leg for leg in self.legs.values() if leg.extension == extension]
        return max(legs, key=lambda leg: leg.talked) if legs else None

    def taken_without(self, extension: str) -> bool:
        """Whether another agent's phone that was rung is in it."""
        return any(
            leg.called and leg.state == UP and leg.extension not in ("", extension) and leg is not self.root
            for leg in self.legs.values()
        )

    def queue_for(self, leg: Leg) -> str | None:
        """The queue that rang this leg, known or deduced from the caller who waits or talks with it."""
        if leg.queue is None and leg.called:
            others = self.legs.values()
            waited = (other.waits[1] for other in others if other.waits and not leg.talked)
            talking = (other.queue for other in others if other.bridge and other.bridge == leg.bridge and other.queue)
            leg.queue = next(waited, None) or next(talking, None)
        return leg.queue

    def outside_with(self) -> Leg | None:
        """With whom the caller talks when nobody in their bridge is an agent's phone; None when an agent is there."""
        bridges: dict[str, list[Leg]] = {}
        for leg in self.legs.values():
            if leg.bridge and not leg.is_half:
                bridges.setdefault(leg.bridge, []).append(leg)
        for inside in bridges.values():
            if len(inside) > 1 and not any(leg.extension for leg in inside):
                return next((leg for leg in inside if leg not in (self.root, self.outside)), inside[-1])
        return None

    @property
    def direction(self) -> Direction:
        if self.outside is None:
            return Direction.INTERNAL if len(self.extensions) > 1 else Direction.OUTBOUND
        if self.outside.of_the_house:
            return Direction.INTERNAL
        ours = self.root is not None and (bool(self.root.extension) or self.root.called)
        return Direction.OUTBOUND if ours else Direction.INBOUND

    def other_side(self, leg: Leg) -> tuple[str, str]:
        """Number and name of the other side: the one that this agent's leg rings for or talks with."""
        direction = self.direction
        if direction is Direction.INBOUND:
            caller = self.root or self.outside or leg
            return caller.number, caller.caller_name
        if direction is Direction.OUTBOUND and self.outside:
            return self.outside.dialled or self.outside.number, ""
        if direction is Direction.OUTBOUND:
            return leg.connected_number or leg.dialled, ""
        return leg.connected_number or leg.dialled, leg.connected_name

"""What we know of the PBX's channels, kept true by every event that mentions one.

So one missing or repeated event changes little.
"""

from __future__ import annotations

from .call import Call, Leg


class Switchboard:
    """All legs and calls, at most `limit` legs: beyond it the oldest is forgotten."""

    def __init__(self, limit: int) -> None:
        self.legs: dict[str, Leg] = {}
        self.calls: dict[str, Call] = {}
        self._bridges: dict[str, dict[str, Leg]] = {}
        self._gone: dict[str, None] = {}  # the last ids that hung up, oldest first: late events must not revive them
        self._limit = limit

    def find(self, leg_id: str, call_id: str) -> tuple[Leg | None, Call | None]:
        """The leg of that id, made if it is new, and the call it moved away from, if it did.

        None for an id that hung up before, or where an id is missing.
        """
        leg = self.legs.get(leg_id)
        if leg is None:
            if not leg_id or leg_id in self._gone:
                return None, None
            leg = Leg(leg_id, self._call(call_id or leg_id))
            self.legs[leg_id] = leg
            self._join(leg, leg.call)
            return leg, None
        if not call_id or call_id == leg.call.id:
            return leg, None
        before = leg.call
        before.legs.pop(leg_id, None)
        self._join(leg, self._call(call_id))
        return leg, before

    def _call(self, call_id: str) -> Call:
        return self.calls.setdefault(call_id, Call(call_id))

    def _join(self, leg: Leg, call: Call) -> None:
        leg.call = call
        call.legs[leg.id] = leg
        if leg.id == call.id:
            call.root = leg

    def identify(self, leg: Leg) -> None:
        """Note in the leg's call who it is, once its name is known."""
        if leg.extension:
            leg.call.extensions.add(leg.extension)
        elif leg.name and not leg.is_half:
            first = leg.call.outside
            if first is None or (first.of_the_house and not leg.of_the_house):
                leg.call.outside = leg

    def enter(self, leg: Leg, bridge: str) -> list[Leg]:
        """Put a leg into a bridge; the legs that can hear somebody by it."""
        if leg.bridge != bridge:
            self.leave(leg)
        inside = self._bridges.setdefault(bridge, {})
        inside[leg.id] = leg
        leg.bridge = bridge
        if len(inside) < 2:
            return []
        newly = [other for other in inside.values() if not other.talked]
        for other in newly:
            other.talked = True
        return newly

    def leave(self, leg: Leg) -> None:
        """Take a leg out of its bridge."""
        inside = self._bridges.get(leg.bridge)
        if inside is not None:
            inside.pop(leg.id, None)
            if not inside:
                del self._bridges[leg.bridge]
        leg.bridge = ""

    def drop(self, leg: Leg) -> None:
        """Forget a leg for good; its call stays until `end`."""
        self.leave(leg)
        self.legs.pop(leg.id, None)
        leg.call.legs.pop(leg.id, None)
        self._gone[leg.id] = None
        if len(self._gone) > self._limit:
            del self._gone[next(iter(self._gone))]

    def bury(self, leg_id: str) -> None:
        """An id that was never seen hung up: late events of it must not make it a call."""
        if leg_id:
            self._gone[leg_id] = None
            if len(self._gone) > self._limit:
                del self._gone[next(iter(self._gone))]

    def is_gone(self, leg_id: str) -> bool:
        """Whether it hung up not long ago."""
        return leg_id in self._gone

    def end(self, call: Call) -> None:
        self.calls.pop(call.id, None)

    def oldest_too_many(self) -> Leg | None:
        """The leg to forget, when there are more than the limit."""
        return next(iter(self.legs.values())) if len(self.legs) > self._limit else None

"""What a message says of a channel goes into the book; what that changes for an agent comes out as facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from .. import facts as f
from .call import DOWN, RINGING, Call, Leg, Part
from .notation import extension_of, name_text, number_text, whole_number
from .switchboard import Switchboard

Fields = Mapping[str, str]


class LegBook:
    """The legs of one PBX and what was told of them. While `reading` it takes in everything and tells no part."""

    def __init__(self, pbx: str, is_agent: Callable[[str], bool], now: Callable[[], datetime], max_legs: int) -> None:
        self.pbx = pbx
        self.is_agent = is_agent
        self.now = now
        self.board = Switchboard(max_legs)
        self.reading = True

    def begin(self) -> tuple[f.CallSeen, ...]:
        """Reading is over: the agents' parts as they are; only changes are told from here."""
        self.reading = False
        seen = []
        for call in self.board.calls.values():
            call.told = {ext: part for ext in call.extensions if (part := call.part(ext))}
            call.told_outside = call.outside_with() is not None
            seen += [self.seen(call, ext, part) for ext, part in call.told.items()]
        return tuple(seen)

    def waiting(self) -> tuple[tuple[str, str, str, str, f.Direction], ...]:
        """Every caller in a queue: call, queue, number, name, direction."""
        waiting = (leg for leg in self.board.legs.values() if leg.waits)
        return tuple((*leg.waits, leg.number, leg.caller_name, leg.call.direction) for leg in waiting if leg.waits)

    def outside(self) -> tuple[tuple[str, str], ...]:
        """Every call that goes on with somebody outside, and with which number."""
        calls = ((call.id, call.outside_with()) for call in self.board.calls.values())
        return tuple((call, number_of(other)) for call, other in calls if other is not None)

    def legs(self) -> frozenset[tuple[str, str]]:
        """Every agent's leg there is: call, extension."""
        return frozenset((leg.call.id, leg.extension) for leg in self.board.legs.values() if leg.extension)

    def update(self, m: Fields, prefix: str = "") -> tuple[Leg | None, list[f.Fact]]:
        """Take in what a message says of one channel; facts only of a call it moved away from (a transfer)."""
        leg, before = self.board.find(m.get(prefix + "Uniqueid", ""), m.get(prefix + "Linkedid", ""))
        if leg is None:
            return None, []
        name = m.get(prefix + "Channel", "")
        if name and name != leg.name:
            leg.name = name
            leg.phone = extension_of(name)
            leg.extension = leg.phone if leg.phone and self.is_agent(leg.phone) else ""
            exten = number_text(m.get(prefix + "Exten", ""))
            if any(map(str.isdigit, exten)):  # "s" and "h" are no numbers
                leg.dialled = leg.dialled or exten
        state = whole_number(m.get(prefix + "ChannelState", ""))
        if leg.state < 0:
            leg.called = state in (DOWN, RINGING)
        leg.state = max(leg.state, state)  # never back: a list may have told us more than a late event knows
        leg.rang = leg.rang or state == RINGING
        if prefix + "CallerIDNum" in m:
            leg.number = number_text(m[prefix + "CallerIDNum"])
            leg.caller_name = name_text(m.get(prefix + "CallerIDName", ""))
            leg.connected_number = number_text(m.get(prefix + "ConnectedLineNum", ""))
            leg.connected_name = name_text(m.get(prefix + "ConnectedLineName", ""))
        self.board.identify(leg)
        return leg, list(self.left_call(leg, before)) if before else []

    def drop(self, leg: Leg) -> Iterator[f.Fact]:
        """A leg is gone."""
        if leg.waits is not None:
            call, queue = leg.waits
            leg.waits = None
            yield f.CallerLeft(self.pbx, self.now(), call, queue, f.QueueOutcome.ABANDONED)
        self.board.drop(leg)
        yield from self.left_call(leg, leg.call)

    def left_call(self, leg: Leg, call: Call) -> Iterator[f.Fact]:
        """A leg no longer belongs to this call."""
        yield from self.tell_of(call, leg.extension, leg.over or f.RingOutcome.ELSEWHERE)
        yield from self.tell_outside(call)
        if not call.legs and call.id in self.board.calls:
            self.board.end(call)
            yield f.CallEnded(self.pbx, self.now(), call.id, call.cause, call.cause_text, call.outcome)

    def tell(self, leg: Leg) -> Iterator[f.Fact]:
        """What changed for the agent of this leg, or that the phone of the customer whom the agent calls rings."""
        call = leg.call
        if leg is call.outside and leg.rang and not call.customer_rang and call.direction is f.Direction.OUTBOUND:
            call.customer_rang = not self.reading
            if call.customer_rang:
                yield f.CustomerRang(self.pbx, self.now(), call.id)
        yield from self.tell_of(leg.call, leg.extension, leg.over or f.RingOutcome.NO_ANSWER)
        yield from self.tell_outside(leg.call)

    def tell_outside(self, call: Call) -> Iterator[f.Fact]:
        """Whether the caller talks with somebody who is no agent, when that has changed."""
        other = call.outside_with()
        if self.reading or (other is not None) == call.told_outside:
            return
        call.told_outside = other is not None
        if other is not None:
            yield f.TalksOutside(self.pbx, self.now(), call.id, number_of(other))
        elif call.legs:
            yield f.CameBack(self.pbx, self.now(), call.id)

    def tell_of(self, call: Call, extension: str, why: f.RingOutcome) -> Iterator[f.Fact]:
        """The difference between this agent's part now and what was told of it."""
        if not extension or self.reading:
            return
        now, before = call.part(extension), call.told.get(extension)
        if now == before:
            return
        yield from self._ended(call, extension, before, now, why)
        if now is None:
            call.told.pop(extension, None)
            return
        call.told[extension] = now
        if before is None or now.answered != before.answered:
            yield self._began(call, extension, now)
        if now.held != (before is not None and before.held):
            yield f.CallHeld(self.pbx, self.now(), call.id, extension, now.held)

    def _ended(
        self, call: Call, extension: str, before: Part | None, now: Part | None, why: f.RingOutcome
    ) -> Iterator[f.Fact]:
        if before is None:
            return
        if before.answered and (now is None or not now.answered):
            yield f.AgentLeft(self.pbx, self.now(), call.id, extension)
        elif not before.answered and now is None:
            yield f.RingStopped(self.pbx, self.now(), call.id, extension, why)

    def _began(self, call: Call, extension: str, part: Part) -> f.Fact:
        kind = f.CallAnswered if part.answered else f.CallRang
        seen = self.seen(call, extension, part)
        return kind(
            self.pbx, self.now(), call.id, extension, seen.direction, seen.caller_number, seen.caller_name, seen.queue
        )

    def seen(self, call: Call, extension: str, part: Part) -> f.CallSeen:
        """An agent's part in a call as a value."""
        leg = call.leg_of(extension)
        number, name = call.other_side(leg) if leg else ("", "")
        queue = call.queue_for(leg) if leg else None
        return f.CallSeen(call.id, extension, part.answered, call.direction, number, name, queue)


def number_of(leg: Leg) -> str:
    """The number by which a leg is reached."""
    return leg.dialled or leg.number

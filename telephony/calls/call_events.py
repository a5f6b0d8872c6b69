"""Events of calls: channels that appear, ring, are bridged, held and hung up, and callers who wait in queues."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import facts as f
from .call import RINGING, UP, Leg
from .leg_book import Fields, LegBook
from .notation import dialled_number, whole_number
from .outcomes import outcome_of

_DIAL_OUTCOMES = {
    "BUSY": f.RingOutcome.REJECTED,
    "NOANSWER": f.RingOutcome.NO_ANSWER,
    "CONGESTION": f.RingOutcome.FAILED,
    "CHANUNAVAIL": f.RingOutcome.FAILED,
}
_CAUSE_OUTCOMES = {17: f.RingOutcome.REJECTED, 21: f.RingOutcome.REJECTED, 26: f.RingOutcome.ELSEWHERE}
_NO_ANSWER_CAUSES = {0, 16, 18, 19, 31, 102, 127}

_HOLDING = "holding_bridge"  # people wait in it, each alone


class CallEvents:
    """Handlers by event name, over one book."""

    def __init__(self, book: LegBook) -> None:
        self.book = book
        self.handlers: dict[str, Callable[[Fields], Iterator[f.Fact]]] = {
            **dict.fromkeys(("Newchannel", "Newstate", "NewCallerid", "NewConnectedLine"), self._channel),
            "CoreShowChannel": self._listed_channel,
            **dict.fromkeys(("DialBegin", "DialState"), self._dialled),
            "DialEnd": self._dial_ended,
            "AgentCalled": self._agent_called,
            "AgentRingNoAnswer": self._agent_did_not_answer,
            "BridgeEnter": self._entered,
            "BridgeLeave": self._left_bridge,
            **dict.fromkeys(("Hold", "Unhold"), self._held),
            **dict.fromkeys(("HangupRequest", "SoftHangupRequest"), self._hangs_up),
            "Hangup": self._hung_up,
            **dict.fromkeys(("QueueCallerJoin", "QueueEntry"), self._joined_queue),
            **dict.fromkeys(("QueueCallerLeave", "QueueCallerAbandon"), self._left_queue),
            "OriginateResponse": self._not_originated,
        }

    def _channel(self, m: Fields) -> Iterator[f.Fact]:
        leg, moved = self.book.update(m)
        yield from moved
        if leg is not None:
            yield from self.book.tell(leg)

    def _listed_channel(self, m: Fields) -> Iterator[f.Fact]:
        yield from self._channel(m)
        leg = self.book.board.legs.get(m.get("Uniqueid", ""))
        if leg is None:
            return
        leg.called = leg.called or m.get("Application", "").startswith(("AppDial", "AppQueue"))
        if m.get("Application") == "Queue":
            leg.queue = m.get("ApplicationData", "").partition(",")[0] or None
        if m.get("BridgeId"):
            self.book.board.enter(leg, m["BridgeId"])

    def _dialled(self, m: Fields) -> Iterator[f.Fact]:
        if m.get("Uniqueid"):
            yield from self._channel(m)
        leg, moved = self.book.update(m, "Dest")
        yield from moved
        if leg is not None:
            leg.called = True
            leg.dialled = dialled_number(m.get("DialString", "")) or leg.dialled
            leg.rang = leg.rang or m.get("DialStatus") in ("RINGING", "PROGRESS")
            yield from self.book.tell(leg)

    def _dial_ended(self, m: Fields) -> Iterator[f.Fact]:
        leg, moved = self.book.update(m, "Dest")
        yield from moved
        status = m.get("DialStatus", "")
        if leg is None or status == "ANSWER":
            return
        leg.dial_status = status
        leg.over = leg.over or _DIAL_OUTCOMES.get(status) or self._cancelled(leg)
        yield from self.book.tell(leg)

    def _cancelled(self, leg: Leg) -> f.RingOutcome:
        taken = leg.call.taken_without(leg.extension)
        return f.RingOutcome.ELSEWHERE if taken else f.RingOutcome.ABANDONED

    def _agent_called(self, m: Fields) -> Iterator[f.Fact]:
        leg, moved = self.book.update(m, "Dest")
        yield from moved
        if leg is not None:
            leg.called = True
            leg.queue = m.get("Queue") or None
            yield from self.book.tell(leg)

    def _agent_did_not_answer(self, m: Fields) -> Iterator[f.Fact]:
        leg = self.book.board.legs.get(m.get("DestUniqueid", ""))
        if leg is not None:
            leg.over = leg.over or f.RingOutcome.NO_ANSWER
            yield from self.book.tell(leg)

    def _entered(self, m: Fields) -> Iterator[f.Fact]:
        leg, moved = self.book.update(m)
        yield from moved
        if leg is None:
            return
        if m.get("BridgeUniqueid") and m.get("BridgeTechnology") != _HOLDING:
            for heard in self.book.board.enter(leg, m["BridgeUniqueid"]):
                yield from self.book.tell(heard)
        yield from self.book.tell(leg)  # it may have come from another call

    def _left_bridge(self, m: Fields) -> Iterator[f.Fact]:
        leg = self.book.board.legs.get(m.get("Uniqueid", ""))
        if leg is not None and leg.bridge == m.get("BridgeUniqueid"):
            self.book.board.leave(leg)
            yield from self.book.tell_outside(leg.call)

    def _held(self, m: Fields) -> Iterator[f.Fact]:
        leg, moved = self.book.update(m)
        yield from moved
        if leg is not None:
            leg.held = m.get("Event") == "Hold"
            yield from self.book.tell(leg)

    def _hangs_up(self, m: Fields) -> Iterator[f.Fact]:
        leg = self.book.board.legs.get(m.get("Uniqueid", ""))
        if leg is not None:
            leg.hangs_up = True
        yield from ()

    def _hung_up(self, m: Fields) -> Iterator[f.Fact]:
        leg = self.book.board.legs.get(m.get("Uniqueid", ""))
        if leg is None:
            self.book.board.bury(m.get("Uniqueid", ""))
            return
        cause = whole_number(m.get("Cause", ""))
        if leg.over is None:
            leg.over = _CAUSE_OUTCOMES.get(cause) or self._unexplained(leg, cause)
        call = leg.call
        if leg.id == call.id or call.root is None or call.root.id not in call.legs:
            call.cause, call.cause_text = cause, m.get("Cause-txt", "")[:80]
        if call.direction is f.Direction.OUTBOUND:
            call.outcome = outcome_of(call, leg, cause, m.get("TechCause", ""))
        yield from self.book.drop(leg)

    def _not_originated(self, m: Fields) -> Iterator[f.Fact]:
        """A call that was asked for got no channel at all; of any other its channels tell."""
        call, reading = m.get("ActionID", ""), self.book.reading
        known = call in self.book.board.legs or self.book.board.is_gone(call)
        if call and not known and not reading and m.get("Response") == "Failure":
            self.book.board.bury(call)
            unavailable = f.DialOutcome.AGENT_UNAVAILABLE
            yield f.CallEnded(self.book.pbx, self.book.now(), call, 0, m.get("Reason", "")[:80], unavailable)

    def _unexplained(self, leg: Leg, cause: int) -> f.RingOutcome:
        """A ringing leg was hung up and no DialEnd said why."""
        if leg.call.taken_without(leg.extension):
            return f.RingOutcome.ELSEWHERE
        root = leg.call.root
        if root is not None and root is not leg and root.id not in leg.call.legs:
            return f.RingOutcome.ABANDONED
        return f.RingOutcome.NO_ANSWER if cause in _NO_ANSWER_CAUSES else f.RingOutcome.FAILED

    def _joined_queue(self, m: Fields) -> Iterator[f.Fact]:
        leg, moved = self.book.update(m)
        yield from moved
        queue = m.get("Queue", "")
        if leg is None or leg.waits == (leg.call.id, queue):
            return
        leg.waits = (leg.call.id, queue)
        direction, caller = self._queued(leg), (leg.number, leg.caller_name)
        yield f.CallerWaits(self.book.pbx, self.book.now(), leg.call.id, queue, direction, *caller)

    @staticmethod
    def _queued(leg: Leg) -> f.Direction:
        """A caller from outside is incoming, though nobody of ours is in the call yet."""
        return f.Direction.INTERNAL if leg.extension or leg.of_the_house else leg.call.direction

    def _left_queue(self, m: Fields) -> Iterator[f.Fact]:
        leg = self.book.board.legs.get(m.get("Uniqueid", ""))
        if leg is None or leg.waits is None or leg.waits[1] != m.get("Queue"):
            return
        call, queue = leg.waits
        for other in leg.call.legs.values():  # their ringing is the queue's, even where AgentCalled did not come
            if other.state in (RINGING, UP):
                leg.call.queue_for(other)
        leg.waits = None
        yield f.CallerLeft(self.book.pbx, self.book.now(), call, queue, self._why_left(m, leg))

    @staticmethod
    def _why_left(m: Fields, caller: Leg) -> f.QueueOutcome:
        """Asterisk says QueueCallerAbandon of whoever leaves without an answer, also when their time is up."""
        if caller.hangs_up:
            return f.QueueOutcome.ABANDONED
        if m.get("Event") == "QueueCallerAbandon":
            return f.QueueOutcome.LEFT
        rung = (leg for leg in caller.call.legs.values() if leg.called and leg is not caller)
        taken = any(leg.state == UP and not leg.bridge for leg in rung)
        return f.QueueOutcome.ANSWERED if taken else f.QueueOutcome.LEFT

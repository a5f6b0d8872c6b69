"""What a PBX says happened, in the trade's words and free of any protocol.

A fact is reported, never decided upon: `queue/reactions` turns it into an action. Times are UTC, as read here;
`pbx` is the identifier of the PBX in the settings; extensions and numbers are as the PBX wrote them
(a caller's number may be anything, or empty: matching it to a customer is done elsewhere).
`caller_number` and `caller_name` are the other side's, in both directions (of an outbound call: the number dialled).
`call` is the PBX's own name of the whole call (Asterisk's Linkedid), the same for every leg of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    """Seen from the contact centre: a customer called (inbound), we called one (outbound), or two of us speak."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class PhoneState(StrEnum):
    """State of an agent's phone, as the PBX sees its device."""

    UNAVAILABLE = "unavailable"  # not registered
    IDLE = "idle"
    RINGING = "ringing"
    IN_USE = "in_use"
    ON_HOLD = "on_hold"
    UNKNOWN = "unknown"


class RingOutcome(StrEnum):
    """Why a phone stopped ringing without answering."""

    NO_ANSWER = "no_answer"
    ELSEWHERE = "elsewhere"  # another phone took the call
    ABANDONED = "abandoned"  # the caller gave up
    REJECTED = "rejected"
    FAILED = "failed"


class QueueOutcome(StrEnum):
    """Why a caller no longer waits in a queue."""

    ANSWERED = "answered"  # an agent took the call
    ABANDONED = "abandoned"  # the caller gave up
    LEFT = "left"  # time is up, a key was pressed, nobody is there: the call goes on elsewhere


class DialOutcome(StrEnum):
    """What became of a call that an agent made."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    NO_SUCH_NUMBER = "no_such_number"
    UNREACHABLE = "unreachable"  # switched off, or out of coverage
    CONGESTION = "congestion"  # no free line on the way
    CANCELLED = "cancelled"  # the agent hung up before anybody answered
    AGENT_NO_ANSWER = "agent_no_answer"  # the agent's own phone was not picked up
    AGENT_DECLINED = "agent_declined"
    AGENT_UNAVAILABLE = "agent_unavailable"  # the agent's own phone could not be rung
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a PBX said, and when it was read (UTC)."""

    pbx: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallRang(Fact):
    """An agent's phone began to ring for a call. Repeated for each phone that rings."""

    call: str
    extension: str
    direction: Direction
    caller_number: str
    caller_name: str
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class RingStopped(Fact):
    """An agent's phone stopped ringing without being answered there."""

    call: str
    extension: str
    outcome: RingOutcome


@dataclass(frozen=True, slots=True)
class CallAnswered(Fact):
    """An agent and the other side can hear each other."""

    call: str
    extension: str
    direction: Direction
    caller_number: str
    caller_name: str
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class CallHeld(Fact):
    """The agent put the other side on hold (`held`) or took it back."""

    call: str
    extension: str
    held: bool


@dataclass(frozen=True, slots=True)
class AgentLeft(Fact):
    """The agent's leg of a call ended; the call itself may go on (a transfer)."""

    call: str
    extension: str


@dataclass(frozen=True, slots=True)
class CallEnded(Fact):
    """The last leg of a call ended. `cause` is the Q.850 number (16 normal, 17 busy, 19 no answer…).

    `outcome` tells of a call that an agent made what became of it. Such a call may end without ever having begun.
    """

    call: str
    cause: int
    cause_text: str
    outcome: DialOutcome | None = None


@dataclass(frozen=True, slots=True)
class CustomerRang(Fact):
    """The phone of the customer whom an agent calls began to ring."""

    call: str


@dataclass(frozen=True, slots=True)
class CallerWaits(Fact):
    """A caller joined a queue and waits for an agent: one of our own, too, who wants a colleague (internal)."""

    call: str
    queue: str
    direction: Direction
    caller_number: str
    caller_name: str


@dataclass(frozen=True, slots=True)
class CallerLeft(Fact):
    """A caller waits in a queue no more."""

    call: str
    queue: str
    outcome: QueueOutcome


@dataclass(frozen=True, slots=True)
class TalksOutside(Fact):
    """The caller talks with somebody who is no agent of ours: a transfer outside. `number` may be empty."""

    call: str
    number: str


@dataclass(frozen=True, slots=True)
class CameBack(Fact):
    """The caller no longer talks with somebody outside, and the call goes on."""

    call: str


@dataclass(frozen=True, slots=True)
class PhoneChanged(Fact):
    """An agent's phone was registered, lost, or changed its state."""

    extension: str
    state: PhoneState


@dataclass(frozen=True, slots=True)
class MemberChanged(Fact):
    """A queue member was added, removed, paused or unpaused at the PBX.

    `interface` is what the queue rings: the phone itself (`PJSIP/1001`), or a way to it (`Local/1001@from-queue/n`). An
    extension may be in a queue by several.
    """

    queue: str
    extension: str
    interface: str
    present: bool
    paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PbxLost(Fact):
    """The connection to the PBX is gone, or it no longer answers; `reason` is for the log."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallSeen:
    """One agent's part in a call that was going on when the PBX was read again."""

    call: str
    extension: str
    answered: bool
    direction: Direction
    caller_number: str
    caller_name: str
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class PbxBack(Fact):
    """The PBX is connected, with all that it says of itself now: what we believed beyond this is over.

    `calls`: the agents' legs that ring or talk. `legs`: all legs of agents (call, extension), also the leg of an agent
    who picked up and waits for the customer. `phones`: state by extension. `waiting`: callers in queues (call, queue,
    number, name, direction). `outside`: calls that go on without an agent, and with which number. `members`: queue,
    extension, interface, paused. When a forger's call spoiled the lists (`complete` is false),
    what they name is true, but what they do not name is not known to be over.
    """

    version: str
    calls: tuple[CallSeen, ...]
    legs: frozenset[tuple[str, str]]
    phones: tuple[tuple[str, PhoneState], ...]
    waiting: tuple[tuple[str, str, str, str, Direction], ...]
    members: tuple[tuple[str, str, str, bool], ...]
    outside: tuple[tuple[str, str], ...] = ()
    complete: bool = True

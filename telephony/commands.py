"""What the hand can do at a PBX, as values free of any protocol. Numbers and names are plain text.

Every command but `Originate` may be done twice and has the effect of once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Originate:
    """Ring an agent's phone and, once the agent picked up, the number.

    `phone` is how the PBX reaches the agent, `PJSIP/1001`. `call` becomes the PBX's own name of the call: its length
    must be the same for all calls, since names are matched by their beginning. `shown` is what the agent's phone
    displays. The agent's phone rings for `ring_for` seconds. `variables` reach the dial plan; a comma in one would end
    it, so it is refused.
    """

    call: str
    phone: str
    number: str
    context: str
    shown: str = ""
    ring_for: float = 20.0
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a call by the PBX's name of it."""

    call: str


@dataclass(frozen=True, slots=True)
class AddMember:
    """Let a queue ring an extension by `interface`; `state` is the device that shows whether the phone is free."""

    queue: str
    interface: str
    state: str = ""
    paused: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PauseMember:
    """Pause a queue's member with a reason, or let the queue ring the member again."""

    queue: str
    interface: str
    paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Let a queue ring an extension by `interface` no longer."""

    queue: str
    interface: str


Command = Originate | HangUp | AddMember | PauseMember | RemoveMember


class CommandRefused(Exception):
    """The PBX answered that it will not; its words are for the log. Nothing was done."""


class HandLost(ConnectionError):
    """The PBX could not be reached, or did not answer in time. `sent`: it may yet do what it was told."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        self.sent = sent
        super().__init__(reason)

"""Phones, queues, channels and calls of the simulated PBX, and how events write them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

VERSION = "22.0.0-simulated"
DOWN, RING, RINGING, UP = 0, 4, 5, 6
STATE_NAMES = {DOWN: "Down", RING: "Ring", RINGING: "Ringing", UP: "Up"}
DEVICE_NUMBERS = {"NOT_INUSE": 1, "INUSE": 2, "UNAVAILABLE": 5, "RINGING": 6, "ONHOLD": 8}
ENDPOINT_WORDS = {"NOT_INUSE": "Not in use", "INUSE": "In use", "UNAVAILABLE": "Unavailable", "RINGING": "Ringing"}
CAUSES = {
    0: "Unknown",
    1: "Unallocated (unassigned) number",
    16: "Normal Clearing",
    17: "User busy",
    19: "User alerting, no answer",
    21: "Call Rejected",
    26: "Answered elsewhere",
    34: "Circuit/channel congestion",
}

Pairs = list[tuple[str, str]]

_ESCAPE = re.compile(r"[\a\b\f\n\r\t\v\\'\"?]")
_LETTER = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v"}


def c_escaped(name: str) -> str:
    """A display name as Asterisk writes it."""
    return _ESCAPE.sub(lambda found: "\\" + _LETTER.get(found[0], found[0]), name)


def bridge_fields(bridge: str, channels: int) -> Pairs:
    """A bridge's headers, with how many channels are in it."""
    return [
        ("BridgeUniqueid", bridge),
        ("BridgeType", "basic"),
        ("BridgeTechnology", "simple_bridge"),
        ("BridgeNumChannels", str(channels)),
    ]


def cause_fields(cause: int, tech_cause: str = "") -> Pairs:
    """Why a channel was hung up, by its Q.850 cause and, if the carrier said one, the SIP answer."""
    tech = [("TechCause", tech_cause)] if tech_cause else []
    return [("Cause", str(cause)), ("Cause-txt", CAUSES[cause]), *tech]


@dataclass
class Channel:
    """One leg of a call."""

    name: str
    uniqueid: str
    linkedid: str
    state: int
    number: str
    caller_name: str
    context: str
    exten: str
    connected_number: str = ""
    connected_name: str = ""
    application: str = ""
    data: str = ""
    bridge: str = ""

    def fields(self, prefix: str = "") -> Pairs:
        """Its headers in an event, in Asterisk's order."""
        values = (
            ("Channel", self.name),
            ("ChannelState", str(self.state)),
            ("ChannelStateDesc", STATE_NAMES[self.state]),
            ("CallerIDNum", self.number or "<unknown>"),
            ("CallerIDName", c_escaped(self.caller_name) or "<unknown>"),
            ("ConnectedLineNum", self.connected_number or "<unknown>"),
            ("ConnectedLineName", c_escaped(self.connected_name) or "<unknown>"),
            ("Language", "es"),
            ("AccountCode", ""),
            ("Context", self.context),
            ("Exten", self.exten),
            ("Priority", "1"),
            ("Uniqueid", self.uniqueid),
            ("Linkedid", self.linkedid),
        )
        return [(prefix + key, value) for key, value in values]


class Call(ABC):
    """What every call is, whoever made it."""

    @property
    @abstractmethod
    def legs(self) -> list[Channel]:
        """All its channels."""

    @abstractmethod
    def hang_up(self) -> None:
        """It ends, at whatever point it is."""


@dataclass
class Phone:
    """An agent's telephone. It takes one call at a time."""

    extension: str
    registered: bool = True
    channel: Channel | None = None
    held: bool = False

    @property
    def name(self) -> str:
        return f"Agente {self.extension}"

    @property
    def interface(self) -> str:
        return f"PJSIP/{self.extension}"

    @property
    def free(self) -> bool:
        return self.registered and self.channel is None

    @property
    def device_state(self) -> str:
        if not self.registered:
            return "UNAVAILABLE"
        if self.channel is None:
            return "NOT_INUSE"
        if self.channel.state == UP:
            return "ONHOLD" if self.held else "INUSE"
        return "RINGING" if self.channel.state == RINGING else "INUSE"


def interface_of(member: str) -> str:
    """`PJSIP/1001` for `1001`; anything else is an interface already: `Local/1001@from-queue/n`."""
    return member if "/" in member else f"PJSIP/{member}"


def extension_in(interface: str) -> str:
    """The extension that a member's interface reaches."""
    return interface.partition("/")[2].partition("@")[0]


@dataclass
class Queue:
    """Who serves it: interface → paused, and its reason."""

    name: str
    members: dict[str, bool] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    waiting: list[Channel] = field(default_factory=list)
    turn: int = 0

    def in_turn(self) -> Iterator[str]:
        """The members who are not paused, beginning with the one whose turn it is."""
        order = list(self.members)
        for step in range(len(order)):
            interface = order[(self.turn + step) % len(order)]
            if not self.members[interface]:
                yield interface

    def next_after(self, interface: str) -> None:
        """The turn is that of whoever stands behind this member."""
        self.turn = (list(self.members).index(interface) + 1) % len(self.members)

    def member_fields(self, interface: str, phone: Phone) -> Pairs:
        """A member's headers, as its events and its place in a list have them."""
        state = interface if interface == phone.interface else f"hint:{phone.extension}@ext-local"
        return [
            ("Queue", self.name),
            ("MemberName", interface),
            ("Name", interface),
            ("Interface", interface),
            ("Location", interface),
            ("StateInterface", state),
            ("Membership", "static"),
            ("Status", str(DEVICE_NUMBERS[phone.device_state])),
            ("Paused", "1" if self.members.get(interface) else "0"),
            ("PausedReason", self.reasons.get(interface, "")),
        ]

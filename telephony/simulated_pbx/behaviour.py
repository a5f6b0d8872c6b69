"""What people do when a click calls them: the agent, whose phone rings first, then the customer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fate(Enum):
    """What a customer does when called: whether the phone rings, and how the dialling ends in Asterisk's words."""

    ANSWERS = (True, "ANSWER", 16, "")
    BUSY = (True, "BUSY", 17, "SIP 486 Busy Here")
    NO_ANSWER = (True, "NOANSWER", 0, "")
    DECLINES = (True, "BUSY", 21, "SIP 603 Decline")
    CONGESTION = (False, "CONGESTION", 34, "SIP 503 Service Unavailable")
    NOT_FOUND = (False, "CHANUNAVAIL", 1, "SIP 404 Not Found")

    def __init__(self, rings: bool, status: str, cause: int, tech_cause: str) -> None:
        self.rings, self.status, self.cause, self.tech_cause = rings, status, cause, tech_cause


class PickUp(Enum):
    """What an agent's phone does when it is rung for the agent's own call."""

    ANSWERS = 16
    NEVER = 19
    REFUSES = 17


@dataclass(frozen=True)
class Pace:
    """Seconds until the agent picks up, the customer answers (or gives up), and the customer hangs up."""

    pick_up: float = 1.0
    answer: float = 3.0
    talk: float = 60.0

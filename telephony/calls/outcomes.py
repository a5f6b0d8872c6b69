"""What became of a call that an agent made, from the words in which Asterisk ends its legs.

The customer's leg says most; without one it is the agent's own. `OriginateResponse` says the same for busy, declined
and unknown numbers, so nothing is read from it.
"""

from __future__ import annotations

import re

from ..facts import DialOutcome
from .call import UP, Call, Leg

_STATUS = {
    "BUSY": DialOutcome.BUSY,
    "NOANSWER": DialOutcome.NO_ANSWER,
    "CANCEL": DialOutcome.CANCELLED,
    "CONGESTION": DialOutcome.CONGESTION,
}
_SIP = {
    404: DialOutcome.NO_SUCH_NUMBER,
    408: DialOutcome.NO_ANSWER,
    410: DialOutcome.NO_SUCH_NUMBER,
    480: DialOutcome.UNREACHABLE,
    484: DialOutcome.NO_SUCH_NUMBER,
    486: DialOutcome.BUSY,
    503: DialOutcome.CONGESTION,
    600: DialOutcome.BUSY,
    603: DialOutcome.DECLINED,
    604: DialOutcome.NO_SUCH_NUMBER,
}
_CAUSE = {  # Q.850
    **dict.fromkeys((1, 2, 3, 22, 28), DialOutcome.NO_SUCH_NUMBER),
    17: DialOutcome.BUSY,
    **dict.fromkeys((18, 19), DialOutcome.NO_ANSWER),
    20: DialOutcome.UNREACHABLE,
    21: DialOutcome.DECLINED,
    27: DialOutcome.UNREACHABLE,
    **dict.fromkeys((34, 38, 41, 42, 44, 47, 58), DialOutcome.CONGESTION),
}
_CODE = re.compile(r"\b([1-6]\d\d)\b")


def outcome_of(call: Call, leg: Leg, cause: int, tech_cause: str) -> DialOutcome:
    """The outcome of an outgoing call as far as the hang-up of `leg` shows it; what an earlier leg showed stays."""
    if leg is call.outside:
        return _of_customer(leg, cause, tech_cause)
    if call.outcome is not None:
        return call.outcome
    if call.outside is not None:
        return DialOutcome.ANSWERED if call.outside.talked else DialOutcome.CANCELLED
    if leg.state == UP:  # picked up, and nobody was dialled
        return _CAUSE.get(cause, DialOutcome.FAILED)
    if cause in (17, 21):
        return DialOutcome.AGENT_DECLINED
    return DialOutcome.AGENT_UNAVAILABLE if cause in _CAUSE and cause not in (18, 19) else DialOutcome.AGENT_NO_ANSWER


def _of_customer(leg: Leg, cause: int, tech_cause: str) -> DialOutcome:
    if leg.talked:
        return DialOutcome.ANSWERED
    code = _CODE.search(tech_cause)
    said = (_SIP.get(int(code[1])) if code else None) or _CAUSE.get(cause)
    return said or _STATUS.get(leg.dial_status, DialOutcome.FAILED)  # Asterisk calls a declined call NOANSWER too

"""The wall board's values (M-06). Everybody in the room reads them: none names a customer.

Times are UTC; timers run where they are shown. Percentages go from 0 to 100 and are empty while there is nothing to
divide by. "Today" begins at midnight of the installation's time zone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from .values import Row

# What the pill shows: an agent who talks or holds a call is on_call, whatever the state beside it.
Shown = Literal["waiting", "on_call", "handling", "wrap_up", "paused"]


class WallboardLimits(Row):
    """The installation's limits for the wait, the service level and the abandoned calls.

    None of these three figures is shown without its limit.
    """

    wait_seconds: int = 90
    service_percent: int = 80
    abandoned_percent: int = 5


class AgentTile(Row):
    """One agent who is not DESCONECTADO. `since` is when `shown` began; `limit_seconds` is how long it may last."""

    id: int
    name: str  # "Sandra N."
    shown: Shown
    state: Literal["waiting", "handling", "wrap_up", "paused"]
    reason: str | None
    since: datetime
    call: Literal["none", "ringing", "talking", "held"]
    call_since: datetime | None
    case_number: int | None
    campaign: str | None
    limit_seconds: int | None
    over_limit: bool


class CallFigures(Row):
    """What waited in queues today: a call that came back into a queue counts again, so that `queued` is always
    `answered` + `abandoned` + `left` (out of the queue without an agent) + `waiting` (still there).

    Service level: answered within `service_seconds` ÷ (answered + abandoned after more than `short_abandon_seconds`).
    Abandoned %: abandoned ÷ (answered + abandoned). ASA: mean wait of the answered. Talk: mean
    of what an agent talked, hold included.
    """

    queued: int
    answered: int
    abandoned: int
    left: int
    waiting: int
    abandoned_percent: float | None
    service_percent: float | None
    asa_seconds: int | None
    talk_seconds: int | None
    service_seconds: int = 20
    short_abandon_seconds: int = 5


class CallsNow(Row):
    """Calls going on at this moment. A waiting one is in a queue and not answered yet, whether a phone rings or not."""

    waiting: int
    longest_wait_since: datetime | None
    ringing: int
    talking: int


class CampaignLine(Row):
    """One campaign: its queue now, its agents at work, its cases and today's calls."""

    id: int
    name: str
    mode: str
    waiting: int
    longest_wait_since: datetime | None
    agents: int
    free_cases: int
    worked_today: int
    dispositions_today: int
    calls: CallFigures


class ResultLine(Row):
    """How often a result was chosen today."""

    name: str
    count: int


class CampaignDay(Row):
    """Today's sums of one campaign."""

    worked: int = 0
    dispositions: int = 0
    calls: CallFigures | None = None


class Today(Row):
    """The sums over the day. They cost more than the moment, and are worked out less often."""

    as_of: datetime
    since: datetime
    calls: CallFigures
    aht_seconds: int | None  # talk and hold of a call, and the mean wrap-up
    wrap_up_seconds: int | None
    dispositions: int
    effective: int
    worked: int
    results: list[ResultLine]
    campaigns: dict[int, CampaignDay]


class DoubledMember(Row):
    """An extension that a queue of the PBX rings by two members: its phone rings twice for one call."""

    queue: str
    extension: str


class Wallboard(Row):
    """Everything on the wall at `as_of`."""

    as_of: datetime
    agents: list[AgentTile]
    agent_counts: dict[str, int]  # by `shown`; they add up to the tiles
    campaigns: list[CampaignLine]
    calls_now: CallsNow
    today: Today
    limits: WallboardLimits
    doubled: list[DoubledMember]

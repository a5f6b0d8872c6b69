"""Values as a screen's row shows them: one class feeds the page, the JSON answer and the pushed event.

Every row of a thing that is pushed carries its `version`; a screen ignores a row older than the one it shows.
Times are UTC and travel as ISO 8601; what is a pure function of times (timers, due or not, how many contacts are
still in the window) is worked out where it is shown, by the same rule on the page and in the browser.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from ..cases.priorities import PriorityWord
from ..contact.channels import Channel
from ..customers.field_types import shown_types
from ..customers.fields import ACCOUNT_FIELDS


class Row(BaseModel):
    """A frozen value that can be read from an object's attributes."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Named(Row):
    """A reference that can be shown."""

    id: int
    name: str


class UserAccountRow(Named):
    """A person who signs in, as administrators see them; `user_version` is what a change is measured by."""

    user_version: int
    username: str
    role: str
    extension: str | None
    active: bool
    has_password: bool


class CampaignRef(Named):
    """A campaign as rows name it."""

    priority: int


class CaseCampaign(CampaignRef):
    """The campaign of a case; `assignment_mode` says whether agents take its free cases (X9)."""

    assignment_mode: Literal["self", "directed", "mixed"]


class CustomerRef(Named):
    """A customer as a row names them; `document` with its type in front ("CC 52318904")."""

    document: str


class PhoneRow(Row):
    """A phone of the customer: E.164, kind (mobile or landline) and as the country reads it."""

    id: int
    kind: str
    value: str
    shown: str


_AccountData = create_model("_AccountData", __base__=Row, **shown_types(ACCOUNT_FIELDS))


class AccountRow(_AccountData):  # the columns of the table of fields
    """The account a case is about."""

    id: int


class Medium(Row):
    """Contacts through one medium in the window: how many, the level (0…3) and when each was (UTC).

    `thresholds` are the counts at which level 1, 2 and 3 begin in this campaign.
    """

    count: int
    level: int
    times: list[datetime]
    thresholds: tuple[int, int, int]


class RefusalRow(Row):
    """Why a medium is refused, now or soon: from `since` (empty = always) to `until` (empty = nobody can say when).

    It is refused once more from `again` on.

    Screens work out from these times what is refused at any moment. So nothing needs to be pushed at 19:00, when every
    case of a campaign would change at once. `values` fill the sentence of `rule`.
    """

    code: str
    rule: str
    since: datetime | None
    until: datetime | None
    again: datetime | None
    pack: Named | None
    values: dict[str, str | int]


class _Window(Row):
    window_days: int
    total_thresholds: tuple[int, int, int]


# A field for each channel, under its word: `pressure.call`.
_ONE_FOR_EACH: dict[str, Any] = {channel.value: (Medium, ...) for channel in Channel}
_Media: Any = create_model("_Media", __base__=_Window, **_ONE_FOR_EACH)


class Pressure(_Media):
    """Contact pressure of a customer with one campaign's thresholds (X21).

    `level` is the worst of the media and of the total, whose own thresholds are `total_thresholds`. `refused` names the
    media that a rule or the customer's own wish forbids now. `refusals` says why and when, of these and of those to
    come.
    """

    total: int
    level: int
    refused: list[str]
    refusals: dict[str, RefusalRow]


class Contact(Row):
    """The last communication with the customer."""

    at: datetime
    channel: str
    outcome: str


class HolderRef(Named):
    """Who has the case open, since when."""

    since: datetime


class CaseRow(Row):
    """A case as a list shows it (S0-05, S0-06).

    `why` is the code of *por qué está aquí* at the moment the row was built; screens work it out again from the times.
    """

    number: int
    version: int
    status: Literal["open", "suspended", "closed"]
    final: bool  # closed for good: it cannot be opened again (S3-25)
    campaign: CaseCampaign
    customer: CustomerRef
    phones: list[PhoneRow]
    account: AccountRow | None
    service_state: str
    agent: Named | None
    assigned_at: datetime | None
    assigned_by: str | None
    holder: HolderRef | None
    priority: PriorityWord
    pressure: Pressure
    next_contact_at: datetime | None
    next_contact_agent_id: int | None
    last_contact: Contact | None
    rotated_at: datetime | None  # the last contact as the order (X2) counts it: a gestión rotates its case too
    last_result: str | None
    next_phone: str | None
    why: str
    created_at: datetime
    closed_at: datetime | None


class CallRef(Row):
    """The call an agent's phone is in."""

    id: str
    since: datetime


class PersonRow(Row):
    """A person as lists, the state pill and the wall board show them."""

    id: int
    version: int
    username: str
    name: str
    role: str
    state: Literal["offline", "waiting", "handling", "wrap_up", "paused"]
    reason: str | None
    reason_limit_seconds: int | None
    since: datetime
    call: Literal["none", "ringing", "talking", "held"]
    call_id: str | None
    call_since: datetime | None
    case_number: int | None
    pending_reason: str | None
    wrap_up_until: datetime | None
    phone: str
    extension: str | None


class CallerMatch(Row):
    """A customer who has the caller's number, and the case that answering would open; `why` says how likely it is."""

    customer: CustomerRef
    account: AccountRow | None
    service_state: str | None
    case_number: int | None
    case_agent: str | None
    last_contact: Contact | None
    why: str


class CallRow(Row):
    """A call as the screen pop shows it.

    `customer` is set when exactly one matches or one was chosen. `ringing` are the agents whose phones ring now: the
    pop is shown to them and to nobody else. `talking` are those who talk in it now: none while the caller waits again,
    or after a transfer outside.
    """

    id: str
    version: int
    phase: Literal["dialing", "waiting", "ringing", "talking", "outside", "ended"]
    direction: str
    caller_id: str
    caller_shown: str
    caller_name: str
    queue: str | None
    campaign: CampaignRef | None
    customer: CustomerRef | None
    matches: list[CallerMatch]
    case: CaseRow | None
    agent: Named | None
    ringing: list[int]
    talking: list[int]
    started_at: datetime
    rang_at: datetime | None = None
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: str | None = None

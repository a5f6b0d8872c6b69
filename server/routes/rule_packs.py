"""`/api/v1/rule-packs`: the packs of contact rules, and what they would say at a moment (X16, X21)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import field_validator

from ...models.contact.channels import Channel
from ...models.contact.open_hours import holiday_name_of
from ...models.contact.rules import ContactRules
from ...models.contact.verdict import Forbidden, verdict
from ...models.permissions import Permission
from ...models.refused import N_, AlreadyExists, BadInput, NotFound, Stale
from ...models.rows.rule_pack import PackRow, pack_rows
from ...models.rows.values import Row
from ...models.time_zones import TimeZoneName
from ...queue.campaigns.rule_packs import NewPack, PackChanges, change_pack, create_pack
from ..doors.input import WRITTEN, Input
from ..doors.route import Door, Route

API = "/api/v1/rule-packs"
FORESEEN_DAYS = 120


class PackList(Row):
    """The packs there are, by name."""

    items: list[PackRow]
    next: None = None


class RulesTried(Input):
    """Rules to try out on a customer in `time_zone`, and when.

    Without `at` it is now; a time without an offset is the customer's local time.
    """

    rules: ContactRules
    at: Annotated[datetime, WRITTEN] | None = None
    time_zone: TimeZoneName = None

    @field_validator("at")
    @classmethod
    def _is_near(cls, value: datetime | None) -> datetime | None:
        if value and not 1970 <= value.year <= 2100:
            raise ValueError(N_("Es una fecha demasiado lejana."))
        return value


class Answer(Row):
    """Whether a medium is allowed, until when it is or is not, and by which rule."""

    allowed: bool
    until: datetime | None
    rule: str | None = None
    values: dict[str, Any] = {}


class Holiday(Row):
    """A day of the calendar."""

    day: date
    name: str


class Previewed(Row):
    """What the rules say of a customer who was never contacted, and the next holidays of their calendar."""

    at: datetime
    clock: str  # as the customer's clock shows it
    media: dict[Channel, Answer]
    holidays: list[Holiday]


async def list_packs(door: Door) -> PackList:
    """The packs of contact rules, each with the campaigns that have it."""
    return PackList(items=await pack_rows(door.session))


async def create(door: Door) -> PackRow:
    """Make a pack of contact rules."""
    return await create_pack(door.work, door.body)


async def change(door: Door) -> PackRow:
    """Change a pack; it holds at once in the campaigns that have it."""
    return await change_pack(door.work, door.path["id"], door.body)


async def preview(door: Door) -> Previewed:
    """Try out rules without storing them: what would they say at this moment?"""
    form: RulesTried = door.body
    zone = ZoneInfo(form.time_zone) if form.time_zone else door.house.time_zone
    at = form.at or datetime.now(UTC)
    at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    today = at.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in range(FORESEEN_DAYS))
    named = ((day, holiday_name_of(form.rules.holidays, day)) for day in days)
    holidays = [Holiday(day=day, name=name) for day, name in named if name][:3]
    media = {channel: _answer(form.rules, channel, at, zone) for channel in Channel}
    return Previewed(at=at, clock=f"{at.astimezone(zone):%H:%M}", media=media, holidays=holidays)


def _answer(rules: ContactRules, channel: Channel, at: datetime, zone: ZoneInfo) -> Answer:
    found = verdict(rules, channel, {}, at, zone)
    if isinstance(found, Forbidden):
        return Answer(allowed=False, until=found.until, rule=found.kind, values=dict(found.values))
    return Answer(allowed=True, until=found.until)


_MAY = Permission.MANAGE_CAMPAIGNS
_WRONG = (AlreadyExists, BadInput)
ROUTES = [
    Route("GET", API, list_packs, Permission.SEE_CAMPAIGNS, answer=PackList),
    Route("POST", API, create, _MAY, body=NewPack, answer=PackRow, status=201, refusals=_WRONG),
    Route(
        "PATCH", API + "/{id:int}", change, _MAY, body=PackChanges, answer=PackRow, refusals=(NotFound, Stale, *_WRONG)
    ),
    Route(
        "POST", API + "/preview", preview, _MAY, body=RulesTried, answer=Previewed, refusals=(BadInput,), own_work=True
    ),
]

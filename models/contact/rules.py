"""Rules of contact: when a customer may be contacted, how often, and from when on again (X16, X21, S2-24).

    verdict(rules, Channel.CALL, attempts, now, zone)  ->  Allowed(until) | Forbidden(kind, until, values)

Everything is said in the customer's time zone. A day is a calendar day there; *a week* are that day and the six before
it, so that no seven days in a row hold more than the maximum. Contacts are the customer's, over all campaigns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ..customers.customer import Channel
from ..refused import N_
from .holidays import holiday_name, is_known

LOOK_AHEAD = timedelta(days=60)  # no `until` beyond: then nobody can say when
FORESEEN = timedelta(days=3)  # how far it is foretold that hours end
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)

Clock = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Span = tuple[Clock, Clock]  # from, to (not included), as clocks show it
Week = tuple[tuple[Span, ...], ...]  # Monday first; a day without spans is forbidden
Moments = tuple[tuple[datetime, datetime], ...]


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Holidays(_Rules):
    """Public holidays of a country (ISO 3166 code), with those of one of its parts when named."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    subdivision: Annotated[str, Field(max_length=10)] | None = None

    @model_validator(mode="after")
    def _known(self) -> Holidays:
        if not is_known(self.country, self.subdivision):
            raise ValueError(N_("No hay calendario de festivos de ese país o región."))
        return self


class Limits(_Rules):
    """How often: at most so many contacts a day and in seven days, so many minutes after the last one."""

    per_day: Annotated[int, Field(ge=1, le=99)] | None = None
    per_week: Annotated[int, Field(ge=1, le=499)] | None = None
    pause_minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None


def _check_week(week: Week | None) -> Week | None:
    """Seven days; each day's spans in order and apart. Raises ValueError."""
    if week is None:
        return None
    if len(week) != 7:
        raise ValueError(N_("El horario lleva siete días, de lunes a domingo."))
    for day in week:
        edges = [edge for span in day for edge in span]
        if any(a >= b for a, b in pairwise(edges)):
            raise ValueError(N_("Cada franja debe terminar después de empezar, sin cruzarse con otra."))
    return week


class ChannelLimits(Limits):
    """Rules of one medium; `hours` empty = those of the pack."""

    hours: Week | None = None
    on_holidays: bool = False  # allowed on holidays too

    _check_hours = field_validator("hours")(_check_week)


class ContactRules(_Rules):
    """The rules of a pack: hours and holidays for all media, limits for each, for all together (`total`), and in how
    many different media a customer may be contacted in a week. `hours` empty = at any hour of any day."""

    hours: Week | None = None
    holidays: Holidays | None = None
    channels: dict[Channel, ChannelLimits] = {}
    total: Limits = Limits()
    media_per_week: Annotated[int, Field(ge=1, le=3)] | None = None

    _check_hours = field_validator("hours")(_check_week)

    def of(self, channel: Channel) -> ChannelLimits:
        """What is said about one medium."""
        return self.channels.get(channel, _NOTHING)


_NOTHING = ChannelLimits()


class Kind(StrEnum):
    """Which rule forbids; `total` and `media` are the rules over all media."""

    HOLIDAY = "holiday"
    DAY = "day"
    HOURS = "hours"
    MEDIA = "media"
    WEEKLY = "weekly"
    WEEKLY_TOTAL = "weekly-total"
    DAILY = "daily"
    DAILY_TOTAL = "daily-total"
    PAUSE = "pause"
    PAUSE_TOTAL = "pause-total"

    @property
    def code(self) -> str:
        """The refusal's code (`contact-refused-weekly`)."""
        word = "weekly" if self is Kind.MEDIA else self.value.partition("-")[0]
        return f"contact-refused-{word}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """It is allowed until hours end; `until` empty = for longer than is foreseen."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Forbidden:
    """It is not. `until` is the first moment at which no rule objects (none within LOOK_AHEAD when empty);
    `values` fill the sentence that says why."""

    kind: Kind
    until: datetime | None
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The refusal that is or comes next: from `since` to `until`, and from `again` on another one begins."""

    since: datetime
    why: Forbidden
    again: datetime | None


Attempts = Mapping[Channel, Sequence[datetime]]


def verdict(
    rules: ContactRules, channel: Channel, attempts: Attempts, now: datetime, zone: ZoneInfo
) -> Allowed | Forbidden:
    """Whether the customer may be contacted at `now`, given when he was contacted (UTC, any order)."""
    asked = _Asked(rules, channel, attempts, zone)
    return asked.forbidden(now) or Allowed(asked.closes(now))


def next_refusal(
    rules: ContactRules, channel: Channel, attempts: Attempts, now: datetime, zone: ZoneInfo
) -> Refusal | None:
    """What a screen must know to show the medium right as time passes, without being told anew: with no further
    contact only hours and days can begin to forbid."""
    asked = _Asked(rules, channel, attempts, zone)
    since, why = now, asked.forbidden(now)
    if why is None:
        closes = asked.closes(now)
        why = asked.forbidden(closes) if closes else None
        if closes is None or why is None:
            return None
        since = closes
    return Refusal(since, why, asked.closes(why.until) if why.until else None)


@dataclass(frozen=True, slots=True)
class _Objection:
    """One rule forbids now; it surely does until `ends`."""

    kind: Kind
    ends: datetime
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass
class _Asked:
    """One customer, one medium, at any moment."""

    rules: ContactRules
    channel: Channel
    attempts: Attempts
    zone: ZoneInfo

    def forbidden(self, at: datetime) -> Forbidden | None:
        """Why not at this moment, and from when on again: from the end of each objection to the next."""
        first = objection = self._objection(at)
        if first is None:
            return None
        last = at + LOOK_AHEAD
        while objection and objection.ends <= last:
            at = objection.ends
            objection = self._objection(at)
        return Forbidden(first.kind, None if objection else at, first.values)

    def closes(self, at: datetime) -> datetime | None:
        """When the hours in which `at` lies end."""
        last = at + FORESEEN
        while at < last:
            ends = _end(self._spans(at.astimezone(self.zone).date()), at)
            if ends is None:
                return at
            at = ends
        return None

    def _objection(self, at: datetime) -> _Objection | None:
        local = at.astimezone(self.zone)
        return self._by_calendar(at, local) or self._by_count(local.date()) or self._by_pause(at)

    def _by_calendar(self, at: datetime, local: datetime) -> _Objection | None:
        spans = self._spans(local.date())
        if _end(spans, at):
            return None
        tomorrow = _midnight(local.date() + _DAY, self.zone)
        if not spans:
            if name := holiday_name_of(self._holidays, local.date()):
                return _Objection(Kind.HOLIDAY, tomorrow, {"holiday": name})
            return _Objection(Kind.DAY, tomorrow, {"weekday": local.weekday()})
        assert self._hours is not None  # a day without hours of its own is open from end to end
        shown = ", ".join(f"{begins}–{ends}" for begins, ends in self._hours[local.weekday()])
        opens = next((begins for begins, _ in spans if begins > at), tomorrow)
        return _Objection(Kind.HOURS, opens, {"clock": f"{local:%H:%M}", "hours": shown})

    def _by_count(self, today: date) -> _Objection | None:
        """The longest first: of two reasons the one that lasts is said."""
        for kind, limit, span, days in self._counted:
            count = len(days) - bisect_right(days, today - span)
            if count < limit:
                continue
            # Days leave the span one by one; when so many have left, less than the limit is in it.
            ends = _midnight(days[-limit] + span, self.zone)
            return _Objection(kind, ends, {"limit": limit} if kind is Kind.MEDIA else {"count": count, "limit": limit})
        return None

    def _by_pause(self, at: datetime) -> _Objection | None:
        for kind, minutes, last in self._pauses:
            ends = last + timedelta(minutes=minutes)
            if ends > at:
                return _Objection(kind, ends, {"minutes": minutes})
        return None

    def _spans(self, day: date) -> Moments:
        return _open(self._hours, self._holidays, self.zone, day)

    @cached_property
    def _hours(self) -> Week | None:
        own = self.rules.of(self.channel).hours
        return self.rules.hours if own is None else own

    @cached_property
    def _holidays(self) -> Holidays | None:
        return None if self.rules.of(self.channel).on_holidays else self.rules.holidays

    @cached_property
    def _counted(self) -> list[tuple[Kind, int, timedelta, list[date]]]:
        """What is counted, how much of it is too much, in how many days, and on which of the customer's days it was."""
        days = {medium: sorted(at.astimezone(self.zone).date() for at in ats) for medium, ats in self.attempts.items()}
        own, every = days.get(self.channel, []), sorted(chain.from_iterable(days.values()))
        # A medium counts from its last use; using the same one again is no other medium.
        others = sorted(used[-1] for medium, used in days.items() if used and medium is not self.channel)
        mine, total, media = self.rules.of(self.channel), self.rules.total, self.rules.media_per_week
        rules = (
            (Kind.WEEKLY, mine.per_week, _WEEK, own),
            (Kind.WEEKLY_TOTAL, total.per_week, _WEEK, every),
            (Kind.MEDIA, media, _WEEK, others),
            (Kind.DAILY, mine.per_day, _DAY, own),
            (Kind.DAILY_TOTAL, total.per_day, _DAY, every),
        )
        return [(kind, limit, span, when) for kind, limit, span, when in rules if limit and len(when) >= limit]

    @cached_property
    def _pauses(self) -> list[tuple[Kind, int, datetime]]:
        own, every = self.attempts.get(self.channel, ()), list(chain.from_iterable(self.attempts.values()))
        rules = (
            (Kind.PAUSE, self.rules.of(self.channel).pause_minutes, own),
            (Kind.PAUSE_TOTAL, self.rules.total.pause_minutes, every),
        )
        return [(kind, minutes, max(times)) for kind, minutes, times in rules if minutes and times]


def _end(spans: Moments, at: datetime) -> datetime | None:
    """The end of the span in which a moment lies."""
    return next((ends for begins, ends in spans if begins <= at < ends), None)


def holiday_name_of(holidays: Holidays | None, day: date) -> str:
    """The name of the holiday that this day is; empty when it is none."""
    return holiday_name(holidays.country, holidays.subdivision, day) if holidays else ""


@lru_cache(maxsize=8192)
def _open(week: Week | None, holidays: Holidays | None, zone: ZoneInfo, day: date) -> Moments:
    """The moments between which a day is open."""
    if holiday_name_of(holidays, day):
        return ()
    spans = (("00:00", "24:00"),) if week is None else week[day.weekday()]
    moments = [(_moment(day, begins, zone, max), _moment(day, ends, zone, min)) for begins, ends in spans]
    return tuple((begins, ends) for begins, ends in moments if begins < ends)


def _moment(day: date, clock: str, zone: ZoneInfo, strict: Any) -> datetime:
    """When clocks show this. An hour that a change of summer time skips or repeats is read the strict way: the later
    of both readings where hours begin, the earlier where they end."""
    if clock in ("00:00", "24:00"):
        return _midnight(day + (_DAY if clock == "24:00" else timedelta()), zone)
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    moment: datetime = strict(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return moment


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins; where midnight is skipped, that is when the clock jumps."""
    return datetime.combine(day, time(), zone).astimezone(UTC)

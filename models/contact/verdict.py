"""Whether a customer may be contacted at a moment, why not, and from when on again (X16, X21, S2-24).

    verdict(rules, Channel.CALL, attempts, now, zone)  ->  Allowed(until) | Forbidden(kind, until, values)

A day is a calendar day of the customer's time zone; *a week* are that day and the six before it, so that no seven days
in a row hold more than the maximum. Contacts are the customer's, over all campaigns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from .channels import Channel
from .open_hours import Moments, end_of_span, holiday_name_of, midnight, open_moments
from .rule_kinds import RuleKind
from .rules import ContactRules, Holidays, Week

LOOK_AHEAD = timedelta(days=60)  # no `until` beyond: then nobody can say when
FORESEEN = timedelta(days=3)  # how far it is foretold that hours end
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Allowed:
    """It is allowed until hours end; `until` empty = for longer than is foreseen."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Forbidden:
    """It is not. `until` is the first moment at which no rule objects (none within LOOK_AHEAD when empty);
    `values` fill the sentence that says why."""

    kind: RuleKind
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
    """Whether the customer may be contacted at `now`, given when the customer was contacted before (UTC, any order)."""
    asked = _Asked(rules, channel, attempts, zone)
    return asked.forbidden(now) or Allowed(asked.closes(now))


def next_refusal(
    rules: ContactRules, channel: Channel, attempts: Attempts, now: datetime, zone: ZoneInfo
) -> Refusal | None:
    """What a screen must know to show the medium right as time passes, with no further news: without another contact
    only hours and days can begin to forbid."""
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

    kind: RuleKind
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
            ends = end_of_span(self._spans(at.astimezone(self.zone).date()), at)
            if ends is None:
                return at
            at = ends
        return None

    def _objection(self, at: datetime) -> _Objection | None:
        local = at.astimezone(self.zone)
        return self._by_calendar(at, local) or self._by_count(local.date()) or self._by_pause(at)

    def _by_calendar(self, at: datetime, local: datetime) -> _Objection | None:
        spans = self._spans(local.date())
        if end_of_span(spans, at):
            return None
        tomorrow = midnight(local.date() + _DAY, self.zone)
        if not spans:
            if name := holiday_name_of(self._holidays, local.date()):
                return _Objection(RuleKind.HOLIDAY, tomorrow, {"holiday": name})
            return _Objection(RuleKind.DAY, tomorrow, {"weekday": local.weekday()})
        assert self._hours is not None  # a day without hours of its own is open from end to end
        shown = ", ".join(f"{begins}–{ends}" for begins, ends in self._hours[local.weekday()])
        opens = next((begins for begins, _ in spans if begins > at), tomorrow)
        return _Objection(RuleKind.HOURS, opens, {"clock": f"{local:%H:%M}", "hours": shown})

    def _by_count(self, today: date) -> _Objection | None:
        """The longest first: of two reasons the one that lasts is said."""
        for kind, limit, span, days in self._counted:
            count = len(days) - bisect_right(days, today - span)
            if count < limit:
                continue
            # Days leave the span one by one; when so many have left, less than the limit is in it.
            ends = midnight(days[-limit] + span, self.zone)
            values = {"limit": limit} if kind is RuleKind.MEDIA else {"count": count, "limit": limit}
            return _Objection(kind, ends, values)
        return None

    def _by_pause(self, at: datetime) -> _Objection | None:
        for kind, minutes, last in self._pauses:
            ends = last + timedelta(minutes=minutes)
            if ends > at:
                return _Objection(kind, ends, {"minutes": minutes})
        return None

    def _spans(self, day: date) -> Moments:
        return open_moments(self._hours, self._holidays, self.zone, day)

    @cached_property
    def _hours(self) -> Week | None:
        own = self.rules.of(self.channel).hours
        return self.rules.hours if own is None else own

    @cached_property
    def _holidays(self) -> Holidays | None:
        return None if self.rules.of(self.channel).on_holidays else self.rules.holidays

    @cached_property
    def _counted(self) -> list[tuple[RuleKind, int, timedelta, list[date]]]:
        """What is counted, how much of it is too much, in how many days, and on which of the customer's days it was."""
        days = {medium: sorted(at.astimezone(self.zone).date() for at in ats) for medium, ats in self.attempts.items()}
        own, every = days.get(self.channel, []), sorted(chain.from_iterable(days.values()))
        # A medium counts from its last use; using the same one again is no other medium.
        others = sorted(used[-1] for medium, used in days.items() if used and medium is not self.channel)
        mine, total, media = self.rules.of(self.channel), self.rules.total, self.rules.media_per_week
        rules = (
            (RuleKind.WEEKLY, mine.per_week, _WEEK, own),
            (RuleKind.WEEKLY_TOTAL, total.per_week, _WEEK, every),
            (RuleKind.MEDIA, media, _WEEK, others),
            (RuleKind.DAILY, mine.per_day, _DAY, own),
            (RuleKind.DAILY_TOTAL, total.per_day, _DAY, every),
        )
        return [(kind, limit, span, when) for kind, limit, span, when in rules if limit and len(when) >= limit]

    @cached_property
    def _pauses(self) -> list[tuple[RuleKind, int, datetime]]:
        own, every = self.attempts.get(self.channel, ()), list(chain.from_iterable(self.attempts.values()))
        rules = (
            (RuleKind.PAUSE, self.rules.of(self.channel).pause_minutes, own),
            (RuleKind.PAUSE_TOTAL, self.rules.total.pause_minutes, every),
        )
        return [(kind, minutes, max(times)) for kind, minutes, times in rules if minutes and times]

"""Rules of contact, held against what they promise: never at a forbidden moment, and `until` is the first allowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from atiende.models.contact.channels import Channel
from atiende.models.contact.holidays import holiday_name
from atiende.models.contact.ready_made import COLOMBIA, FREQUENCY, READY_MADE_PACKS
from atiende.models.contact.rule_kinds import RuleKind
from atiende.models.contact.rules import ChannelLimits, ContactRules, Holidays, Limits
from atiende.models.contact.verdict import FORESEEN, Allowed, Forbidden, next_refusal, verdict

BOGOTA = ZoneInfo("America/Bogota")
ZONES = [ZoneInfo(name) for name in ("America/Bogota", "America/New_York", "America/Santiago", "Australia/Lord_Howe")]
MINUTES = [f"{h:02d}:{m:02d}" for h in range(24) for m in (0, 30)] + ["24:00"]


def at(text: str, zone: ZoneInfo = BOGOTA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@some.composite
def weeks(draw: Any) -> Any:
    """Up to two spans a day."""
    edges = some.lists(some.sampled_from(MINUTES), unique=True, max_size=4).map(sorted)
    days = [draw(edges) for _ in range(7)]
    return tuple(tuple((a, b) for a, b in zip(d[::2], d[1::2], strict=False)) for d in days)


numbers = some.none() | some.integers(1, 4)
limits = {"per_day": numbers, "per_week": numbers, "pause_minutes": some.none() | some.integers(1, 3000)}
packs = some.builds(
    ContactRules,
    hours=some.none() | weeks(),
    holidays=some.none() | some.just(Holidays(country="CO")) | some.just(Holidays(country="US", subdivision="CA")),
    channels=some.dictionaries(
        some.sampled_from(Channel),
        some.builds(ChannelLimits, **limits, hours=some.none() | weeks(), on_holidays=some.booleans()),
    ),
    total=some.builds(Limits, **limits),
    media_per_week=some.none() | some.integers(1, 3),
)
# A year in which every zone changes its clocks twice.
moments = some.integers(0, 366 * 24 * 12).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=5 * n))


@some.composite
def situations(draw: Any) -> Any:
    """Rules, a medium, what was done up to now, and where."""
    now = draw(moments)
    before = some.integers(0, 12 * 24 * 12).map(lambda n: now - timedelta(minutes=5 * n))
    attempts = draw(some.dictionaries(some.sampled_from(Channel), some.lists(before, max_size=5), max_size=3))
    return draw(packs), draw(some.sampled_from(Channel)), attempts, now, draw(some.sampled_from(ZONES))


@given(situation=situations(), part=some.floats(0, 0.999))
@settings(max_examples=400, deadline=None)
def test_until_is_allowed_and_nothing_before_it(situation: Any, part: float) -> None:
    """A refused contact says when it will be allowed, and that is true."""
    rules, channel, attempts, now, zone = situation
    found = verdict(rules, channel, attempts, now, zone)
    if isinstance(found, Forbidden):
        end = found.until or now + timedelta(days=60)
        assert end > now
        assert isinstance(verdict(rules, channel, attempts, now + (end - now) * part, zone), Forbidden)
        if found.until:
            assert isinstance(verdict(rules, channel, attempts, found.until, zone), Allowed)
    else:
        end = found.until or now + FORESEEN
        assert isinstance(verdict(rules, channel, attempts, now + (end - now) * part, zone), Allowed)
        if found.until:
            assert isinstance(verdict(rules, channel, attempts, found.until, zone), Forbidden)


@given(situation=situations())
@settings(max_examples=400, deadline=None)
def test_what_is_allowed_breaks_no_rule(situation: Any) -> None:
    """Never on a holiday, outside the hours that the customer's clock shows, above a maximum, or within the pause."""
    rules, channel, attempts, now, zone = situation
    if isinstance(verdict(rules, channel, attempts, now, zone), Forbidden):
        return
    local, own = now.astimezone(zone), rules.of(channel)
    hours = rules.hours if own.hours is None else own.hours
    clock = f"{local:%H:%M}"
    assert hours is None or any(begins <= clock < ends for begins, ends in hours[local.weekday()])
    if rules.holidays and not own.on_holidays:
        assert not holiday_name(rules.holidays.country, rules.holidays.subdivision, local.date())
    every = [moment for times in attempts.values() for moment in times]
    week = local.date() - timedelta(days=7)
    used = {one for one, times in attempts.items() if any(t.astimezone(zone).date() > week for t in times)}
    assert rules.media_per_week is None or len(used | {channel}) <= rules.media_per_week
    for limit, times in ((own, attempts.get(channel, [])), (rules.total, every)):
        ago = [(local.date() - moment.astimezone(zone).date()).days for moment in times]
        assert limit.per_day is None or ago.count(0) < limit.per_day
        assert limit.per_week is None or sum(days < 7 for days in ago) < limit.per_week
        assert not limit.pause_minutes or all(now - t >= timedelta(minutes=limit.pause_minutes) for t in times)


@given(situation=situations(), part=some.floats(0, 0.999))
@settings(max_examples=200, deadline=None)
def test_a_screen_can_foretell_it(situation: Any, part: float) -> None:
    """From one row a screen knows what is refused until the second refusal begins."""
    rules, channel, attempts, now, zone = situation
    coming = next_refusal(rules, channel, attempts, now, zone)
    end = now + FORESEEN if coming is None else (coming.again or coming.why.until or coming.since + timedelta(days=60))
    then = now + (end - now) * part
    refused = coming is not None and coming.since <= then and (coming.why.until is None or then < coming.why.until)
    assert isinstance(verdict(rules, channel, attempts, then, zone), Forbidden) == refused


def test_colombia_by_its_hours_and_holidays() -> None:
    """The pack modelled on Ley 2300: weekdays to 19:00, Saturdays 08:00 to 15:00, no Sundays, no holidays."""
    cases = {
        "2026-11-23T06:59": (RuleKind.HOURS, "2026-11-23T07:00"),
        "2026-11-23T07:00": None,
        "2026-11-23T18:59": None,
        "2026-11-23T20:05": (RuleKind.HOURS, "2026-11-24T07:00"),
        "2026-11-21T15:00": (RuleKind.HOURS, "2026-11-23T07:00"),  # Saturday: the Sunday lies between
        "2026-11-22T10:00": (RuleKind.DAY, "2026-11-23T07:00"),
        "2026-12-25T10:00": (RuleKind.HOLIDAY, "2026-12-26T08:00"),
        "2026-11-14T16:00": (RuleKind.HOURS, "2026-11-17T07:00"),  # before a Monday that is a holiday
    }
    for moment, expected in cases.items():
        found = verdict(COLOMBIA, Channel.CALL, {}, at(moment), BOGOTA)
        if expected is None:
            assert isinstance(found, Allowed), moment
        else:
            assert isinstance(found, Forbidden)
            assert (found.kind, found.until) == (expected[0], at(expected[1])), moment
    christmas = verdict(COLOMBIA, Channel.SMS, {}, at("2026-12-25T10:00"), BOGOTA)
    assert isinstance(christmas, Forbidden)
    assert christmas.values == {"holiday": "Navidad"}
    one = {Channel.CALL: [at("2026-11-23T09:00")]}
    again = verdict(COLOMBIA, Channel.CALL, one, at("2026-11-23T10:00"), BOGOTA)
    other = verdict(COLOMBIA, Channel.SMS, one, at("2026-11-24T10:00"), BOGOTA)
    assert isinstance(again, Forbidden) and again.kind is RuleKind.DAILY_TOTAL
    assert isinstance(other, Forbidden) and other.kind is RuleKind.MEDIA
    assert other.until == at("2026-11-30T07:00")


def test_above_the_weekly_maximum_until_the_oldest_day_leaves_the_week() -> None:
    """So many per week and channel; the sentence has how many and the maximum."""
    days = [f"2026-11-{day}T09:00" for day in (16, 17, 18, 19, 20)]
    found = verdict(FREQUENCY, Channel.CALL, {Channel.CALL: [at(day) for day in days]}, at("2026-11-21T10:00"), BOGOTA)
    assert isinstance(found, Forbidden)
    assert (found.kind, found.values) == (RuleKind.WEEKLY, {"count": 5, "limit": 5})
    assert found.kind.code == "contact-refused-weekly"
    assert found.until == at("2026-11-23T08:00")
    assert isinstance(verdict(FREQUENCY, Channel.SMS, {}, at("2026-11-21T10:00"), BOGOTA), Allowed)


def test_the_customers_own_zone_decides() -> None:
    """20:05 in Madrid is 14:05 in Bogotá: the one is refused, the other is not."""
    now, madrid = at("2026-11-23T14:05"), ZoneInfo("Europe/Madrid")
    assert isinstance(verdict(COLOMBIA, Channel.CALL, {}, now, BOGOTA), Allowed)
    there = verdict(COLOMBIA, Channel.CALL, {}, now, madrid)
    assert isinstance(there, Forbidden)
    assert there.values["clock"] == "20:05"
    assert there.until == at("2026-11-24T07:00", madrid)


def test_summer_time_moves_the_hours_with_the_clock() -> None:
    """07:00 in New York is 12:00 UTC on the last day of winter time and 11:00 UTC on the first of summer time."""
    new_york = ZoneInfo("America/New_York")
    rules = ContactRules(hours=((("07:00", "19:00"),),) * 7)
    for evening, opens in (("2026-03-06T20:00", "2026-03-07T12:00"), ("2026-03-07T20:00", "2026-03-08T11:00")):
        found = verdict(rules, Channel.CALL, {}, at(evening, new_york), new_york)
        assert isinstance(found, Forbidden)
        assert found.until == at(opens, ZoneInfo("UTC"))
    # Hours that begin inside the hour that is skipped (02:00 to 03:00) or repeated (01:00 to 02:00).
    for span, day, opens in (
        (("02:30", "05:00"), "2026-03-08", "2026-03-08T07:30"),
        (("01:30", "05:00"), "2026-11-01", "2026-11-01T06:30"),
    ):
        early = ContactRules(hours=((span,),) * 7)
        found = verdict(early, Channel.CALL, {}, at(f"{day}T00:10", new_york), new_york)
        assert isinstance(found, Forbidden)
        assert found.until == at(opens, ZoneInfo("UTC"))


def test_rules_that_never_allow_have_no_until() -> None:
    found = verdict(ContactRules(hours=((),) * 7), Channel.CALL, {}, at("2026-11-23T10:00"), BOGOTA)
    assert isinstance(found, Forbidden)
    assert found.until is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": [[["07:00", "19:00"]]] * 6},
        {"hours": [[["19:00", "07:00"]]] * 7},
        {"hours": [[["07:00", "12:00"], ["11:00", "15:00"]]] * 7},
        {"hours": [[["7", "12:00"]]] * 7},
        {"holidays": {"country": "XX"}},
        {"holidays": {"country": "ES", "subdivision": "nowhere"}},
        {"channels": {"fax": {}}},
        {"total": {"per_day": 0}},
        {"quiet": True},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ContactRules.model_validate(wrong)


def test_ready_made_packs_survive_storing_and_say_what_they_are_not() -> None:
    for _name, text, rules in READY_MADE_PACKS:
        assert ContactRules.model_validate(rules.model_dump(mode="json")) == rules
        assert "no es asesoría legal" in text

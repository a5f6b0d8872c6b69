"""The browser works out contact pressure as the server does, at any later moment too (X21)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as some

from atiende.models.contact.channels import Channel
from atiende.models.contact.pressure import PressureRule
from atiende.models.rows.pressure import pressure_of
from atiende.models.rows.refused_media import ASKED_NOT_TO
from atiende.models.rows.values import Named, RefusalRow
from atiende.tests.web.desk.test_order import collected
from atiende.tests.web.node import in_node

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
three = some.lists(some.integers(1, 8), min_size=3, max_size=3).map(sorted)


@some.composite
def pressures(draw: Any) -> tuple[Any, datetime]:
    """Somebody's contacts under a campaign's rule, and a moment at which the screen is looked at."""
    times = some.lists(some.integers(0, 20 * 24).map(lambda h: NOW - timedelta(hours=h)), max_size=9).map(sorted)
    attempts = {channel: draw(times) for channel in Channel}
    media = {channel.value: draw(three) for channel in Channel if draw(some.booleans())}
    rule = PressureRule.of({"window_days": draw(some.integers(1, 14)), "media": media, "total": draw(three)})
    refusals = draw(some.dictionaries(some.sampled_from([channel.value for channel in Channel]), coming()))
    later = NOW + timedelta(hours=draw(some.integers(0, 200)))
    return (rule, attempts, refusals), later


@some.composite
def coming(draw: Any) -> RefusalRow:
    """A refusal for always, or one from a moment to another and then again."""
    if draw(some.booleans()):
        return ASKED_NOT_TO
    since, until, again = sorted(NOW + timedelta(hours=h) for h in draw(some.tuples(*[some.integers(-9, 200)] * 3)))
    ends = until if draw(some.booleans()) else None
    values = {"clock": "20:05", "hours": "07:00–19:00"}
    pack, code = Named(id=1, name="Horarios"), "contact-refused-hours"
    return RefusalRow(code=code, rule="hours", since=since, until=ends, again=again, pack=pack, values=values)


def refused_at(refusals: dict[str, RefusalRow], now: datetime) -> set[str]:
    """The same as `refusedAt`, said in another way: each medium's spans of time."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    spans = {m: [(r.since or first, r.until or last), (r.again or last, last)] for m, r in refusals.items()}
    return {medium for medium, of in spans.items() if any(begins <= now < ends for begins, ends in of)}


@pytest.mark.proves("S2-25")
def test_levels_roll_off_in_the_browser_by_the_rule_of_the_server() -> None:
    """A row drawn now and looked at days later shows what the server would say then."""
    examples = collected(pressures(), 300)
    drawn = [pressure_of(*given, NOW) for given, _ in examples]
    values = [
        {"pressure": row.model_dump(mode="json"), "now": later.timestamp() * 1000}
        for row, (_, later) in zip(drawn, examples, strict=True)
    ]
    found = in_node("contact/pressure.js", "m.pressureAt(v.pressure, v.now)", values)
    for (given, later), shown in zip(examples, found, strict=True):
        expected = pressure_of(*given, later)
        assert (shown["total"], shown["level"]) == (expected.total, expected.level)
        assert set(shown["refused"]) == refused_at(given[2], later)
        for channel in Channel:
            medium = getattr(expected, channel.value)
            assert shown["media"][channel.value] == {"count": medium.count, "level": medium.level}


def test_what_is_refused_follows_the_clock_without_any_event() -> None:
    """A medium closes at its hour and opens again, on a row drawn long before."""

    def at(hour: int) -> float:
        return NOW.replace(hour=hour).timestamp() * 1000

    def row(since: int | None, until: int | None, again: int | None) -> dict[str, str | None]:
        times = {"since": since, "until": until, "again": again}
        return {name: None if hour is None else NOW.replace(hour=hour).isoformat() for name, hour in times.items()}

    refusals = {"call": row(19, 21, 23), "sms": row(None, None, None), "email": row(None, 18, None)}
    values = [{"pressure": {"refusals": refusals}, "now": at(hour)} for hour in (17, 18, 19, 21, 23)]
    found = in_node("contact/pressure.js", "m.refusedAt(v.pressure, v.now)", values)
    assert found == [["sms", "email"], ["sms"], ["call", "sms"], ["sms"], ["call", "sms"]]

"""The browser orders rows as the server does (X2), and puts them in the same sections (X12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from atiende.models.cases.order import order_key, why
from atiende.models.cases.priorities import Priority
from atiende.models.cases.section_rule import Kind, section_counts
from atiende.tests.web.node import in_node

NOW = datetime(2026, 11, 21, 15, 30, 0, tzinfo=UTC)
SECTIONS = ["assigned", "suspended", "arrears", "withdrawn", "active", "closed"]
ME = 7
# Few different times, microseconds apart too, so that ties and near ties are common.
moments = some.one_of(
    some.none(),
    some.integers(-3, 3).map(lambda n: NOW + timedelta(minutes=n)),
    some.integers(-3, 3).map(lambda n: NOW + timedelta(milliseconds=n)),
    some.integers(0, 999_999).map(lambda n: NOW - timedelta(days=1, microseconds=n)),
)


@some.composite
def cases(draw: Any) -> list[dict[str, Any]]:
    """Rows that differ in what the order looks at."""
    return [
        {
            "number": number,
            "status": draw(some.sampled_from(["open", "open", "suspended", "closed"])),
            "service_state": draw(some.sampled_from(["active", "suspended", "in_arrears", "withdrawn"])),
            "agent": draw(some.sampled_from([None, {"id": ME}, {"id": 8}])),
            "holder": draw(some.sampled_from([None, {"id": ME}, {"id": 8}])),
            "campaign": {"priority": draw(some.integers(1, 3))},
            "priority": draw(some.sampled_from(list(Priority))).value,
            "next_contact_at": draw(moments),
            "rotated_at": draw(moments),
            "next_phone": draw(some.sampled_from([None, "+573105550142"])),
        }
        for number in draw(some.lists(some.integers(1, 99), unique=True, max_size=12))
    ]


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def key_of(row: dict[str, Any]) -> Any:
    rank = Priority(row["priority"]).rank
    return order_key(row["next_contact_at"], row["campaign"]["priority"], rank, row["rotated_at"], row["number"], NOW)


def collected(strategy: Any, examples: int) -> list[Any]:
    """Examples of a strategy, all at once: one Node process looks at all of them."""
    found: list[Any] = []

    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck), deadline=None)
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


@pytest.mark.proves("S2-23", "S3-79", "X2")
def test_the_browser_puts_rows_in_the_order_of_the_server() -> None:
    """Due first and oldest first; else priorities and longest without contact; the future last."""
    lists = collected(cases(), 300)
    values = [[as_json(row) for row in rows] for rows in lists]
    now = NOW.timestamp() * 1000
    shown = in_node("desk/order.js", f"v.sort(m.comparer('assigned', {now})).map((row) => row.number)", values)
    assert shown == [[row["number"] for row in sorted(rows, key=key_of)] for rows in lists]


@pytest.mark.proves("S2-11", "S2-12", "S2-13", "S2-14")
def test_a_row_stands_in_the_sections_that_the_counters_count_it_in() -> None:
    """What a list shows and what its counter says come from one rule."""
    rows = [row for rows in collected(cases(), 100) for row in rows]
    found = in_node(
        "desk/order.js", f"{SECTIONS}.filter((section) => m.belongs(section, v, {ME}))", [as_json(row) for row in rows]
    )
    for row, sections in zip(rows, found, strict=True):
        agent = row["agent"]["id"] if row["agent"] else 0
        counted = section_counts([Kind(agent, row["status"], row["service_state"], 1)], ME)
        assert set(sections) == {section for section, n in counted.items() if n}


def test_why_a_case_stands_here_is_the_same_word_on_both_sides() -> None:
    """The reason on the row is worked out in the browser as time passes, by the server's rule."""
    rows = [row for rows in collected(cases(), 100) for row in rows]
    # `now` of the browser is its clock: what is due or not must not depend on the minute of the test.
    for row in rows:
        if row["next_contact_at"] is not None:
            row["next_contact_at"] += timedelta(days=-3650 if row["next_contact_at"] <= NOW else 3650)
    found = in_node("desk/why.js", f"m.why(v, {ME})", [as_json(row) for row in rows])
    for row, said in zip(rows, found, strict=True):
        held = row["holder"] is not None and row["holder"]["id"] != ME
        closed = row["status"] == "closed"
        assert said == why(row["next_contact_at"], row["rotated_at"], row["next_phone"], held, closed, NOW)

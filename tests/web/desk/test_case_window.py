"""Any order and repetition of events leaves the browser's list as the newest rows say."""

from __future__ import annotations

import random
from typing import Any

from atiende.tests.web.node import in_node

ME = 7
RUN = """(() => {
  const list = new m.CaseWindow({ section: "assigned", me: 7, items: v.items, next: null });
  for (const row of v.events) list.take(row, 0);
  return list.sorted(0).map((row) => [row.number, row.version]);
})()"""


def a_row(number: int, version: int, agent: int | None) -> dict[str, Any]:
    return {
        "number": number,
        "version": version,
        "status": "open",
        "final": False,
        "service_state": "active",
        "agent": {"id": agent} if agent else None,
        "campaign": {"priority": 1},
        "priority": "normal",
        "next_contact_at": None,
        "rotated_at": None,
    }


def test_late_and_repeated_events_leave_the_list_at_the_newest_versions() -> None:
    """Assigned and taken away many times, heard in any order and more than once."""
    rng = random.Random(20261121)
    values, expected = [], []
    for _ in range(200):
        history = [a_row(n, version, rng.choice([ME, 8, None])) for n in range(1, 6) for version in range(1, 6)]
        first = [row for row in history if row["version"] == 1 and row["agent"] == {"id": ME}]
        events = history + rng.sample(history, 10)
        rng.shuffle(events)
        values.append({"items": first, "events": events})
        newest = [row for row in history if row["version"] == 5 and row["agent"] == {"id": ME}]
        expected.append([[row["number"], 5] for row in newest])
    assert in_node("desk/case-window.js", RUN, values) == expected


def test_a_row_beyond_the_window_is_left_to_the_next_page() -> None:
    """A list of thousands shows its first rows: what would stand after the last of them is not drawn."""
    value = {"items": [a_row(1, 1, ME), a_row(5, 1, ME)], "events": [a_row(3, 1, ME), a_row(9, 1, ME)]}
    shown = in_node("desk/case-window.js", RUN.replace("next: null", 'next: "cursor"'), [value])
    assert shown == [[[1, 1], [3, 1], [5, 1]]]

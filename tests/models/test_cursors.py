"""What comes back as a cursor is one that we wrote, or is refused: never a fault of ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.models.cases.list_place import Place
from atiende.models.cases.order import DUE, FREE, LATER
from atiende.models.cases.sections import Section
from atiende.models.cursors import moment, number, read_cursor, text, write_cursor
from atiende.models.refused import BadInput
from atiende.realtime.line.stream import Cursor
from atiende.server.settings import Settings
from atiende.tests.support.client import running_app

FIRST, LAST = datetime(1000, 1, 2), datetime(8999, 12, 30)  # noqa: DTZ001 - the zone is given beside them
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
ODD_NUMBERS = st.sampled_from([float("inf"), float("-inf"), float("nan"), 1e400, 2**63, -(2**63) - 1, True, 10**400])
TEXTS = st.text(max_size=20) | st.sampled_from(["\0", "\ud800", "1", "0001-01-01T00:00:00+14:00", "2026-11-30", "∞"])
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD_NUMBERS | TEXTS | MOMENTS.map(str),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)


def as_cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


CURSORS = ODD.map(as_cursor) | st.lists(ODD, min_size=2, max_size=4).map(as_cursor) | st.text(max_size=30)


def decoders() -> list[Callable[[str], Any]]:
    """Every reader of a cursor there is."""
    lists = [lambda written, section=section: Place.read(written, section) for section in Section]
    return [*lists, lambda written: read_cursor(written, text, number(0)), lambda written: read_cursor(written, moment)]


@given(CURSORS)
def test_whatever_comes_as_a_cursor_is_read_or_refused(written: str) -> None:
    for decode in decoders():
        try:
            decode(written)
        except BadInput as refused:
            assert refused.field == "next"


@given(st.text(max_size=60) | st.from_regex(r"[\w]{0,45}:[\w.+-]{0,20}", fullmatch=True))
def test_whatever_comes_as_a_place_in_the_stream_is_read_or_refused(written: str) -> None:
    with suppress(ValueError):
        assert Cursor.read(written).number < 1 << 63


@given(MOMENTS, st.sampled_from([DUE, FREE, LATER]), MOMENTS, st.integers(0, 9), st.integers(0, 2**63 - 1))
def test_a_place_comes_back_as_it_was_written(
    as_of: datetime, group: int, at: datetime, priority: int, case: int
) -> None:
    key = [priority, priority, at, case] if group == FREE else [at, case]
    place = Place(as_of, group, key)
    assert Place.read(place.write(), Section.ASSIGNED) == place


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.integers(0, 2**63 - 1))
def test_a_customer_s_place_comes_back_as_it_was_written(name: str, customer: int) -> None:
    assert read_cursor(write_cursor(name, customer), text, number(0)) == [name, customer]


NASTY = [
    ["a", float("inf")],
    ["a", float("nan")],
    ["\ud800", 1],
    ["\0", 1],
    ["a", 2**70],
    ["0001-01-01T00:00:00+14:00", 1, [1, 1, "0001-01-01T00:00:00+14:00", 1]],
    ["2026-11-30T00:00:00", 0, ["2026-11-30T00:00:00", 1]],
    ["2026-11-30T00:00:00+00:00", 1, [2**40, 1, "2026-11-30T00:00:00+00:00", 1]],
    ["2026-11-30T00:00:00+00:00", float("inf"), None],
    {"a": 1},
    None,
]


@pytest.mark.parametrize("path", ["/api/v1/customers", "/api/v1/cases"])
async def test_an_odd_cursor_is_answered_422_with_its_field(settings: Settings, path: str) -> None:
    async with running_app(settings) as site:
        supervisor = await site.signed_in("supervisor")
        for value in NASTY:
            answer = await supervisor.get(
                path,
                params={"next": as_cursor(value), "section": "active"}
                if path.endswith("cases")
                else {"next": as_cursor(value)},
            )
            assert (answer.status_code, answer.json()["field"]) == (422, "next"), (value, answer.text)

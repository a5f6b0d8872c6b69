"""When processes share the test files, none is lost and none overtakes another of its kind."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.tests.support.order import spread

FILES = st.lists(st.text(max_size=3), max_size=40)


@given(FILES, FILES)
def test_files_that_wait_and_files_that_work_take_turns_and_none_is_lost(few: list[str], many: list[str]) -> None:
    mixed = spread([("waits", name) for name in few], [("works", name) for name in many])
    assert [name for kind, name in mixed if kind == "waits"] == few
    assert [name for kind, name in mixed if kind == "works"] == many
    for end in range(len(mixed) + 1):
        waiting = sum(kind == "waits" for kind, _ in mixed[:end])
        assert abs(waiting * len(many) - (end - waiting) * len(few)) <= max(len(few), len(many))


def test_no_two_tests_have_one_name_of_which_processes_would_run_only_one(request: pytest.FixtureRequest) -> None:
    """Schemathesis gives every operation's test the name of its function; each is given a number."""
    names = Counter(item.nodeid for item in request.session.items)
    assert [name for name, times in names.items() if times > 1] == []

"""The order of test files when several processes share them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import pytest

WAITING = ("pbx", "faults")  # marks of tests that wait for a PBX, or for what was killed
Thing = TypeVar("Thing")


def take_turns(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The files with tests that mostly wait, spread evenly among the others, so that processes seldom wait together."""
    files = [list(tests) for _, tests in groupby(items, _file)]
    waits = [any(test.get_closest_marker(mark) for test in tests for mark in WAITING) for tests in files]
    waiting = [tests for tests, wait in zip(files, waits, strict=True) if wait]
    working = [tests for tests, wait in zip(files, waits, strict=True) if not wait]
    return [test for tests in spread(waiting, working) for test in tests]


def spread(few: Sequence[Thing], many: Sequence[Thing]) -> list[Thing]:
    """All of both, each in its order and at the same share of the way."""
    placed = [(at / len(things), things is many, thing) for things in (few, many) for at, thing in enumerate(things)]
    return [thing for *_, thing in sorted(placed, key=lambda one: one[:2])]


def _file(test: pytest.Item) -> Path:
    return test.path


def give_names(items: Sequence[pytest.Item]) -> None:
    """Give tests of the same name their number: pytest-xdist knows tests by name, and silently runs one of each."""
    seen: Counter[str] = Counter()
    for item in items:
        seen[item.nodeid] += 1
        if seen[item.nodeid] > 1:
            item._id = dataclasses.replace(item.id, params=str(seen[item.nodeid]))

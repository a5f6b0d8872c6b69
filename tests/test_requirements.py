"""docs/REQUIREMENTS.md and the marks of the tests say the same, and only a mark that can be believed counts."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).resolve().parent.parent
SCRIPT = runpy.run_path(str(TOP / "scripts/requirements"))
HOW_MANY = {"S0": 31, "S1": 36, "S2": 36, "S3": 79, "S4": 108, "M": 6}


def marked(folder: Path, text: str, name: str = "test_it.py") -> Any:
    tests = folder / "tests"
    tests.mkdir()
    (tests / name).write_text(f"import pytest\n{text}", encoding="utf-8")
    return SCRIPT["proofs"](tests)


def test_what_the_document_calls_proven_is_what_tests_prove() -> None:
    stands = SCRIPT["states"](SCRIPT["DOCUMENT"].read_text(encoding="utf-8"))
    assert SCRIPT["disagreements"](stands, SCRIPT["proofs"](TOP / "tests")) == []


def test_every_requirement_has_a_line_of_its_own() -> None:
    stands = SCRIPT["states"](SCRIPT["DOCUMENT"].read_text(encoding="utf-8"))
    numbered = [f"{family}-{n:02}" for family, last in HOW_MANY.items() for n in range(1, last + 1)]
    assert list(stands) == numbered + [f"X{n}" for n in range(1, 22)]


def test_a_mark_on_a_test_proves_and_a_docstring_does_not(tmp_path: Path) -> None:
    text = '@pytest.mark.proves("S0-01", "S0-02")\nasync def test_a():\n    """S0-03."""\n'
    assert marked(tmp_path, text) == {"S0-01": ["tests/test_it.py::test_a"], "S0-02": ["tests/test_it.py::test_a"]}


@pytest.mark.parametrize(
    "text",
    [
        '@pytest.mark.proves("S0-01")\ndef helper(): ...\n',
        '@pytest.mark.proves("S0-01")\nclass TestAll: ...\n',
        "@pytest.mark.proves()\ndef test_a(): ...\n",
        "@pytest.mark.proves(*IDS)\ndef test_a(): ...\n",
        '@pytest.mark.proves("S0-01", "S0-01")\ndef test_a(): ...\n',
    ],
)
def test_a_mark_that_cannot_be_believed_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError):
        marked(tmp_path, text)


@pytest.mark.parametrize(
    ("state", "proven", "said"),
    [
        ("proven", {}, "S0-01 is called proven, and no test proves it"),
        ("half", {"S0-01": ["a"]}, "S0-01 is called half, and is claimed by a"),
        ("open", {"S0-01": ["a"]}, "S0-01 is called open, and is claimed by a"),
        ("proven", {"S0-01": ["a"], "S9-99": ["b"]}, "S9-99 is no requirement, and is claimed by b"),
    ],
)
def test_what_document_and_marks_say_otherwise_is_said(state: str, proven: dict[str, list[str]], said: str) -> None:
    assert SCRIPT["disagreements"]({"S0-01": state}, proven) == [said]


@pytest.mark.parametrize(
    "row",
    [
        "| S0-01 | done | A line | |",
        "| S0-01 | half | A line | |",
        "| S0-01 | open | A line | something |",
        "| S0-01 | open | A line | |\n| S0-01 | open | A line | |",
    ],
)
def test_a_row_that_makes_no_sense_is_an_error(row: str) -> None:
    with pytest.raises(ValueError):
        SCRIPT["states"](row)

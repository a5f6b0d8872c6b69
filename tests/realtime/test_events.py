"""The catalogue of events: what is made from it is current, and no event is told to nobody or by nobody."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from atiende.realtime.events import CATALOGUE, PbxLost
from atiende.realtime.schema import event_schema, meaning

TOP = Path(__file__).resolve().parents[2]
HEARD_BY_THE_HUB = {"tab.taken"}  # it closes the sockets, and the page hears the code


def sources(pattern: str, *folders: str) -> str:
    files = [file for folder in folders for file in sorted((TOP / folder).rglob(pattern))]
    catalogue = {*(TOP / "realtime/events").iterdir(), TOP / "web/static/lib/events.js"}
    return "\n".join(file.read_text() for file in files if file not in catalogue and "vendor" not in file.parts)


def test_what_is_made_from_the_catalogue_is_current() -> None:
    checked = subprocess.run([TOP / "scripts/write_events", "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("kind", CATALOGUE)
def test_an_event_has_a_meaning_an_audience_and_a_name_that_says_what_happened(kind: str) -> None:
    event = CATALOGUE[kind]
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", kind)
    assert not kind.endswith((".updated", ".changed_state"))
    assert meaning(event)
    assert event.topics is not vars(CATALOGUE["pbx.lost"].__mro__[1])["topics"]


def test_every_event_is_told_somewhere() -> None:
    lines = [line for line in sources("*.py", "queue", "server", "realtime").splitlines() if "import" not in line]
    told = {name for line in lines if ".type" not in line for name in re.findall(r"\b[A-Z]\w+\b(?!,$)", line)}
    assert {kind for kind, event in CATALOGUE.items() if event.__name__ not in told} == set()


def named_by_scripts() -> set[str]:
    """Types that a script names, whole or as `case.${type}` in a loop over a list of words."""
    scripts = sources("*.js", "web/static")
    heard = {kind for kind in CATALOGUE if re.search(rf"[\"'`]{re.escape(kind)}[\"'`]", scripts)}
    for words, family in re.findall(r"of \[([^\]]*)\]\)\W*live\.on\(`(\w+)\.\$\{\w+\}`", scripts):
        heard |= {f"{family}.{word}" for word in re.findall(r"\w+", words)}
    return heard


def test_every_event_is_named_by_a_script_of_the_browser() -> None:
    assert set(CATALOGUE) - HEARD_BY_THE_HUB - named_by_scripts() == set()


def test_the_schema_tells_every_frame_by_its_type() -> None:
    schema = event_schema()
    mapping: dict[str, str] = schema["discriminator"]["mapping"]
    assert set(CATALOGUE) | {"hello", "resync", "pong", "stream.lost"} == set(mapping)
    for kind, ref in mapping.items():
        definition = schema["$defs"][ref.rsplit("/", 1)[1]]
        assert definition["properties"]["type"]["const"] == kind
        assert "type" in definition["required"]
    json.dumps(schema)


def test_an_event_on_the_wire_has_what_its_schema_requires() -> None:
    at = datetime.now(UTC)
    event = PbxLost(at=at, pbx="main", since=at, version=1)
    wire: dict[str, Any] = {"id": "a:1", "type": event.type, **event.model_dump(mode="json")}
    definition = event_schema()["$defs"]["PbxLost"]
    assert set(wire) == set(definition["properties"]) == set(definition["required"])

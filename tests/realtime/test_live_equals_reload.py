"""Live equals reload: what the events make of a screen is what a fresh read shows, whatever happened and in any order.

Random sequences of everything that people, a PBX and the clock do go through the real actions on a real database; a
model of a screen hears what was let out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from atiende.tests.support.floors.sharing import sharing_floor
from atiende.tests.support.random_floor.acts import ALL, BULK, act
from atiende.tests.support.random_floor.floor import RandomFloor
from atiende.tests.support.screen_model import ScreenModel, differences, reload

LENGTH = 14
CALLING = ["ring", "answer", "stop_ringing", "leg_ends", "call_ends", "say_who", "pbx_comes_back", "pbx_goes", "hold"]


@pytest.fixture
async def here(database_url: str) -> AsyncIterator[RandomFloor]:
    async with sharing_floor(database_url) as floor:
        made = RandomFloor(floor)
        await made.begin()
        yield made


async def happens(here: RandomFloor, names: list[str], seed: int) -> tuple[ScreenModel, list[dict[str, Any]]]:
    """A screen as it was before, and all events of what is done."""
    async with here.floor.house.look() as session:
        before = ScreenModel(await reload(session))
    told = len(here.floor.let_out)
    rng = Random(seed)
    for name in names:
        await act(here, name, rng)
    return before, [entry["event"] for entry in here.floor.let_out[told:]]


async def look(here: RandomFloor) -> dict[Any, Any]:
    async with here.floor.house.look() as session:
        return await reload(session)


# Not shrunk: what happened before stays in the database, so that a shorter sequence is another story.
REPEATED: dict[str, Any] = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@settings(max_examples=20, **REPEATED)
@given(
    names=st.lists(st.sampled_from(sorted(set(ALL) - BULK)), min_size=3, max_size=LENGTH), seed=st.integers(0, 2**32)
)
async def test_a_screen_that_heard_all_events_shows_what_a_reload_shows(
    here: RandomFloor, names: list[str], seed: int
) -> None:
    """Live equals reload for every event."""
    screen, events = await happens(here, names, seed)
    for event in events:
        screen.hear(event)
    assert differences(screen, await look(here)) == []


@settings(max_examples=20, **REPEATED)
@given(names=st.lists(st.sampled_from(CALLING), min_size=3, max_size=LENGTH), seed=st.integers(0, 2**32))
async def test_the_same_holds_for_calls_that_ring_here_and_there(
    here: RandomFloor, names: list[str], seed: int
) -> None:
    screen, events = await happens(here, names, seed)
    for event in events:
        screen.hear(event)
    assert differences(screen, await look(here)) == []


@settings(max_examples=20, **REPEATED)
@given(
    names=st.lists(st.sampled_from(sorted(ALL)), min_size=3, max_size=LENGTH),
    seed=st.integers(0, 2**32),
    bulk=st.sampled_from(sorted(BULK)),
)
async def test_after_changes_of_many_rows_a_screen_is_told_to_read_again(
    here: RandomFloor, names: list[str], seed: int, bulk: str
) -> None:
    """No row changes without a higher version, and what is not told one by one is told as a list."""
    screen, events = await happens(here, [*names[: len(names) // 2], bulk, *names[len(names) // 2 :]], seed)
    for event in events:
        screen.hear(event)
    fresh = await look(here)
    if screen.stale:
        screen.reread(fresh)
    assert differences(screen, fresh) == []


@settings(max_examples=20, **REPEATED)
@given(
    names=st.lists(st.sampled_from(sorted(ALL)), min_size=3, max_size=LENGTH),
    seed=st.integers(0, 2**32),
)
async def test_any_order_and_repetition_of_a_stream_gives_the_same_screen(
    here: RandomFloor, names: list[str], seed: int
) -> None:
    """Every event carries the whole newest state of its thing, and its version."""
    screen, events = await happens(here, names, seed)
    other = ScreenModel(screen.things)
    for event in events:
        screen.hear(event)
    rng = Random(seed)  # not drawn: how many events there are is not for hypothesis to know
    in_disorder = [*events, *rng.choices(events, k=10)] if events else []
    rng.shuffle(in_disorder)
    for event in in_disorder:
        other.hear(event)
    assert other.shown() == screen.shown()
    assert other.stale == screen.stale

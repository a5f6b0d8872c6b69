"""The demonstration's day, in any country: made in a moment, with every feature in use."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from atiende.models.clock import database_now
from atiende.queue.bases.examples.countries import country_of
from atiende.queue.figures.moment import figures
from atiende.server.connections import connections
from atiende.server.settings import Settings
from atiende.server.up.demo import ROWS, at_home, prepare_demo

THERE = {
    "cases": "SELECT count(*) > 1000 FROM cases",
    "a rule pack": "SELECT count(*) = 1 FROM campaigns WHERE rule_pack_id IS NOT NULL",
    "overdue": "SELECT count(*) > 0 FROM cases WHERE due_at < now()",
    "to come": "SELECT count(*) > 3 FROM cases WHERE due_at > now()",
    "a tried upload": "SELECT count(*) = 1 FROM import_jobs WHERE state = 'checked'",
    "finished": "SELECT count(*) > 20 FROM cases WHERE status = 'closed'",
}


@pytest.mark.parametrize("region", ["AR", "BR", "CL", "CO", "ES", "MX", "PE", "US"])
async def test_the_demonstration_is_made_in_every_country(settings: Settings, region: str) -> None:
    """Nearly all of its rows are stored, few calls were lost, and its customers have numbers of the country."""
    home = at_home(settings.with_values(default_region=region, ami_url=None))
    assert (home.time_zone, home.locale) == (country_of(region).time_zone, country_of(region).language)
    await asyncio.to_thread(prepare_demo, home)
    async with connections(home) as opened, opened.house.look() as session:
        for what, query in THERE.items():
            assert (await session.execute(text(query))).scalar_one(), what
        board = await figures(session, await database_now(session), home.zone, home.board_limits)
        prefix = {"AR": "+54", "BR": "+55", "CL": "+56", "CO": "+57", "ES": "+34", "MX": "+52", "PE": "+51", "US": "+1"}
        abroad = text("SELECT count(*) FROM contact_points WHERE kind = 'mobile' AND value NOT LIKE :home")
        assert (await session.execute(abroad, {"home": prefix[region] + "%"})).scalar_one() == 0
    assert board.today.dispositions > 50
    assert board.today.calls.abandoned_percent is not None and board.today.calls.abandoned_percent < 5
    callers = (home.data_dir / "demo_callers.txt").read_text().splitlines()
    assert any(line.endswith(";") for line in callers) and len(callers) < ROWS

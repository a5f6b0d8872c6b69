"""The one way of locking rows: read again, refused when missing, several in the order of their keys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from atiende.models.campaigns.campaign import Campaign
from atiende.models.locking import lock, lock_all, lock_if_there, lock_keys
from atiende.models.refused import NotFound
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def test_a_locked_row_is_read_again_although_the_session_knows_it(floor: Floor) -> None:
    campaign = await floor.campaign("Cartera")
    async with floor.house.work() as work:
        known = await work.session.get_one(Campaign, campaign.id)
        async with floor.house.work() as other:
            await other.session.execute(update(Campaign).where(Campaign.id == campaign.id).values(name="Cartera 2"))
        assert known.name == "Cartera"
        assert (await lock(work.session, Campaign, campaign.id)).name == "Cartera 2"


async def test_a_row_that_is_not_there_is_refused_or_none(floor: Floor) -> None:
    async with floor.house.work() as work:
        with pytest.raises(NotFound):
            await lock(work.session, Campaign, 0)
        assert await lock_if_there(work.session, Campaign, 0) is None


async def test_several_rows_are_locked_in_the_order_of_their_keys(floor: Floor) -> None:
    made = sorted([(await floor.campaign(name)).id for name in ("Cartera", "Ventas", "Soporte")])
    async with floor.house.work() as work:
        these = Campaign.id.in_(reversed(made))
        assert [campaign.id for campaign in await lock_all(work.session, Campaign, these)] == made
        assert await lock_keys(work.session, Campaign, these) == made


async def test_rows_that_another_transaction_has_locked_may_be_left_to_it(floor: Floor) -> None:
    one, other = [(await floor.campaign(name)).id for name in ("Cartera", "Ventas")]
    async with floor.house.work() as work, floor.house.work() as second:
        await lock(work.session, Campaign, one)
        left = await lock_all(second.session, Campaign, Campaign.id.in_([one, other]), skip_locked=True)
        assert [campaign.id for campaign in left] == [other]

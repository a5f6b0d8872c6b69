"""The made-up base of each country is read there as well as a real one: numbers, dates, amounts, documents."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_REGIONS

from atiende.models.contact.channels import ContactKind
from atiende.models.customers.phones import read_phone
from atiende.queue.bases.examples.countries import country_of, made_up_phone
from atiende.queue.bases.examples.demo_base import write_base
from atiende.tests.support.floors.bases import BasesHouse

DESCRIBED = ["AR", "BR", "CL", "CO", "ES", "MX", "PE", "US"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(DESCRIBED), st.integers(0, 10_000_000))
def test_a_made_up_number_is_valid_where_it_is_from(region: str, number: int) -> None:
    read = read_phone(made_up_phone(region, number, mobile=True), region)
    assert read is not None and read.kind is ContactKind.MOBILE
    assert read_phone(made_up_phone(region, number, mobile=False), region) is not None


@pytest.mark.parametrize("region", sorted(SUPPORTED_REGIONS))
def test_every_region_of_the_numbering_plans_has_a_number_and_a_clock(region: str) -> None:
    assert read_phone(made_up_phone(region, 7, mobile=True), region) is not None
    assert ZoneInfo(country_of(region).time_zone)


@pytest.mark.parametrize("region", DESCRIBED)
async def test_nearly_every_row_of_the_base_of_a_country_is_stored(house: BasesHouse, region: str) -> None:
    """All of a clean one; of the usual one all but those that were spoilt."""
    house.house.region = region
    file = house.folder / f"{region}.csv"
    counts = write_base(file, 150, region=region, clean=True)
    upload = await house.run(await house.upload_file(file))
    assert (upload.created, upload.refused) == (counts.good, 0)

"""Numbers as the country reads them."""

import pytest

from atiende.models.customers.phones import show_phone

SHOWN = [
    ("+573105550142", "CO", "310 555 0142"),
    ("+576015557730", "CO", "(601) 555 7730"),
    ("+573105550142", "AR", "+57 310 555 0142"),
    ("+5491123456789", "AR", "011 15-2345-6789"),
    ("not a number", "CO", "not a number"),
]


@pytest.mark.proves("S0-09")
@pytest.mark.parametrize(("value", "region", "shown"), SHOWN)
def test_a_phone_is_grouped_so_that_it_can_be_read_out(value: str, region: str, shown: str) -> None:
    assert show_phone(value, region) == shown

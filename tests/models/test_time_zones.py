"""Names of time zones that come in."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from atiende.models.time_zones import TimeZoneName

READ: TypeAdapter[str | None] = TypeAdapter(TimeZoneName)


@pytest.mark.parametrize(
    ("said", "zone"), [("America/Bogota", "America/Bogota"), ("UTC", "UTC"), ("", None), (None, None)]
)
def test_a_zone_there_is_stays_and_nothing_written_is_none(said: str | None, zone: str | None) -> None:
    assert READ.validate_python(said) == zone


@pytest.mark.parametrize("said", ["Bogotá", "America/Atlantis", "../etc/passwd", "x" * 65, 5])
def test_a_zone_that_is_none_is_refused(said: object) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(said)

"""Time zones as they come in."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from .refused import N_


def _there_is(name: str | None) -> str | None:
    if name and name not in available_timezones():
        raise ValueError(N_("No hay tal huso horario."))
    return name or None


# An IANA name; nothing written is none.
TimeZoneName = Annotated[Annotated[str, Field(max_length=64)] | None, AfterValidator(_there_is)]

"""Rules of contact as values: when a customer may be contacted, and how often (X16, X21, S2-24).

Everything is said in the customer's time zone. `verdict.py` applies the rules to a customer at a moment.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ..refused import N_
from .channels import Channel
from .holidays import is_known

Clock = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Span = tuple[Clock, Clock]  # from, to (not included), as clocks show it
Week = tuple[tuple[Span, ...], ...]  # Monday first; a day without spans is forbidden


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Holidays(_Rules):
    """Public holidays of a country (ISO 3166 code), with those of one of its parts when named."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    subdivision: Annotated[str, Field(max_length=10)] | None = None

    @model_validator(mode="after")
    def _known(self) -> Holidays:
        if not is_known(self.country, self.subdivision):
            raise ValueError(N_("No hay calendario de festivos de ese país o región."))
        return self


class Limits(_Rules):
    """How often: at most so many contacts a day and in seven days, so many minutes after the last one."""

    per_day: Annotated[int, Field(ge=1, le=99)] | None = None
    per_week: Annotated[int, Field(ge=1, le=499)] | None = None
    pause_minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None


def _check_week(week: Week | None) -> Week | None:
    """Seven days; each day's spans in order and apart. Raises ValueError."""
    if week is None:
        return None
    if len(week) != 7:
        raise ValueError(N_("El horario lleva siete días, de lunes a domingo."))
    for day in week:
        edges = [edge for span in day for edge in span]
        if any(a >= b for a, b in pairwise(edges)):
            raise ValueError(N_("Cada franja debe terminar después de empezar, sin cruzarse con otra."))
    return week


class ChannelLimits(Limits):
    """Rules of one medium; `hours` empty = those of the pack."""

    hours: Week | None = None
    on_holidays: bool = False  # allowed on holidays too

    _check_hours = field_validator("hours")(_check_week)


class ContactRules(_Rules):
    """The rules of a pack: hours and holidays for all media, limits for each, for all together (`total`), and in how
    many different media a customer may be contacted in a week. `hours` empty = at any hour of any day."""

    hours: Week | None = None
    holidays: Holidays | None = None
    channels: dict[Channel, ChannelLimits] = {}
    total: Limits = Limits()
    media_per_week: Annotated[int, Field(ge=1, le=len(Channel) - 1)] | None = None

    _check_hours = field_validator("hours")(_check_week)

    def of(self, channel: Channel) -> ChannelLimits:
        """What is said about one medium."""
        return self.channels.get(channel, _NOTHING)


_NOTHING = ChannelLimits()

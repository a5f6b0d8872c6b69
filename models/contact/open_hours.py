"""The moments at which a day is open: hours as clocks show them, in a time zone, without its public holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from .holidays import holiday_name
from .rules import Holidays, Week

Moments = tuple[tuple[datetime, datetime], ...]
_DAY = timedelta(days=1)


def end_of_span(spans: Moments, at: datetime) -> datetime | None:
    """The end of the span in which a moment lies."""
    return next((ends for begins, ends in spans if begins <= at < ends), None)


def holiday_name_of(holidays: Holidays | None, day: date) -> str:
    """The name of the holiday that this day is; empty when it is none."""
    return holiday_name(holidays.country, holidays.subdivision, day) if holidays else ""


@lru_cache(maxsize=8192)
def open_moments(week: Week | None, holidays: Holidays | None, zone: ZoneInfo, day: date) -> Moments:
    """The moments between which a day is open."""
    if holiday_name_of(holidays, day):
        return ()
    spans = (("00:00", "24:00"),) if week is None else week[day.weekday()]
    moments = [(_moment(day, begins, zone, max), _moment(day, ends, zone, min)) for begins, ends in spans]
    return tuple((begins, ends) for begins, ends in moments if begins < ends)


def _moment(day: date, clock: str, zone: ZoneInfo, strict: Any) -> datetime:
    """When clocks show this. An hour that a change of summer time skips or repeats is read the strict way: the later
    of both readings where hours begin, the earlier where they end."""
    if clock in ("00:00", "24:00"):
        return midnight(day + (_DAY if clock == "24:00" else timedelta()), zone)
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    moment: datetime = strict(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return moment


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins; where midnight is skipped, that is when the clock jumps."""
    return datetime.combine(day, time(), zone).astimezone(UTC)

"""Public holidays by country and part of it, from the calendars of the library `holidays`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays
from holidays.registry import COUNTRIES

LANGUAGE = "es"  # names are part of sentences; where a calendar has no Spanish ones, its own stand


def countries() -> list[str]:
    """ISO 3166 codes of the countries that have a calendar. (Asking the library itself would load all of them.)"""
    return sorted(codes[1] for codes in COUNTRIES.values())


def is_known(country: str, subdivision: str | None = None) -> bool:
    """Whether there is a calendar for it."""
    try:
        _year(country, subdivision, 2026)
    except NotImplementedError:
        return False
    return True


def holiday_name(country: str, subdivision: str | None, day: date) -> str:
    """The name of the public holiday that `day` is there; empty when it is none."""
    return _year(country, subdivision, day.year).get(day, "")


@lru_cache(maxsize=256)
def _year(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    calendar = holidays.country_holidays(country, subdiv=subdivision)
    language = LANGUAGE if LANGUAGE in calendar.supported_languages else None
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=year, language=language))

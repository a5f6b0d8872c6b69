"""How the rows of one upload are read: its columns, its key, its dates, and which defects refuse a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from ....models.customers.fields import FIELD_OF_KEY, FIELDS, WHOLE_NAME
from ..file.dates import BY_COLUMN
from .names import surnames_first


@dataclass(frozen=True, slots=True)
class ParseRules:
    """How rows of one upload are read. `today` is the house's day: it says which dates can be."""

    columns: tuple[str, ...]  # the name of a field for each column, "" = not imported
    key: tuple[str, ...]  # words of `fields.KEY_FIELDS`
    dates: str
    region: str
    today: date
    area_code: str = ""  # put before landlines that come without one; `BY_CITY`: that of the customer's city
    date_orders: tuple[str, ...] = ()  # of each column, when they differ
    turned: bool = False  # whole names stand with the surnames first
    refuse: frozenset[str] = frozenset()  # reasons that refuse the row instead of leaving the cell out

    def order_of(self, place: int) -> str:
        """The order of dates in a column."""
        return (self.date_orders[place] if place < len(self.date_orders) else "") or self.dates

    def identifies(self, name: str) -> bool:
        """Whether a field says which customer or account a row is about: what is wrong there refuses the row."""
        return name in _identifying(self.key)


@lru_cache(maxsize=64)
def _identifying(key: tuple[str, ...]) -> frozenset[str]:
    return frozenset(field.name for field in FIELDS if field.identity) | {FIELD_OF_KEY[word] for word in key}


def parse_rules(options: dict[str, Any], region: str, today: date) -> ParseRules:
    """The rules that an upload's options stand for."""
    columns: Sequence[str] = options["columns"]
    by_column = options["dates"] == BY_COLUMN
    turned = WHOLE_NAME in columns and surnames_first(options["names"][columns.index(WHOLE_NAME)])
    return ParseRules(
        tuple(columns),
        tuple(options["key"]),
        "dmy" if by_column else options["dates"],
        region,
        today,
        options.get("area_code", ""),
        tuple(options["date_orders"]) if by_column else (),
        turned,
        frozenset(options.get("refuse", ())),
    )

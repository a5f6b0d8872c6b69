"""The names of many customers at once: their parts, and how they are shown, found and sorted.

The same as `models/customers/names.py` does for one, for the letters that stand in plain rows.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from ....models.customers.fields import CUSTOMER_FIELDS, NAME_PARTS, WHOLE_NAME, Kind
from .names import split_name
from .plain_cells import PlainCells

_ACCENTS = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u"}
_PART_OF_FIELD = {field.name: field.column.name for field in CUSTOMER_FIELDS if field.kind is Kind.NAME}
_AS_SORTED = ("first_surname", "second_surname", "first_name", "second_name")


def name_columns(cells: PlainCells, document: pl.Series) -> dict[str, pl.Series]:
    """The columns of the parts, `full_name`, `search_key` and `sort_key`."""
    parts = _parts(cells)
    made = pl.DataFrame({**parts, "document": document}).select(
        pl.col(list(parts)),
        full_name=_joined(pl.col(name) for name in parts),
        sort_key=_joined(_spanish(pl.col(name)) for name in _AS_SORTED),
    )
    folded = pl.DataFrame([made["full_name"], document.alias("document")])
    search = (_folded(pl.col("full_name")) + " " + _folded(pl.col("document"))).str.strip_chars(" ")
    return {name: made[name] for name in made.columns} | {"search_key": folded.select(search).to_series()}


def _parts(cells: PlainCells) -> dict[str, pl.Series]:
    if WHOLE_NAME not in cells.fields:
        return {part: cells.text(field).alias(part) for field, part in _PART_OF_FIELD.items()}
    # A cell with a whole name goes before those with its parts.
    whole = cells.text(WHOLE_NAME)
    cells.only(whole.is_not_null() | (not cells.fields & set(_PART_OF_FIELD)))
    split = [split_name(text, cells.rules.turned) if text else (None,) * 4 for text in whole.to_list()]
    columns = zip(*split, strict=True) if split else [()] * 4
    return {part: pl.Series(part, column, dtype=pl.String) for part, column in zip(NAME_PARTS, columns, strict=True)}


def _joined(parts: Any) -> pl.Expr:
    """The parts that are there with a space between."""
    return pl.concat_str([pl.when(part != "").then(part) for part in parts], separator=" ", ignore_nulls=True)


def _unmarked(text: pl.Expr) -> pl.Expr:
    # `to_lowercase` of these letters only: rows with others are not plain.
    return text.str.to_lowercase().str.replace_many(list(_ACCENTS), list(_ACCENTS.values()))


def _folded(text: pl.Expr) -> pl.Expr:
    plain = _unmarked(text).str.replace_all("ñ", "n", literal=True)
    return plain.str.replace_all("[^0-9a-z]+", " ").str.strip_chars(" ")


def _spanish(text: pl.Expr) -> pl.Expr:
    return _unmarked(text).str.replace_all("[^0-9a-zñ]", " ").str.replace_all("ñ", "n~", literal=True)

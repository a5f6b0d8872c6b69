"""Checked rows as columns, ready for COPY: what both parsers make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from operator import itemgetter
from typing import Any

import orjson
import polars as pl

from ....models.customers.fields import ACCOUNT_FIELDS, CUSTOMER_FIELDS, NAME_PARTS
from ....models.customers.names import full_name, search_key, sort_key
from .row_parser import CustomerRow

_TEXT = pl.String
_CUSTOMER = [one.staged for one in CUSTOMER_FIELDS]
_ACCOUNT = [one.staged for one in ACCOUNT_FIELDS]
_customer_of, _account_of, _names_of = itemgetter(*_CUSTOMER), itemgetter(*_ACCOUNT), itemgetter(*NAME_PARTS)
# A row as it is staged. Data travel as text: the database reads them as its columns are.
ROW: dict[str, Any] = {
    "row_number": pl.Int64,
    "key": _TEXT,
    "again": pl.Boolean,
    **dict.fromkeys(_CUSTOMER, _TEXT),
    "full_name": _TEXT,
    "search_key": _TEXT,
    "sort_key": _TEXT,
    "custom": _TEXT,
    "has_account": pl.Boolean,
    **dict.fromkeys(_ACCOUNT, _TEXT),
}
POINT: dict[str, Any] = {
    "row_number": pl.Int64,
    "kind": _TEXT,
    "value": _TEXT,
    "place": pl.Int64,
    "field": _TEXT,
    "label": _TEXT,
    "extension": _TEXT,
}
# Stands for NULL in what COPY reads; no cell is this.
NULL = "\x1f"


@dataclass(slots=True)
class ParsedRows:
    """Rows of a file in their order, and their contact points."""

    rows: pl.DataFrame
    points: pl.DataFrame

    def __len__(self) -> int:
        return self.rows.height

    @property
    def numbers(self) -> list[int]:
        """The numbers of the rows in the file."""
        return self.rows["row_number"].to_list()

    def only(self, numbers: Iterable[int]) -> ParsedRows:
        """These rows of it."""
        chosen = pl.Series(sorted(numbers), dtype=pl.Int64)
        return ParsedRows(
            self.rows.filter(pl.col("row_number").is_in(chosen.implode())),
            self.points.filter(pl.col("row_number").is_in(chosen.implode())),
        )

    def waves(self) -> list[ParsedRows]:
        """Rows apart so that no customer stands twice in one part; almost always there is one."""
        documents = self.rows["document"].filter(self.rows["document"] != "")
        if self.rows["key"].n_unique() == len(self) and documents.n_unique() == len(documents):
            return [self] if len(self) else []
        found: list[list[int]] = []
        turn: dict[str, int] = {}
        for number, key, document in self.rows.select("row_number", "key", "document").iter_rows():
            names = [f"key {key}"] + ([f"document {document}"] if document else [])
            wave = max(turn.get(name, 0) for name in names)
            turn.update(dict.fromkeys(names, wave + 1))
            while len(found) <= wave:
                found.append([])
            found[wave].append(number)
        return [self.only(numbers) for numbers in found]


def copy_source(frame: pl.DataFrame) -> tuple[list[str], BytesIO]:
    """The columns in which something stands, and those of the frame as COPY reads them in CSV format with `NULL`."""
    filled = frame.select(column for column in frame if column.null_count() < frame.height)
    source = BytesIO()
    filled.write_csv(source, include_header=False, null_value=NULL)
    source.seek(0)
    return filled.columns, source


def parsed_rows_of(rows: Sequence[CustomerRow]) -> ParsedRows:
    """The columns of single rows."""
    points = [
        (row.number, str(kind), value, place, field, label or None, extension or None)
        for row in rows
        for place, ((kind, value), field, (label, extension)) in enumerate(
            zip(row.points, row.sources, row.notes, strict=True)
        )
    ]
    return ParsedRows(
        pl.DataFrame([_cells(row) for row in rows], ROW, orient="row"), pl.DataFrame(points, POINT, orient="row")
    )


def merged(*parts: ParsedRows) -> ParsedRows:
    """All rows in the order of the file."""
    filled = [part for part in parts if len(part)] or list(parts[:1])
    if len(filled) == 1:
        return filled[0]
    rows, points = [part.rows for part in filled], [part.points for part in filled]
    return ParsedRows(pl.concat(rows).sort("row_number"), pl.concat(points))


def _cells(row: CustomerRow) -> tuple[Any, ...]:
    names = [name or "" for name in _names_of(row.data)]
    whole = full_name(*names)
    return (
        row.number,
        row.key,
        row.again,
        *_as_text(_customer_of(row.data)),
        whole,
        search_key(whole, row.data["document"]),
        sort_key(*names),
        orjson.dumps(row.custom).decode(),
        row.has_account,
        *_as_text(_account_of(row.data)),
    )


def _as_text(values: Iterable[Any]) -> list[str | None]:
    return [value if value is None or type(value) is str else str(value) for value in values]

"""Checked rows as columns, ready for COPY: what the vectorised reading makes, and what is made of single rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import orjson
import polars as pl

from ....models.customers.names import full_name, search_key, sort_key
from .one_row import CustomerRow

_TEXT = pl.String
ROW: dict[str, Any] = {
    "row_number": pl.Int64, "key": _TEXT, "again": pl.Boolean, "document_type": _TEXT, "document": _TEXT,
    "first_name": _TEXT, "second_name": _TEXT, "first_surname": _TEXT, "second_surname": _TEXT,
    "full_name": _TEXT, "search_key": _TEXT, "sort_key": _TEXT, "birth_date": _TEXT, "sex": _TEXT, "city": _TEXT,
    "custom": _TEXT, "has_account": pl.Boolean, "account": _TEXT, "plan": _TEXT, "service_address": _TEXT,
    "service_state": _TEXT, "cut_off_date": _TEXT, "extension_until": _TEXT, "balance": _TEXT,
}  # fmt: skip
POINT: dict[str, Any] = {
    "row_number": pl.Int64,
    "kind": _TEXT,
    "value": _TEXT,
    "place": pl.Int64,
    "field": _TEXT,
}
# Stands for NULL in what COPY reads; no cell is this.
NULL = "\x1f"


@dataclass(slots=True)
class Batch:
    """Rows of a file in their order, and their contact points."""

    rows: pl.DataFrame
    points: pl.DataFrame

    def __len__(self) -> int:
        return self.rows.height

    @property
    def numbers(self) -> list[int]:
        """The numbers of the rows in the file."""
        return self.rows["row_number"].to_list()

    def only(self, numbers: Iterable[int]) -> Batch:
        """These rows of it."""
        chosen = pl.Series(sorted(numbers), dtype=pl.Int64)
        return Batch(
            self.rows.filter(pl.col("row_number").is_in(chosen.implode())),
            self.points.filter(pl.col("row_number").is_in(chosen.implode())),
        )

    def waves(self) -> list[Batch]:
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


def batch_of(rows: Sequence[CustomerRow]) -> Batch:
    """The columns of single rows."""
    points = [
        (row.number, str(kind), value, place, field)
        for row in rows
        for place, ((kind, value), field) in enumerate(zip(row.points, row.sources, strict=True))
    ]
    return Batch(
        pl.DataFrame([_cells(row) for row in rows], ROW, orient="row"), pl.DataFrame(points, POINT, orient="row")
    )


def together(*batches: Batch) -> Batch:
    """All rows in the order of the file."""
    filled = [batch for batch in batches if len(batch)] or list(batches[:1])
    if len(filled) == 1:
        return filled[0]
    return Batch(
        pl.concat([batch.rows for batch in filled]).sort("row_number"), pl.concat([batch.points for batch in filled])
    )


def _cells(row: CustomerRow) -> tuple[Any, ...]:
    names = [name or "" for name in row.names]
    whole = full_name(*names)
    return (
        row.number, row.key, row.again, row.document_type, row.document, *row.names, whole,
        search_key(whole, row.document), sort_key(*names), _text(row.birth_date), row.sex, row.city,
        orjson.dumps(row.custom).decode(), row.has_account, row.account, row.plan, row.service_address,
        _text(row.service_state), _text(row.cut_off_date), _text(row.extension_until), _text(row.balance),
    )  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else str(value)

"""Many plainly written rows read at once, column by column.

Only rows are taken of which every cell is of a kind that the parser of single rows (`row_parser.parse_row`) would
certainly accept and store in the same way: Latin letters, home numbers, plain amounts, dates that exist. Whatever is
otherwise, or might be, is left to it. So both say the same, and a file costs by what is odd in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import orjson
import polars as pl

from ....models.customers.fields import (
    ACCOUNT_FIELDS,
    BY_NAME,
    CUSTOM,
    CUSTOMER_FIELDS,
    FIELD_OF_KEY,
    MAY_BE_EMPTY_IN_KEY,
    Kind,
)
from .contact_columns import contact_points, lines_of, once_each
from .name_columns import name_columns
from .parse_rules import ParseRules
from .parsed_rows import ROW, ParsedRows
from .plain_cells import PlainCells

_ODD = r"[^ -~áéíóúüñÁÉÍÓÚÜÑ]"
_POINTS_OF = {Kind.PHONE: ["mobile", "landline"], Kind.EMAIL: ["email"]}


def parse_plain_rows(
    lines: Sequence[str], numbers: Sequence[int], rules: ParseRules, separator: str
) -> tuple[ParsedRows, list[int]]:
    """The plain ones of these lines (without their ends; none has more cells than there are columns), and the places in
    `lines` of all others."""
    cells = PlainCells(_cut(lines, numbers, rules, separator), rules)
    points = contact_points(cells)
    rows = _rows(cells)
    rows["key"] = _key(cells, rows, points)
    kept = pl.DataFrame({name: rows[name].alias(name) for name in ROW}, schema=ROW).filter(cells.ok)
    left = cells.ok.not_().arg_true().to_list()
    plain = points.filter(pl.col("row_number").is_in(kept["row_number"].implode()))
    return ParsedRows(kept, once_each(plain)), left


def _cut(lines: Sequence[str], numbers: Sequence[int], rules: ParseRules, separator: str) -> pl.DataFrame:
    names = [f"{place}" for place in range(len(rules.columns))]
    most = len(names) - 1
    whole = [line if (n := line.count(separator)) == most else line + separator * (most - n) for line in lines]
    cut = pl.read_csv(
        BytesIO("\n".join(whole).encode()),
        has_header=False,
        new_columns=names,
        separator=separator,
        quote_char=None,
        infer_schema=False,
    )
    used = [
        pl.col(name).str.strip_chars(" ").alias(field)
        for name, field in zip(names, rules.columns, strict=True)
        if field
    ]
    odd = pl.Series("odd", lines, dtype=pl.String).str.contains(_ODD)
    numbered = cut.with_columns(pl.Series("row_number", numbers, dtype=pl.Int64), odd)
    return numbered.select(*used, "row_number", "odd")


def _rows(cells: PlainCells) -> dict[str, pl.Series]:
    """The columns of `ROW` but the key."""
    rows: dict[str, Any] = {"row_number": cells.numbers}
    rows["again"] = pl.Series([False]).new_from_index(0, cells.height)
    for field in CUSTOMER_FIELDS:
        if field.kind is not Kind.NAME:
            value = cells.value(field)
            rows[field.staged] = value.fill_null("") if field.identity else value
    rows |= name_columns(cells, rows["document"])
    rows["custom"] = _custom(cells)
    for field in ACCOUNT_FIELDS:
        rows[field.staged] = cells.value(field)
    told = [cells.cell(field.name).is_not_null() for field in ACCOUNT_FIELDS]
    rows["has_account"] = pl.select(pl.any_horizontal(told)).to_series()
    return rows


def _custom(cells: PlainCells) -> pl.Series:
    named = [field for field in cells.rules.columns if field.startswith(CUSTOM)]
    if not named:
        return pl.Series(["{}"]).new_from_index(0, cells.height)
    keys = [field.removeprefix(CUSTOM) for field in named]
    rows = cells.cells.select(named).iter_rows()
    filled = ({key: cell for key, cell in zip(keys, row, strict=True) if cell is not None} for row in rows)
    return pl.Series([orjson.dumps(one).decode() for one in filled], dtype=pl.String)


def _key(cells: PlainCells, rows: dict[str, pl.Series], points: pl.DataFrame) -> pl.Series:
    """The key of each row; rows with an incomplete one, or about nobody, are left out."""
    first = {kind: _first(cells, points.filter(pl.col("kind").is_in(of))) for kind, of in _POINTS_OF.items()}
    first[Kind.PHONE] = first[Kind.PHONE].to_frame().select(lines_of(pl.col("value"))).to_series()
    cells.only((rows["document"] != "") | (rows["full_name"] != "") | (first[Kind.PHONE] != ""))
    parts: dict[str, pl.Series] = {}
    for word in cells.rules.key:
        field = BY_NAME[FIELD_OF_KEY[word]]
        parts[word] = first[field.kind] if field.kind in first else rows[field.staged].fill_null("")
        if word not in MAY_BE_EMPTY_IN_KEY:
            cells.only(parts[word] != "")
    return pl.DataFrame(parts).select(pl.concat_str(list(cells.rules.key), separator="|")).to_series()


def _first(cells: PlainCells, points: pl.DataFrame) -> pl.Series:
    """The first of these points in each row, "" where there is none."""
    first = points.unique("row_number", keep="first", maintain_order=True).select("row_number", "value")
    rows = cells.cells.select("row_number").join(first, "row_number", how="left", maintain_order="left")
    return rows["value"].fill_null("")

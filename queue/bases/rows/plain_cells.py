"""Cells of many rows as columns: each kind of field read for all rows at once, and which rows are plain so far.

Only cells are taken that the parser of single rows (`row_parser`) would certainly accept and store in the same way:
Latin letters, plain amounts, dates that exist. A row with any other cell is left to it.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ....models.customers.documents import clean_document_type
from ....models.customers.fields import BIRTH, Field, Kind
from ..file.dates import read_date
from . import cell_parsers
from .parse_rules import ParseRules
from .placeholders import LONGEST, PLACEHOLDERS, STROKES
from .row_parser import MAX_TEXT

_DOCUMENT = r"^(?:[0-9]{1,40}|[0-9]{3,15}-[0-9]|[0-9]{1,3}(?:\.[0-9]{3}){1,4})$"
_ACCOUNT = r"^[0-9A-Za-z]{1,10}(?:[ ./-]?[0-9A-Za-z]{1,10}){0,4}$"
_LIKE_A_DECIMAL = r"(?i)^[0-9][0-9. ]*(?:\.0{1,2}|E[0-9 -]*)$"
_AMOUNT = r"^(?:-?[0-9]{1,12}(?:[.,][0-9]{1,2})?|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3})$"
_THOUSANDS = r"^[0-9]{1,3}(?:\.[0-9]{3})+$"


class PlainCells:
    """One frame of cells being read; `ok` says which rows are plain as far as was looked."""

    def __init__(self, cells: pl.DataFrame, rules: ParseRules) -> None:
        fields = [field for field in rules.columns if field]
        long = (
            pl.any_horizontal(pl.col(field).str.len_chars() > MAX_TEXT for field in fields) if fields else pl.lit(True)
        )
        self.ok = cells.select(~pl.col("odd") & ~long.fill_null(False)).to_series()
        self.cells = cells.with_columns(_without_placeholders(field) for field in fields)
        self.rules = rules
        self.fields = set(fields)
        self.nothing = pl.Series([None] * cells.height, dtype=pl.String)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.cells.height

    @property
    def numbers(self) -> pl.Series:
        """The number of each row in the file."""
        return self.cells["row_number"]

    def only(self, good: pl.Series) -> None:
        """Rows where this is known not to hold are left to the other parser; empty cells hold."""
        self.ok &= good.fill_null(True)

    def cell(self, name: str) -> pl.Series:
        """The cells of a field as they stand; nothing when the file does not have it."""
        return self.cells[name] if name in self.fields else self.nothing

    def text(self, name: str) -> pl.Series:
        """The cells of a field with single spaces."""
        return self.cell(name).str.replace_all(" +", " ")

    def value(self, field: Field) -> pl.Series:
        """What the cells of a field say, as text that the database reads."""
        match field.kind:
            case Kind.DOCUMENT_TYPE:
                return self._by_value(field.name, lambda text: clean_document_type(text, self.rules.region))
            case Kind.DOCUMENT:
                return self._document(field.name)
            case Kind.ACCOUNT:
                return self._account(field.name)
            case Kind.DATE:
                return self._date(field.name)
            case Kind.SERVICE_STATE:
                return self._by_value(field.name, lambda text: str(cell_parsers.read_state(text)))
            case Kind.AMOUNT:
                return self._amount(field.name)
            case _:
                return self.text(field.name)

    def _by_value(self, name: str, read: Callable[[str], str]) -> pl.Series:
        """For columns whose cells repeat: each different one is read once."""
        cells = self.cell(name)
        found: dict[str, str | None] = {}
        for value in cells.drop_nulls().unique().to_list():
            try:
                found[value] = read(value)
            except ValueError:
                found[value] = None
        answer = cells.replace_strict(found, default=None, return_dtype=pl.String) if found else self.nothing
        self.only(cells.is_null() | answer.is_not_null())
        return answer

    def _date(self, name: str) -> pl.Series:
        if name not in self.fields:
            return self.nothing
        order, today = self.rules.order_of(self.rules.columns.index(name)), self.rules.today
        return self._by_value(name, lambda text: read_date(text, order, today, birth=name == BIRTH).isoformat())

    def _document(self, name: str) -> pl.Series:
        cells = self.cell(name)
        self.only(cells.str.contains(_DOCUMENT))
        return cells.str.replace_all("[.-]", "")

    def _account(self, name: str) -> pl.Series:
        cells = self.cell(name)
        self.only(cells.str.contains(_ACCOUNT) & ~cells.str.contains(_LIKE_A_DECIMAL))
        return cells.str.replace_all("[ ./-]", "").str.to_uppercase()

    def _amount(self, name: str) -> pl.Series:
        cells = self.cell(name)
        self.only(cells.str.contains(_AMOUNT))
        amount = pl.col("amount")
        then = pl.when(amount.str.contains(_THOUSANDS)).then(amount.str.replace_all(".", "", literal=True))
        plain: pl.Expr = then.otherwise(amount.str.replace_all(",", ".", literal=True))
        return pl.DataFrame({"amount": cells}).select(plain).to_series()


def _without_placeholders(field: str) -> pl.Expr:
    """As `is_placeholder`, for the letters that stand in plain rows."""
    cell = pl.col(field)
    short = cell.str.len_chars() <= LONGEST
    said = cell.str.to_lowercase().is_in(sorted(PLACEHOLDERS)) | cell.str.contains(STROKES)
    return pl.when((cell != "") & ~(short & said)).then(cell).alias(field)

"""Many plainly written rows read at once, column by column.

Only rows are taken of which every cell is of a kind that the reading row by row (`rows.read_row`) would certainly
accept and store in the same way: Latin letters, home numbers, plain amounts, dates that exist. Whatever is otherwise,
or might be, is left to it. So both say the same, and a file costs by what is odd in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import orjson
import polars as pl

from ....models.customers.fields import CUSTOM, PHONES
from ....models.customers.national_numbers import HomePlan, home_plan
from . import values
from .batch import POINT, ROW, Batch
from .one_row import MAX_TEXT, Rules

_ODD = r"[^ -~áéíóúüñÁÉÍÓÚÜÑ]"
_ACCENTS = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u"}
_DOCUMENT = r"^(?:[0-9]{1,40}|[0-9]{3,15}-[0-9]|[0-9]{1,3}(?:\.[0-9]{3}){1,4})$"
_EMAIL = r"^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9]{1,60}\.)+[a-z][a-z0-9]{1,60}$"
_AMOUNT = r"^(?:-?[0-9]{1,12}(?:[.,][0-9]{1,2})?|[0-9]{1,3}(?:\.[0-9]{3}){1,3})$"
_THOUSANDS = r"^[0-9]{1,3}(?:\.[0-9]{3})+$"
_STATED = {"estado": "service_state", "fecha_corte": "cut_off_date", "prorroga": "extension_until"}
_OF_ACCOUNT = {
    "cuenta": "account", "plan": "plan", "direccion_servicio": "service_address", **_STATED, "saldo": "balance",
}  # fmt: skip
_NAMES = {
    "primer_nombre": "first_name",
    "segundo_nombre": "second_name",
    "primer_apellido": "first_surname",
    "segundo_apellido": "second_surname",
}


def read_plain(lines: Sequence[str], numbers: Sequence[int], rules: Rules, separator: str) -> tuple[Batch, list[int]]:
    """The plain ones of these lines (without their ends; each has as many cells as there are columns), and the places
    in `lines` of all others."""
    cells = _cut(lines, numbers, rules, separator)
    return _Plain(cells, rules).batch()


def _cut(lines: Sequence[str], numbers: Sequence[int], rules: Rules, separator: str) -> pl.DataFrame:
    names = [f"{place}" for place in range(len(rules.columns))]
    cut = pl.read_csv(
        BytesIO("\n".join(lines).encode()),
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


class _Plain:
    """One frame of cells being read; `ok` says which rows are plain as far as was looked."""

    def __init__(self, cells: pl.DataFrame, rules: Rules) -> None:
        fields = [field for field in rules.columns if field]
        long = (
            pl.any_horizontal(pl.col(field).str.len_chars() > MAX_TEXT for field in fields) if fields else pl.lit(True)
        )
        self.ok = cells.select(~pl.col("odd") & ~long.fill_null(False)).to_series()
        self.cells = cells.with_columns(pl.col(fields).replace("", None)) if fields else cells
        self.rules = rules
        self.fields = set(fields)
        self.nothing = pl.Series([None] * cells.height, dtype=pl.String)

    def batch(self) -> tuple[Batch, list[int]]:
        rows: dict[str, Any] = dict.fromkeys(ROW, self.nothing)
        rows["row_number"] = self.cells["row_number"]
        rows["again"] = pl.Series([False]).new_from_index(0, self.cells.height)
        rows["document_type"] = self._by_value("tipo_documento", values.read_document_type).fill_null("")
        rows["document"] = self._document().fill_null("")
        rows |= self._names(rows["document"])
        rows["birth_date"] = self._date("fecha_nacimiento")
        rows["sex"], rows["city"] = self._text("sexo"), self._text("ciudad")
        rows["custom"] = self._custom()
        for field, name in _OF_ACCOUNT.items():
            rows[name] = self._text(field)
        rows["service_state"] = self._by_value("estado", lambda text: str(values.read_state(text)))
        rows["cut_off_date"], rows["extension_until"] = self._date("fecha_corte"), self._date("prorroga")
        rows["balance"] = self._amount()
        accounts = [rows[name].is_not_null() for name in _OF_ACCOUNT.values()]
        rows["has_account"] = pl.select(pl.any_horizontal(accounts)).to_series()
        points = self._points()
        rows["key"] = self._key(rows, points)
        frame = pl.DataFrame({name: rows[name].alias(name) for name in ROW}, schema=ROW)
        kept = frame.filter(self.ok)
        left = self.ok.not_().arg_true().to_list()
        plain = points.filter(pl.col("row_number").is_in(kept["row_number"].implode()))
        return Batch(kept, _placed(plain)), left

    def _cell(self, field: str) -> pl.Series:
        return self.cells[field] if field in self.fields else self.nothing

    def _text(self, field: str) -> pl.Series:
        return self._cell(field).str.replace_all(" +", " ")

    def _only(self, good: pl.Series) -> None:
        """Rows where this is known not to hold are left to the other reading; empty cells hold."""
        self.ok &= good.fill_null(True)

    def _by_value(self, field: str, read: Callable[[str], str]) -> pl.Series:
        """For columns whose cells repeat: each different one is read once."""
        cells = self._cell(field)
        found: dict[str, str | None] = {}
        for value in cells.drop_nulls().unique().to_list():
            try:
                found[value] = read(value)
            except ValueError:
                found[value] = None
        answer = cells.replace_strict(found, default=None, return_dtype=pl.String) if found else self.nothing
        self._only(cells.is_null() | answer.is_not_null())
        return answer

    def _date(self, field: str) -> pl.Series:
        return self._by_value(field, lambda text: values.read_date(text, self.rules.dates).isoformat())

    def _document(self) -> pl.Series:
        cells = self._cell("documento")
        self._only(cells.str.contains(_DOCUMENT))
        return cells.str.replace_all(".", "", literal=True)

    def _names(self, document: pl.Series) -> dict[str, pl.Series]:
        if "nombre" in self.fields:
            # A cell with a whole name goes before those with its parts.
            whole = self._text("nombre")
            self._only(whole.is_not_null() | (not self.fields & set(_NAMES)))
            split = [values.split_name(text) if text else (None,) * 4 for text in whole.to_list()]
            columns = zip(*split, strict=True) if split else [()] * 4
            parts = {
                name: pl.Series(name, column, dtype=pl.String)
                for name, column in zip(_NAMES.values(), columns, strict=True)
            }
        else:
            parts = {name: self._text(field).alias(name) for field, name in _NAMES.items()}
        made = pl.DataFrame({**parts, "document": document}).select(
            pl.col(list(parts)),
            full_name=_joined(pl.col(name) for name in parts),
            sort_key=_joined(
                _spanish(pl.col(name)) for name in ("first_surname", "second_surname", "first_name", "second_name")
            ),
        )
        folded = pl.DataFrame([made["full_name"], document.alias("document")])
        search = folded.select(
            (_folded(pl.col("full_name")) + " " + _folded(pl.col("document"))).str.strip_chars(" ")
        ).to_series()
        return {name: made[name] for name in made.columns} | {"search_key": search}

    def _custom(self) -> pl.Series:
        named = [field for field in self.rules.columns if field.startswith(CUSTOM)]
        if not named:
            return pl.Series(["{}"]).new_from_index(0, self.cells.height)
        keys = [field.removeprefix(CUSTOM) for field in named]
        rows = self.cells.select(named).iter_rows()
        filled = ({key: cell for key, cell in zip(keys, row, strict=True) if cell is not None} for row in rows)
        return pl.Series([orjson.dumps(one).decode() for one in filled], dtype=pl.String)

    def _amount(self) -> pl.Series:
        cells = self._cell("saldo")
        self._only(cells.str.contains(_AMOUNT))
        then = pl.when(pl.col("saldo").str.contains(_THOUSANDS)).then(
            pl.col("saldo").str.replace_all(".", "", literal=True)
        )
        amount: pl.Expr = then.otherwise(pl.col("saldo").str.replace_all(",", ".", literal=True))
        return pl.DataFrame({"saldo": cells}).select(amount).to_series()

    def _points(self) -> pl.DataFrame:
        plan = home_plan(self.rules.region)
        found = [self._phones(field, plan) for field in PHONES if field in self.fields]
        if "correo" in self.fields:
            mail = self._cell("correo").str.to_lowercase()
            self._only(mail.str.contains(_EMAIL) & (mail.str.len_chars() <= 64))
            found.append(self._contacts("correo", mail, pl.lit("email")))
        if "direccion" in self.fields:
            found.append(self._contacts("direccion", self._text("direccion"), pl.lit("address")))
        if not found:
            return pl.DataFrame(schema=POINT)
        points = pl.concat([frame.with_columns(place=pl.lit(place)) for place, frame in enumerate(found)])
        return points.filter(pl.col("value").is_not_null()).select(
            "row_number", "kind", "value", pl.col("place").cast(pl.Int64), "field"
        )

    def _contacts(self, field: str, cells: pl.Series, kind: pl.Expr) -> pl.DataFrame:
        frame = pl.DataFrame({"row_number": self.cells["row_number"], "value": cells})
        return frame.with_columns(kind=kind, field=pl.lit(field))

    def _phones(self, field: str, plan: HomePlan | None) -> pl.DataFrame:
        """Home numbers as `HomePlan.read` reads them."""
        cells = self._cell(field)
        if plan is None:
            self._only(cells.is_null())
            return self._contacts(field, self.nothing, pl.lit("mobile"))
        digits = cells.str.replace_all(r"[ \-.()]", "")
        length = digits.str.len_chars()

        def of(pattern: Any, lengths: frozenset[int]) -> pl.Series:
            return digits.str.contains(f"^(?:{pattern.pattern})$") & length.is_in(sorted(lengths))

        by_kind = {str(kind): lengths for kind, lengths in plan.lengths.items()}
        mobile, landline = of(plan.mobile, by_kind["mobile"]), of(plan.landline, by_kind["landline"])
        plain = digits.str.contains("^[0-9]+$") & ~digits.str.contains(f"^(?:{plan.not_plain.pattern})")
        self._only(plain & (mobile != landline))
        kind = pl.DataFrame({"mobile": mobile}).select(
            pl.when(pl.col("mobile")).then(pl.lit("mobile")).otherwise(pl.lit("landline"))
        )
        return self._contacts(field, f"+{plan.code}" + digits, pl.lit(kind.to_series()))

    def _key(self, rows: dict[str, pl.Series], points: pl.DataFrame) -> pl.Series:
        """The key of each row; rows with an incomplete one, or about nobody, are left out."""
        phones = self._first(points.filter(pl.col("kind").is_in(["mobile", "landline"])))
        parts = {
            "document_type": rows["document_type"],
            "document": rows["document"],
            "account": rows["account"].fill_null(""),
            "phone": phones,
            "email": self._first(points.filter(pl.col("kind") == "email")),
        }
        self._only((rows["document"] != "") | (rows["full_name"] != "") | (phones != ""))
        for word in self.rules.key:
            if word != "document_type":
                self._only(parts[word] != "")
        named = pl.DataFrame({word: parts[word] for word in self.rules.key})
        return named.select(pl.concat_str(list(self.rules.key), separator="|")).to_series()

    def _first(self, points: pl.DataFrame) -> pl.Series:
        first = points.unique("row_number", keep="first", maintain_order=True).select("row_number", "value")
        rows = self.cells.select("row_number").join(first, "row_number", how="left", maintain_order="left")
        return rows["value"].fill_null("")


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


def _placed(points: pl.DataFrame) -> pl.DataFrame:
    """Each datum once for its row, numbered from 0."""
    once = points.sort("row_number", "place", maintain_order=True).unique(
        ["row_number", "kind", "value"], keep="first", maintain_order=True
    )
    place = pl.int_range(pl.len(), dtype=pl.Int64).over("row_number")
    return once.with_columns(place=place).select(list(POINT))

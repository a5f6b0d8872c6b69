"""The contact points of many customers at once: home phones, mail addresses, postal addresses."""

from __future__ import annotations

from typing import Any

import polars as pl

from ....models.contact.channels import PHONES, ContactKind
from ....models.customers.fields import CONTACT_FIELDS, Kind
from ....models.customers.lines import MARKS
from ....models.customers.national_numbers import HomePlan, home_plan
from ....models.customers.phones import read_phone
from ....models.customers.written_phones import is_bare
from .parsed_rows import POINT
from .plain_cells import PlainCells

_EMAIL = r"^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9]{1,60}\.)+[a-z][a-z0-9]{1,60}$"
_KINDS = {Kind.PHONE: 0, Kind.EMAIL: 1, Kind.ADDRESS: 2}  # phones come first, as in the parser of single rows


def contact_points(cells: PlainCells) -> pl.DataFrame:
    """The points in the order of the fields, as `POINT` says; a value may stand twice in its row."""
    plan = home_plan(cells.rules.region)
    found: list[pl.DataFrame] = []
    for field in sorted(CONTACT_FIELDS, key=lambda field: _KINDS[field.kind]):
        if field.name not in cells.fields:
            continue
        if field.kind is Kind.PHONE:
            found.append(_phones(cells, field.name, plan))
        elif field.kind is Kind.EMAIL:
            found.append(_emails(cells, field.name))
        else:
            found.append(_points(cells, field.name, cells.text(field.name), pl.lit(ContactKind.ADDRESS.value)))
    if not found:
        return pl.DataFrame(schema=POINT)
    points = pl.concat([frame.with_columns(place=pl.lit(place)) for place, frame in enumerate(found)])
    nothing = pl.lit(None, pl.String)
    return points.filter(pl.col("value").is_not_null()).select(
        "row_number", "kind", "value", pl.col("place").cast(pl.Int64), "field", label=nothing, extension=nothing
    )


def once_each(points: pl.DataFrame) -> pl.DataFrame:
    """Each point once for its row, numbered from 0."""
    phone = pl.col("kind").is_in(list(PHONES))
    same = pl.when(phone).then(lines_of(pl.col("value"))).otherwise(pl.col("value"))
    sort = pl.when(phone).then(pl.lit("phone")).otherwise(pl.col("kind"))
    once = (
        points.sort("row_number", "place", maintain_order=True)
        .with_columns(same=same, sort=sort)
        .unique(["row_number", "sort", "same"], keep="first", maintain_order=True)
    )
    place = pl.int_range(pl.len(), dtype=pl.Int64).over("row_number")
    return once.with_columns(place=place).select(list(POINT))


def _points(cells: PlainCells, name: str, values: pl.Series, kind: pl.Expr) -> pl.DataFrame:
    frame = pl.DataFrame({"row_number": cells.numbers, "value": values})
    return frame.with_columns(kind=kind, field=pl.lit(name))


def _emails(cells: PlainCells, name: str) -> pl.DataFrame:
    mail = cells.cell(name).str.to_lowercase()
    cells.only(mail.str.contains(_EMAIL) & (mail.str.len_chars() <= 64))
    return _points(cells, name, mail, pl.lit(ContactKind.EMAIL.value))


def lines_of(values: pl.Expr) -> pl.Expr:
    """The lines of a column of phones, as `line_of` says them of one."""
    for mark, without in MARKS:
        line = pl.lit(without) + values.str.strip_prefix(mark)
        values = pl.when(values.str.starts_with(mark)).then(line).otherwise(values)
    return values


def _phones(cells: PlainCells, name: str, plan: HomePlan | None) -> pl.DataFrame:
    """Plain home numbers by the plan's patterns, all at once; each other one is read by itself.

    A cell in which more stands than one number is left to the parser of single rows.
    """
    raw = cells.cell(name)
    frame = pl.DataFrame({"row_number": cells.numbers, "raw": raw, "field": name})
    read = _home_numbers(raw, plan) if plan else {"value": cells.nothing, "kind": cells.nothing}
    frame = frame.with_columns(**read)
    odd = frame.filter(pl.col("value").is_null() & pl.col("raw").is_not_null())["raw"].unique().to_list()
    phones = [(text, read_phone.__wrapped__(text, cells.rules.region)) for text in odd if is_bare(text)]
    found = [(text, phone.value, phone.kind.value) for text, phone in phones if phone]
    if found:
        texts = pl.DataFrame(found, ["raw", "other", "sort"], orient="row")
        frame = frame.join(texts, "raw", how="left", maintain_order="left").with_columns(
            value=pl.coalesce("value", "other"), kind=pl.coalesce("kind", "sort")
        )
    cells.only(frame["value"].is_not_null() | raw.is_null())
    return frame.select("row_number", "value", "kind", "field")


def _home_numbers(raw: pl.Series, plan: HomePlan) -> dict[str, pl.Series]:
    """Values and kinds of what `HomePlan.read` reads, nothing of all others."""
    digits = raw.str.replace_all(r"[ \-.()]", "")
    length = digits.str.len_chars()

    def of(pattern: Any, lengths: frozenset[int]) -> pl.Series:
        return digits.str.contains(f"^(?:{pattern.pattern})$") & length.is_in(sorted(lengths))

    by_kind = {str(kind): lengths for kind, lengths in plan.lengths.items()}
    mobile, landline = of(plan.mobile, by_kind["mobile"]), of(plan.landline, by_kind["landline"])
    plain = digits.str.contains("^[0-9]+$") & ~digits.str.contains(f"^(?:{plan.not_plain.pattern})")
    one = pl.DataFrame({"digits": digits, "mobile": mobile, "good": plain & (mobile != landline)})
    kind = pl.when(pl.col("mobile")).then(pl.lit("mobile")).otherwise(pl.lit("landline"))
    found = one.select(value=pl.when("good").then(f"+{plan.code}" + pl.col("digits")), kind=pl.when("good").then(kind))
    return {"value": found["value"], "kind": found["kind"]}

"""How an upload reads with the options it has now: its columns, the first rows, words with marks. Nothing is stored."""

from __future__ import annotations

from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from ....models.bases.upload import Upload
from ....models.customers.fields import CITY, FIELDS, Kind
from ....models.rows.values import Row
from ...work import House
from ..file.columns import tickable
from ..file.delimited import Place, Reader, Record, in_ascii_bytes
from ..file.dialect import accents
from ..file.letters import shown_line
from ..file.reasons import Defect, Reason
from ..file.scan import HEAD, FileScan
from ..rows.area_codes import knows_cities
from ..rows.parse_rules import ParseRules, parse_rules
from ..rows.row_parser import Outcome, parse_row
from ..store.staging import Mode
from .understood import understood

SHOWN = 6
TOP = 30  # rows among which the header may be chosen
DATES = frozenset(field.name for field in FIELDS if field.kind is Kind.DATE)
TRIED = 200  # rows looked at for columns that may be wrong


class PreviewCell(Row):
    """A cell, the code of what is wrong with it, and what it is taken for."""

    text: str
    wrong: str | None
    read: str  # as it is understood, where that is not what stands there


class PreviewRow(Row):
    """One of the first rows; `wrong` is the code of what refuses it as a whole."""

    number: int
    cells: list[PreviewCell]
    wrong: str | None


class PreviewColumn(Row):
    """A column: its name in the file, the field chosen, in how many of the first rows it is wrong, how dates stand."""

    name: str
    field: str
    wrong: int
    dates: str  # the order of its dates; "" when it holds none


class TopRow(Row):
    """One of the rows among which the header is: its number, and its filled cells."""

    number: int
    text: str


class FilePreview(Row):
    """An upload as it reads now. `accents` are words with marks that show whether the encoding is right."""

    encoding: str
    separator: str
    doubtful: bool  # its letters make no words: the encoding must be said
    header: bool
    header_row: int
    top: list[TopRow]
    dates: str
    refuse: list[str]  # reasons that refuse their rows
    key: list[str]
    area_code: str
    by_city: bool  # whether indicativos by city are known here
    no_area_code: int  # landlines without one among the first rows
    no_area_code_example: str
    mode: str
    kept: list[str]
    tickable: list[str]
    other_key: bool
    guessed: bool
    accents: list[str]
    workbook: bool
    sheets: list[str]  # of a workbook: those with rows
    sheet: str  # the one asked for; "" = the likeliest
    sheets_read: list[str]
    sheets_left: list[str]
    columns: list[PreviewColumn]
    rows: list[PreviewRow]


def preview(upload: Upload, house: House, today: date) -> FilePreview:
    """Read the beginning of the file. Raises FileNotFoundError."""
    options, path = upload.options, Path(house.data_dir) / upload.path
    rules = parse_rules(options, house.region, today)
    records = _first_records(path, options)
    outcomes = [parse_row(record, rules) for record in records if record.number >= _first_data(options)][:TRIED]
    bare = _without_area_code(outcomes)
    sheets, read = options.get("sheets", []), options.get("sheets_read", [])
    return FilePreview(
        **{name: options[name] for name in ("encoding", "separator", "header", "dates", "key", "area_code")},
        doubtful=options.get("doubtful", False),
        header_row=options.get("header_row", 1),
        top=_top(records),
        refuse=options.get("refuse", []),
        by_city=knows_cities(house.region) and CITY in options["columns"],
        no_area_code=len(bare),
        no_area_code_example=bare[0].value if bare else "",
        mode=options.get("mode", Mode.BOTH),
        kept=options.get("kept", []),
        tickable=tickable(options["columns"], options["key"]),
        other_key=options.get("other_key", False),
        guessed=all(options[name] == value for name, value in options["guessed"].items()),
        workbook=options.get("workbook", False),
        sheets=sheets,
        sheet=options.get("sheet", ""),
        sheets_read=read,
        sheets_left=[name for name in sheets if name not in read],
        accents=_accents(path, options),
        columns=_columns(options, rules, outcomes),
        rows=[_row(outcome, rules) for outcome in outcomes[:SHOWN]],
    )


def _first_data(options: dict[str, Any]) -> int:
    return int(options.get("header_row", 1)) + int(options["header"])


def _top(records: list[Record]) -> list[TopRow]:
    """The first rows of the file, to choose the header among them."""
    shown = [(record.number, [cell.strip() for cell in record.cells if cell.strip()]) for record in records[:TOP]]
    return [TopRow(number=number, text="; ".join(cells)[:60]) for number, cells in shown]


def _columns(options: dict[str, Any], rules: ParseRules, outcomes: list[Outcome]) -> list[PreviewColumn]:
    wrong = [defect.column for outcome in outcomes for defect in outcome.defects]
    return [
        PreviewColumn(
            name=name,
            field=field,
            wrong=wrong.count(place),
            dates=rules.order_of(place) if field in DATES else "",
        )
        for place, (name, field) in enumerate(zip(options["names"], options["columns"], strict=True))
    ]


def _without_area_code(outcomes: list[Outcome]) -> list[Defect]:
    return [defect for outcome in outcomes for defect in outcome.defects if defect.reason is Reason.NO_AREA_CODE]


def look_again(path: Path, options: dict[str, Any]) -> FileScan:
    """What was seen when the file came, as far as its options still need it. Raises FileNotFoundError."""
    with path.open("rb") as file:
        return FileScan(size=path.stat().st_size, lines=options["lines"], head=file.read(HEAD))


def _first_records(path: Path, options: dict[str, Any]) -> list[Record]:
    """The first rows that are not blank, those above the header too."""
    path, encoding = in_ascii_bytes(path, options["encoding"])
    with path.open("rb") as file:
        records = Reader(file, encoding, options["separator"]).records(Place())
        return list(islice((record for record in records if not record.blank), TRIED + TOP))


def _accents(path: Path, options: dict[str, Any]) -> list[str]:
    lines = [shown_line(line.encode("latin-1"), options["encoding"]) for line in options["accented"]]
    if options["encoding"].startswith("utf-16") or not lines:
        with path.open("rb") as file:
            lines = file.read(HEAD).decode(options["encoding"], "replace").splitlines()
    return accents(lines)


def _row(outcome: Outcome, rules: ParseRules) -> PreviewRow:
    wrong = {defect.column: defect.reason.value for defect in outcome.defects}
    width = len(rules.columns)
    cells = [*outcome.record.cells, *[""] * width][:width]
    shown = [
        PreviewCell(text=cell.strip()[:120], wrong=wrong.get(place), read=understood(outcome, rules, place))
        for place, cell in enumerate(cells)
    ]
    return PreviewRow(number=outcome.record.number, cells=shown, wrong=wrong.get(-1))

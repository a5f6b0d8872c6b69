"""How an upload reads with the options it has now: its columns, the first rows, words with marks. Nothing is stored."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from ....models.bases.upload import Upload
from ....models.customers.fields import CITY
from ....models.rows.values import Row
from ..file.columns import tickable
from ..file.delimited import Place, Reader, Record, in_ascii_bytes
from ..file.dialect import accents
from ..file.reasons import Defect, Reason
from ..file.scan import HEAD, FileScan
from ..rows.area_codes import knows_cities
from ..rows.row_parser import Outcome, parse_row, parse_rules
from ..store.staging import Mode

SHOWN = 6
TRIED = 200  # rows looked at for columns that may be wrong


class PreviewCell(Row):
    """A cell, and the code of what is wrong with it."""

    text: str
    wrong: str | None


class PreviewRow(Row):
    """One of the first rows; `wrong` is the code of what refuses it as a whole."""

    number: int
    cells: list[PreviewCell]
    wrong: str | None


class PreviewColumn(Row):
    """A column: its name in the file, the field chosen, and in how many of the first rows it is wrong."""

    name: str
    field: str
    wrong: int


class FilePreview(Row):
    """An upload as it reads now. `accents` are words with marks that show whether the encoding is right."""

    encoding: str
    separator: str
    header: bool
    dates: str
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
    sheets_left: list[str]  # of a workbook: sheets with rows that are not read
    columns: list[PreviewColumn]
    rows: list[PreviewRow]


def preview(upload: Upload, data_dir: Path, region: str) -> FilePreview:
    """Read the beginning of the file. Raises FileNotFoundError."""
    options = upload.options
    outcomes = [
        parse_row(record, parse_rules(options, region)) for record in _first_records(data_dir / upload.path, options)
    ]
    wrong = [defect.column for outcome in outcomes for defect in outcome.defects]
    bare = _without_area_code(outcomes)
    names, fields = options["names"], options["columns"]
    return FilePreview(
        **{name: options[name] for name in ("encoding", "separator", "header", "dates", "key", "area_code")},
        by_city=knows_cities(region) and CITY in options["columns"],
        no_area_code=len(bare),
        no_area_code_example=bare[0].value if bare else "",
        mode=options.get("mode", Mode.BOTH),
        kept=options.get("kept", []),
        tickable=tickable(options["columns"], options["key"]),
        other_key=options.get("other_key", False),
        guessed=all(options[name] == value for name, value in options["guessed"].items()),
        sheets_left=options.get("sheets_left", []),
        accents=_accents(data_dir / upload.path, options),
        columns=[
            PreviewColumn(name=name, field=fields[place], wrong=wrong.count(place)) for place, name in enumerate(names)
        ],
        rows=[_row(outcome, len(names)) for outcome in outcomes[:SHOWN]],
    )


def _without_area_code(outcomes: list[Outcome]) -> list[Defect]:
    return [defect for outcome in outcomes for defect in outcome.defects if defect.reason is Reason.NO_AREA_CODE]


def look_again(path: Path, options: dict[str, Any]) -> FileScan:
    """What was seen when the file came, as far as its options still need it. Raises FileNotFoundError."""
    with path.open("rb") as file:
        return FileScan(size=path.stat().st_size, lines=options["lines"], head=file.read(HEAD))


def _first_records(path: Path, options: dict[str, Any]) -> list[Record]:
    path, encoding = in_ascii_bytes(path, options["encoding"])
    with path.open("rb") as file:
        records = Reader(file, encoding, options["separator"]).records(Place())
        filled = (record for record in records if not record.blank)
        return list(islice(filled, int(options["header"]), int(options["header"]) + TRIED))


def _accents(path: Path, options: dict[str, Any]) -> list[str]:
    lines = [line.encode("latin-1").decode(options["encoding"], "replace") for line in options["accented"]]
    if options["encoding"].startswith("utf-16") or not lines:
        with path.open("rb") as file:
            lines = file.read(HEAD).decode(options["encoding"], "replace").splitlines()
    return accents(lines)


def _row(outcome: Outcome, width: int) -> PreviewRow:
    wrong = {defect.column: defect.reason.value for defect in outcome.defects}
    cells = [*outcome.record.cells, *[""] * width][:width]
    shown = [PreviewCell(text=cell.strip()[:120], wrong=wrong.get(place)) for place, cell in enumerate(cells)]
    return PreviewRow(number=outcome.record.number, cells=shown, wrong=wrong.get(-1))

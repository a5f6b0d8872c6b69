"""A row of a file becomes a customer, or the reasons why not (S4-02).

Whatever is wrong refuses the row, so that nobody believes stored what is not; only the second and third phone are left
out with a warning when another datum of contact is good, because losing the customer would be worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ....models.contact.channels import ContactKind
from ....models.customers.documents import clean_account, read_document
from ....models.customers.fields import (
    ACCOUNT_FIELDS,
    CITY,
    CONTACT_FIELDS,
    CUSTOM,
    CUSTOMER_FIELDS,
    DOCUMENT,
    FIELDS,
    MAY_BE_EMPTY_IN_KEY,
    NAME_PARTS,
    PHONES,
    WHOLE_NAME,
    Kind,
)
from ....models.customers.lines import line_of
from ....models.customers.phones import Phone, is_local_only, read_phone
from ....models.customers.written import SpoiltNumber, is_spoilt
from ..file.delimited import Record
from ..file.reasons import Defect, Reason
from . import cell_parsers
from .area_codes import BY_CITY, area_code_of

T = TypeVar("T")
MAX_TEXT = 500
_READERS: dict[Kind, tuple[Callable[[str], Any], Reason]] = {
    Kind.ACCOUNT: (clean_account, Reason.ACCOUNT),
    Kind.AMOUNT: (cell_parsers.read_amount, Reason.AMOUNT),
    Kind.SERVICE_STATE: (cell_parsers.read_state, Reason.SERVICE_STATE),
    Kind.EMAIL: (cell_parsers.read_email, Reason.EMAIL),
}
# Worked out once: this is the slow way, and it is gone for every odd row.
_CUSTOMER = [(one.staged, one.name, one.kind) for one in CUSTOMER_FIELDS if one.name not in DOCUMENT]
_ACCOUNT = [(one.staged, one.name, one.kind) for one in ACCOUNT_FIELDS]
_OF_ACCOUNT = frozenset(one.name for one in ACCOUNT_FIELDS)
_NOTHING = {one.staged: "" if one.identity else None for one in CUSTOMER_FIELDS} | dict.fromkeys(
    one.staged for one in ACCOUNT_FIELDS
)
_KEY = {one.key: (one.name, one.kind, one.staged if one.identity else "") for one in FIELDS if one.key}


@dataclass(frozen=True, slots=True)
class ParseRules:
    """How rows of one upload are read."""

    columns: tuple[str, ...]  # the name of a field for each column, "" = not imported
    key: tuple[str, ...]  # words of `fields.KEY_FIELDS`
    dates: str
    region: str
    area_code: str = ""  # put before landlines that come without one; `BY_CITY`: that of the customer's city


@dataclass(slots=True)
class CustomerRow:
    """A customer as one row gives them.

    `data` are the fields' values by their staged columns. None = the file does not say, so what is stored stays.
    """

    number: int
    data: dict[str, Any] = field(default_factory=_NOTHING.copy)
    custom: dict[str, str] = field(default_factory=dict)
    points: list[tuple[ContactKind, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)  # the field of each point
    has_account: bool = False
    key: str = ""
    again: bool = False  # the same customer stands in an earlier row, with another account


@dataclass(slots=True)
class Outcome:
    """What became of one row of the file."""

    record: Record
    row: CustomerRow | None
    defects: list[Defect]


def parse_row(record: Record, rules: ParseRules) -> Outcome:
    """Check one row. `row` is None when a defect refuses it."""
    if record.flaw is not None:
        return Outcome(record, None, [Defect(record.flaw)])
    expected = len(rules.columns)
    if len(record.cells) < expected or any(cell.strip() for cell in record.cells[expected:]):
        return Outcome(record, None, [Defect(Reason.COLUMN_COUNT, value=f"{len(record.cells)} / {expected}")])
    parser = _RowParser(record, rules)
    row = parser.customer()
    refused = any(defect.refuses for defect in parser.defects)
    return Outcome(record, None if refused else row, parser.defects)


class _RowParser:
    """One row being read; collects its defects."""

    def __init__(self, record: Record, rules: ParseRules) -> None:
        self.rules = rules
        self.number = record.number
        self.defects: list[Defect] = []
        self.cells: dict[str, tuple[int, str]] = {}
        for place, (name, cell) in enumerate(zip(rules.columns, record.cells, strict=False)):
            if name and (text := cell.strip()):
                self.cells[name] = (place, text)
                if len(text) > MAX_TEXT:
                    self.defects.append(Defect(Reason.TEXT_TOO_LONG, place, text[:60]))

    def customer(self) -> CustomerRow:
        row = CustomerRow(self.number)
        row.data |= self._document()
        self._fill(row, _CUSTOMER)
        row.data |= self._names()
        row.custom = {n.removeprefix(CUSTOM): v for n, (_, v) in self.cells.items() if n.startswith(CUSTOM)}
        self._points(row)
        self._fill(row, _ACCOUNT)
        row.has_account = not _OF_ACCOUNT.isdisjoint(self.cells)
        self._identify(row)
        return row

    def _fill(self, row: CustomerRow, columns: Sequence[tuple[str, str, Kind]]) -> None:
        """Put into the row what the cells of these fields say."""
        for column, name, kind in columns:
            if name in self.cells and (value := self._value(name, kind)) is not None:
                row.data[column] = value

    def _value(self, name: str, kind: Kind) -> Any:
        """What a cell says; None when it is a defect."""
        if kind in _READERS:
            return self._read(name, *_READERS[kind])
        if kind is Kind.DATE:
            return self._read(name, lambda text: cell_parsers.read_date(text, self.rules.dates), Reason.DATE)
        return self._text(name)

    def _text(self, name: str) -> str | None:
        return " ".join(self.cells[name][1].split()) if name in self.cells else None

    def _read(self, name: str, read: Callable[[str], T], reason: Reason) -> T | None:
        if name not in self.cells:
            return None
        place, text = self.cells[name]
        try:
            return read(text)
        except SpoiltNumber:
            self.defects.append(Defect(Reason.SPOILT, place, text[:60]))
            return None
        except ValueError:
            self.defects.append(Defect(reason, place, text[:60]))
            return None

    def _document(self) -> dict[str, str]:
        """The document with its type, which may stand in either cell."""
        kind, number = DOCUMENT
        given = self.cells[kind][1] if kind in self.cells else ""
        if number not in self.cells:
            return {"document_type": read_document(given, "", self.rules.region)[0]}
        both = self._read(number, lambda text: read_document(given, text, self.rules.region), Reason.DOCUMENT)
        return dict(zip(("document_type", "document"), both, strict=True)) if both else {}

    def _names(self) -> dict[str, str]:
        """The parts of a whole name, which goes before cells with its parts."""
        whole = self._text(WHOLE_NAME)
        return {} if whole is None else dict(zip(NAME_PARTS, cell_parsers.split_name(whole), strict=True))

    def _points(self, row: CustomerRow) -> None:
        bad: list[Defect] = []
        for one in CONTACT_FIELDS:
            if one.kind is Kind.PHONE and one.name in self.cells:
                place, text = self.cells[one.name]
                phone = self._phone(text)
                if isinstance(phone, Phone):
                    self._add(row, (phone.kind, phone.value), one.name)
                else:
                    bad.append(Defect(phone, place, text[:60]))
            elif one.kind is Kind.EMAIL and (email := self._read(one.name, *_READERS[one.kind])):
                self._add(row, (ContactKind.EMAIL, email), one.name)
        # A further phone that is no good costs only itself when the customer can still be reached.
        for defect in bad:
            extra = self.rules.columns[defect.column] != PHONES[0] and bool(row.points)
            self.defects.append(Defect(Reason.EXTRA_PHONE, defect.column, defect.value) if extra else defect)
        for one in CONTACT_FIELDS:
            if one.kind is Kind.ADDRESS and (address := self._text(one.name)):
                self._add(row, (ContactKind.ADDRESS, address), one.name)

    def _add(self, row: CustomerRow, point: tuple[ContactKind, str], name: str) -> None:
        if _same(point) not in map(_same, row.points):
            row.points.append(point)
            row.sources.append(name)

    def _phone(self, text: str) -> Phone | Reason:
        phone = read_phone(text, self.rules.region)
        if phone is None and is_spoilt(text):
            return Reason.SPOILT
        if phone is None and is_local_only(text, self.rules.region):
            code = self._area_code()
            phone = read_phone(code + text, self.rules.region) if code else None
            return phone or Reason.NO_AREA_CODE
        return phone or Reason.PHONE

    def _area_code(self) -> str | None:
        if self.rules.area_code == BY_CITY:
            return area_code_of(self._text(CITY) or "", self.rules.region)
        return self.rules.area_code

    def _identify(self, row: CustomerRow) -> None:
        phones = [line_of(value) for kind, value in row.points if kind.is_phone]
        emails = [value for kind, value in row.points if kind is ContactKind.EMAIL]
        if not (row.data["document"] or any(row.data[name] for name in NAME_PARTS) or phones):
            self.defects.append(Defect(Reason.NOBODY))
        contacts = {Kind.PHONE: phones, Kind.EMAIL: emails}
        parts: list[str] = []
        told = any(defect.refuses for defect in self.defects)
        for word in self.rules.key:
            name, kind, column = _KEY[word]
            part = row.data[column] or "" if column else next(iter(contacts[kind]), "")
            parts.append(part)
            if not part and word not in MAY_BE_EMPTY_IN_KEY and not told:
                reason = Reason.NO_DOCUMENT if kind is Kind.DOCUMENT else Reason.INCOMPLETE_KEY
                self.defects.append(Defect(reason, self._column_of(name)))
        row.key = "|".join(parts)

    def _column_of(self, name: str) -> int:
        return self.rules.columns.index(name) if name in self.rules.columns else -1


def _same(point: tuple[ContactKind, str]) -> tuple[str, str]:
    """What two spellings of one datum have in common."""
    kind, value = point
    return ("phone", line_of(value)) if kind.is_phone else (kind.value, value)


def parse_rules(options: dict[str, Any], region: str) -> ParseRules:
    """The rules that a job's options stand for."""
    columns: Sequence[str] = options["columns"]
    return ParseRules(tuple(columns), tuple(options["key"]), options["dates"], region, options.get("area_code", ""))

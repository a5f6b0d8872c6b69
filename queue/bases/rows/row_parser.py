"""A row of a file becomes a customer, or the reasons why not (S4-02).

What is wrong in a cell that says who the row is about refuses it. Any other cell that cannot be read is left out with a
warning, because losing the customer would be worse, unless its reason is one that was chosen to refuse rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ....models.contact.channels import ContactKind
from ....models.customers.documents import clean_account, read_document
from ....models.customers.fields import (
    ACCOUNT_FIELDS,
    BIRTH,
    CITY,
    CONTACT_FIELDS,
    CUSTOM,
    CUSTOMER_FIELDS,
    DOCUMENT,
    FIELDS,
    MAY_BE_EMPTY_IN_KEY,
    NAME_PARTS,
    WHOLE_NAME,
    Kind,
)
from ....models.customers.lines import line_of
from ....models.customers.phones import Phone, is_local_only, read_phone
from ....models.customers.written import SpoiltNumber, is_spoilt
from ....models.customers.written_phones import read_phones
from ..file.dates import OutOfRange, read_date
from ..file.delimited import Record
from ..file.reasons import Defect, Reason
from . import cell_parsers
from .amounts import read_amount
from .area_codes import BY_CITY, area_code_of
from .names import split_name
from .parse_rules import ParseRules
from .placeholders import is_placeholder

T = TypeVar("T")
MAX_TEXT = 500
_BARE = ("", "")
_READERS: dict[Kind, tuple[Callable[[str], Any], Reason]] = {
    Kind.ACCOUNT: (clean_account, Reason.ACCOUNT),
    Kind.AMOUNT: (read_amount, Reason.AMOUNT),
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
    notes: list[tuple[str, str]] = field(default_factory=list)  # the label and the extension of each point
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
    if any(cell.strip() for cell in record.cells[expected:]):  # those missing at its end are empty
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
            if name and (text := cell.strip()) and not is_placeholder(text):
                if len(text) > MAX_TEXT:
                    self._wrong(Reason.TEXT_TOO_LONG, place, text)
                else:
                    self.cells[name] = (place, text)

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

    def _wrong(self, reason: Reason, place: int, text: str) -> None:
        """Take down what is wrong with a cell."""
        refuses = self.rules.identifies(self.rules.columns[place]) or reason in self.rules.refuse
        self.defects.append(Defect(reason, place, text[:60], warning=not refuses))

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
            order, birth = self.rules.order_of(self.cells[name][0]), name == BIRTH
            return self._read(name, lambda text: read_date(text, order, self.rules.today, birth=birth), Reason.DATE)
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
            self._wrong(Reason.SPOILT, place, text)
        except OutOfRange:
            self._wrong(Reason.DATE_RANGE, place, text)
        except ValueError:
            self._wrong(reason, place, text)
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
        return {} if whole is None else dict(zip(NAME_PARTS, split_name(whole, self.rules.turned), strict=True))

    def _points(self, row: CustomerRow) -> None:
        for one in CONTACT_FIELDS:
            if one.kind is Kind.PHONE and one.name in self.cells:
                self._phones(row, one.name)
            elif one.kind is Kind.EMAIL and (email := self._read(one.name, *_READERS[one.kind])):
                self._add(row, (ContactKind.EMAIL, email), one.name)
        for one in CONTACT_FIELDS:
            if one.kind is Kind.ADDRESS and (address := self._text(one.name)):
                self._add(row, (ContactKind.ADDRESS, address), one.name)

    def _phones(self, row: CustomerRow, name: str) -> None:
        """Every phone of a cell; what is none is told by itself."""
        place, text = self.cells[name]
        if is_spoilt(text):
            self._wrong(Reason.SPOILT, place, text)
            return
        written = read_phones(text, self._phone)
        for one in written.phones:
            self._add(row, (one.phone.kind, one.phone.value), name, (one.label, one.extension))
        for part in written.wrong:
            self._wrong(self._why_no_phone(part), place, part)

    def _add(self, row: CustomerRow, point: tuple[ContactKind, str], name: str, note: tuple[str, str] = _BARE) -> None:
        if _same(point) not in map(_same, row.points):
            row.points.append(point)
            row.sources.append(name)
            row.notes.append(note)

    def _phone(self, text: str) -> Phone | None:
        phone = read_phone(text, self.rules.region)
        if phone is None and is_local_only(text, self.rules.region) and (code := self._area_code()):
            return read_phone(code + text, self.rules.region)
        return phone

    def _why_no_phone(self, text: str) -> Reason:
        return Reason.NO_AREA_CODE if is_local_only(text, self.rules.region) else Reason.PHONE

    def _area_code(self) -> str | None:
        if self.rules.area_code == BY_CITY:
            return area_code_of(self._text(CITY) or "", self.rules.region)
        return self.rules.area_code

    def _identify(self, row: CustomerRow) -> None:
        phones = [line_of(value) for kind, value in row.points if kind.is_phone]
        emails = [value for kind, value in row.points if kind is ContactKind.EMAIL]
        somebody = row.data["document"] or any(row.data[name] for name in NAME_PARTS) or phones
        if nobody := not somebody and not any(defect.refuses for defect in self.defects):
            self.defects.append(Defect(Reason.NOBODY))
        contacts = {Kind.PHONE: phones, Kind.EMAIL: emails}
        parts: list[str] = []
        told = {defect.column for defect in self.defects}
        for word in self.rules.key:
            name, kind, column = _KEY[word]
            part = row.data[column] or "" if column else next(iter(contacts[kind]), "")
            parts.append(part)
            place = self._column_of(name)
            if not (part or word in MAY_BE_EMPTY_IN_KEY or nobody or place in told):
                reason = Reason.NO_DOCUMENT if kind is Kind.DOCUMENT else Reason.INCOMPLETE_KEY
                self.defects.append(Defect(reason, place))
        row.key = "|".join(parts)

    def _column_of(self, name: str) -> int:
        return self.rules.columns.index(name) if name in self.rules.columns else -1


def _same(point: tuple[ContactKind, str]) -> tuple[str, str]:
    """What two spellings of one datum have in common."""
    kind, value = point
    return ("phone", line_of(value)) if kind.is_phone else (kind.value, value)

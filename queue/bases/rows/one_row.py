"""A row of a file becomes a customer, or the reasons why not (S4-02).

Whatever is wrong refuses the row, so that nobody believes stored what is not; only the second and third phone are left
out with a warning when another datum of contact is good, because losing the customer would be worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult

from ....models.contact.channels import ContactKind
from ....models.customers.fields import CUSTOM, PHONES
from ....models.customers.phones import Phone, read_phone
from ....models.customers.service_states import ServiceState
from ..file.delimited import Record
from ..file.reasons import Defect, Reason
from . import values
from .area_codes import BY_CITY, area_code_of

T = TypeVar("T")
MAX_TEXT = 500


@dataclass(frozen=True, slots=True)
class Rules:
    """How rows of one upload are read."""

    columns: tuple[str, ...]  # a field for each column, "" = not imported
    key: tuple[str, ...]  # words of `fields.KEY_FIELDS`
    dates: str
    region: str
    area_code: str = ""  # put before landlines that come without one; `BY_CITY`: that of the customer's city


@dataclass(slots=True)
class CustomerRow:
    """A customer as one row gives him. None = the file does not say, so what is stored stays as it is."""

    number: int
    document_type: str = ""
    document: str = ""
    names: tuple[str | None, str | None, str | None, str | None] = (None, None, None, None)
    birth_date: date | None = None
    sex: str | None = None
    city: str | None = None
    custom: dict[str, str] = field(default_factory=dict)
    points: list[tuple[ContactKind, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)  # the field of each point
    has_account: bool = False
    account: str | None = None
    plan: str | None = None
    service_address: str | None = None
    service_state: ServiceState | None = None
    cut_off_date: date | None = None
    extension_until: date | None = None
    balance: Decimal | None = None
    key: str = ""
    again: bool = False  # the same customer stands in an earlier row, with another account

    @property
    def identity(self) -> str:
        """What no other row of the file may repeat: the customer with the account."""
        return f"{self.key}\n{self.account or ''}"


@dataclass(slots=True)
class Outcome:
    """What became of one row of the file."""

    record: Record
    row: CustomerRow | None
    defects: list[Defect]


def read_row(record: Record, rules: Rules) -> Outcome:
    """Check one row. `row` is None when a defect refuses it."""
    if record.flaw is not None:
        return Outcome(record, None, [Defect(record.flaw)])
    expected = len(rules.columns)
    if len(record.cells) < expected or any(cell.strip() for cell in record.cells[expected:]):
        return Outcome(record, None, [Defect(Reason.COLUMN_COUNT, value=f"{len(record.cells)} / {expected}")])
    reading = _Reading(record, rules)
    row = reading.customer()
    refused = any(defect.refuses for defect in reading.defects)
    return Outcome(record, None if refused else row, reading.defects)


class _Reading:
    """One row being read; collects its defects."""

    def __init__(self, record: Record, rules: Rules) -> None:
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
        row.document_type = self._read("tipo_documento", values.read_document_type, Reason.DOCUMENT) or ""
        row.document = self._read("documento", values.read_document, Reason.DOCUMENT) or ""
        row.names = self._names()
        row.birth_date = self._date("fecha_nacimiento")
        row.sex = self._text("sexo")
        row.city = self._text("ciudad")
        row.custom = {n.removeprefix(CUSTOM): v for n, (_, v) in self.cells.items() if n.startswith(CUSTOM)}
        self._points(row)
        self._account(row)
        self._identify(row)
        return row

    def _text(self, name: str) -> str | None:
        return " ".join(self.cells[name][1].split()) if name in self.cells else None

    def _read(self, name: str, read: Callable[[str], T], reason: Reason) -> T | None:
        if name not in self.cells:
            return None
        place, text = self.cells[name]
        try:
            return read(text)
        except ValueError:
            self.defects.append(Defect(reason, place, text[:60]))
            return None

    def _date(self, name: str) -> date | None:
        return self._read(name, lambda text: values.read_date(text, self.rules.dates), Reason.DATE)

    def _names(self) -> tuple[str | None, str | None, str | None, str | None]:
        if (whole := self._text("nombre")) is not None:
            return values.split_name(whole)
        first, second = self._text("primer_nombre"), self._text("segundo_nombre")
        return (first, second, self._text("primer_apellido"), self._text("segundo_apellido"))

    def _points(self, row: CustomerRow) -> None:
        bad: list[Defect] = []
        for name in PHONES:
            if name in self.cells:
                place, text = self.cells[name]
                phone = self._phone(text)
                if isinstance(phone, Phone):
                    self._add(row, (phone.kind, phone.value), name)
                else:
                    bad.append(Defect(phone, place, text[:60]))
        if email := self._read("correo", values.read_email, Reason.EMAIL):
            self._add(row, (ContactKind.EMAIL, email), "correo")
        # A further phone that is no good costs only itself when the customer can still be reached.
        for defect in bad:
            extra = self.rules.columns[defect.column] != PHONES[0] and bool(row.points)
            self.defects.append(Defect(Reason.EXTRA_PHONE, defect.column, defect.value) if extra else defect)
        if address := self._text("direccion"):
            self._add(row, (ContactKind.ADDRESS, address), "direccion")

    def _add(self, row: CustomerRow, point: tuple[ContactKind, str], name: str) -> None:
        if point not in row.points:
            row.points.append(point)
            row.sources.append(name)

    def _phone(self, text: str) -> Phone | Reason:
        phone = read_phone(text, self.rules.region)
        if phone is None and local_only(text, self.rules.region):
            code = self._area_code()
            phone = read_phone(code + text, self.rules.region) if code else None
            return phone or Reason.NO_AREA_CODE
        return phone or Reason.PHONE

    def _area_code(self) -> str | None:
        if self.rules.area_code == BY_CITY:
            return area_code_of(self._text("ciudad") or "", self.rules.region)
        return self.rules.area_code

    def _account(self, row: CustomerRow) -> None:
        row.account = self._text("cuenta")
        row.plan = self._text("plan")
        row.service_address = self._text("direccion_servicio")
        row.service_state = self._read("estado", values.read_state, Reason.SERVICE_STATE)
        row.cut_off_date = self._date("fecha_corte")
        row.extension_until = self._date("prorroga")
        row.balance = self._read("saldo", values.read_amount, Reason.AMOUNT)
        names = ("cuenta", "plan", "direccion_servicio", "estado", "fecha_corte", "prorroga", "saldo")
        row.has_account = any(name in self.cells for name in names)

    def _identify(self, row: CustomerRow) -> None:
        phones = [value for kind, value in row.points if kind.is_phone]
        emails = [value for kind, value in row.points if kind is ContactKind.EMAIL]
        if not (row.document or any(row.names) or phones):
            self.defects.append(Defect(Reason.NOBODY))
        parts = {
            "document_type": row.document_type,
            "document": row.document,
            "account": row.account or "",
            "phone": phones[0] if phones else "",
            "email": emails[0] if emails else "",
        }
        told = any(defect.refuses for defect in self.defects)
        for word in self.rules.key:
            if not parts[word] and word != "document_type" and not told:
                place = self._column_of(word)
                reason = Reason.NO_DOCUMENT if word == "document" else Reason.INCOMPLETE_KEY
                self.defects.append(Defect(reason, place))
        row.key = "|".join(parts[word] for word in self.rules.key)

    def _column_of(self, word: str) -> int:
        name = {"document": "documento", "account": "cuenta", "phone": "telefono", "email": "correo"}[word]
        return self.rules.columns.index(name) if name in self.rules.columns else -1


@lru_cache(maxsize=20_000)
def local_only(text: str, region: str) -> bool:
    """Whether `text` is a number that can be dialled only from its own city: a landline without indicativo."""
    try:
        number = phonenumbers.parse(text[:40], region)
    except NumberParseException:
        return False
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE_LOCAL_ONLY


def rules_from(options: dict[str, Any], region: str) -> Rules:
    """The rules that a job's options stand for."""
    columns: Sequence[str] = options["columns"]
    return Rules(tuple(columns), tuple(options["key"]), options["dates"], region, options.get("area_code", ""))

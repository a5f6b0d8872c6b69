"""What a cell is taken for, where a person could not see it from what stands there: names, dates, phones of a cell."""

from __future__ import annotations

from ....models.customers.fields import BY_NAME, NAME_PARTS, WHOLE_NAME, Kind
from ....models.customers.phones import show_phone
from ..rows.parse_rules import ParseRules
from ..rows.row_parser import CustomerRow, Outcome


def understood(outcome: Outcome, rules: ParseRules, place: int) -> str:
    """The cell in column `place` as it will be stored; "" where it says so itself, or nothing is stored."""
    field = BY_NAME.get(rules.columns[place])
    row, cells = outcome.row, outcome.record.cells
    if field is None or row is None or place >= len(cells) or not cells[place].strip():
        return ""
    if field.name == WHOLE_NAME:
        name = _name(row)
        return "" if name == " ".join(cells[place].split()) else name
    if field.kind is Kind.PHONE:
        return _phones(row, field.name, rules.region)
    if field.kind in (Kind.DATE, Kind.AMOUNT):
        value = row.data[field.staged]
        return "" if value is None or str(value) == cells[place].strip() else str(value)
    return ""


def _name(row: CustomerRow) -> str:
    """Surnames and names apart, as a list of people shows them."""
    first, second, surname, other = (row.data[part] or "" for part in NAME_PARTS)
    surnames = " ".join(filter(None, (surname, other)))
    return f"{surnames}, {' '.join(filter(None, (first, second)))}" if surnames else ""


def _phones(row: CustomerRow, name: str, region: str) -> str:
    """The phones of a cell that holds more than one number, or something beside it."""
    found = [
        " ".join(filter(None, (show_phone(value, region), extension and f"ext. {extension}", label and f"({label})")))
        for (_, value), source, (label, extension) in zip(row.points, row.sources, row.notes, strict=True)
        if source == name
    ]
    several = len(found) > 1 or any(
        source == name and any(note) for source, note in zip(row.sources, row.notes, strict=True)
    )
    return " · ".join(found) if several else ""

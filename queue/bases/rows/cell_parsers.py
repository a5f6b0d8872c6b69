"""Single data read as people write them in spreadsheets: dates, amounts, states, names.

Each answers None for an empty cell and raises ValueError for what cannot be read.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from ....models.customers.names import fold
from ....models.customers.service_states import ServiceState

_DATE = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_EMAIL = re.compile(r"[^@\s<>(),;:\\\"\[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_STATES = {
    ServiceState.ACTIVE: ("activo", "activa", "active", "al dia", "vigente", "normal", "en servicio"),
    ServiceState.SUSPENDED: ("suspendido", "suspendida", "suspended", "cortado", "cortada", "suspension", "inactivo"),
    ServiceState.IN_ARREARS: ("moroso", "morosa", "en mora", "mora", "in arrears", "arrears", "vencido", "vencida"),
    ServiceState.WITHDRAWN: ("retirado", "retirada", "withdrawn", "baja", "cancelado", "cancelada", "desconectado"),
}
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}
_SMALL_WORDS = frozenset({"de", "del", "la", "las", "los", "da", "do", "dos", "di", "van", "von", "san", "santa", "y"})


def read_email(text: str) -> str:
    """The address in lower case."""
    address = text.strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
        raise ValueError("not an address")
    return address


def read_date(text: str, order: str) -> date:
    """A date in `order` (dmy, mdy or ymd); one that begins with a year of four digits is read as such in any order."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise ValueError("not a date")
    first, second, third = match.groups()
    if len(first) == 4 or order == "ymd":
        year, month, day = first, second, third
    elif order == "mdy":
        month, day, year = first, second, third
    else:
        day, month, year = first, second, third
    if len(year) not in (2, 4):
        raise ValueError("not a year")
    return date(_century(int(year)) if len(year) == 2 else int(year), int(month), int(day))


def _century(year: int) -> int:
    return year + (2000 if year < 50 else 1900)


def read_amount(text: str) -> Decimal:
    """ "$ 184.900", "1.234,56", "1,234.56" or "-5": the last of two different marks is the decimal one; a single mark
    before exactly three digits parts thousands."""
    plain = re.sub(r"[\s$€]|^(?:COP|ARS|MXN|USD|PEN|CLP)", "", text.strip())
    if re.fullmatch(r"\(.*\)", plain):
        plain = "-" + plain[1:-1]
    marks = re.sub(r"[^.,]", "", plain)
    if len(set(marks)) == 2:
        thousands = marks[0]
        if marks.count(marks[-1]) > 1:
            raise ValueError("two decimal marks")
    elif len(marks) > 1 or (marks and re.search(r"[.,]\d{3}$", plain) and not re.match(r"-?0[.,]", plain)):
        thousands = marks[0]
        if not re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", plain):
            raise ValueError("marks at odd places")
    else:
        thousands = ""
    plain = plain.replace(thousands, "") if thousands else plain
    if not re.fullmatch(r"-?\d{1,12}([.,]\d{1,4})?", plain):
        raise ValueError("not an amount")
    try:
        return Decimal(plain.replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError("not an amount") from None


def read_state(text: str) -> ServiceState:
    """The state of a service, by the words companies use for it."""
    state = _STATE_OF.get(fold(text))
    if state is None:
        raise ValueError("not a state")
    return state


def split_name(text: str) -> tuple[str, str, str, str]:
    """A whole name as (first, second, first surname, second surname): "Óscar Iván Muñoz Ñáñez"; three words are one
    name and two surnames, "De la Hoz" stays together, and a company is all first name."""
    words: list[str] = []
    glue: list[str] = []
    for word in text.split():
        glue.append(word)
        if fold(word) not in _SMALL_WORDS:
            words.append(" ".join(glue))
            glue = []
    words += [" ".join(glue)] if glue else []
    if _company(text) or len(words) < 2:
        return (" ".join(text.split()), "", "", "")
    if len(words) == 2:
        return (words[0], "", words[1], "")
    return (words[0], " ".join(words[1:-2]), words[-2], words[-1])


def _company(text: str) -> bool:
    last = re.sub(r"[^a-z]", "", fold(text.rpartition(" ")[2]))
    return last in {"sas", "sa", "ltda", "limitada", "sac", "srl", "spa", "cia", "inc", "eu", "esp"} or any(
        char.isdigit() for char in text
    )

"""A cell of a workbook as text that can be read in one way only: it is not guessed again what a number or a date is."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

_WHOLE = 2**53  # a sheet's numbers are exact up to here


def cell_text(cell: Any) -> str:
    """A cell as a person would have typed it; times of day that only say midnight are left out."""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | timedelta) else ""


def _number(cell: float) -> str:
    """All digits of a whole number; else with a point and never just three decimals, which could be thousands.

    A whole number that the sheet no longer knows exactly keeps the form that says so ("5.49E+20").
    """
    if not math.isfinite(cell):
        return ""
    if cell.is_integer():
        return str(int(cell)) if abs(cell) < _WHOLE else f"{cell:.15G}"
    plain = format(round(Decimal(f"{cell:.15g}"), 10).normalize(), "f")
    return f"{plain}0" if len(plain.rpartition(".")[2]) == 3 and "." in plain else plain

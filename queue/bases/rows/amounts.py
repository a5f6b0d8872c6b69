"""Amounts of money as people write them in Spanish, English and Portuguese."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

MOST_DIGITS = 12  # before the decimals
_CENT = Decimal("0.01")
_ALIKE = str.maketrans({"−": "-", "–": "-", "’": "'", "‘": "'", "´": "'", "`": "'"})
_MONEY = r"""(?:us\$|r\$|s/\.?|[$€£¥₡₲₱]|m/?cte\.?|m\.n\.|bs\.?(?![a-z])|
    (?:cop|ars|mxn|usd|pen|clp|brl|eur|uyu|bob|pyg|ves|crc|gtq|hnl|nio|dop|pab|mn|dólar(?:es)?|dolar(?:es)?|dollars?|
    pesos?|euros?|soles|sol|real|reales|reais|bolivianos?|bolívares|bolivares|guaraníes|guaranies|quetzales|colones|
    lempiras|córdobas|cordobas)(?![a-z])\.?)"""
_BEFORE = re.compile(rf"^([-+(\s]*){_MONEY}", re.VERBOSE)
_AFTER = re.compile(rf"(?<=[\d\s.,)-]){_MONEY}([-)\s]*)$", re.VERBOSE)
_NO_CENTS = re.compile(r"[.,]-{1,2}$")  # "184.900,-"
_PLAIN = re.compile(r"-?(?:[0-9]{1,12}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3})")  # what most cells hold
_GROUPS = re.compile(r"\d{1,3}(?:[.,']\d{3})+")


def read_amount(text: str) -> Decimal:
    """ "$ 184.900", "1.234,56", "1'234.567", "(300) COP" or "50-", rounded to cents, half to even.

    The last of two different marks is the decimal one; a single mark before exactly three digits parts thousands.
    Raises ValueError.
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(".", "")).quantize(_CENT)
    plain = text.strip().lower().translate(_ALIKE)
    bare = _without_money(plain)
    if bare == "-" and plain != bare:
        return Decimal(0)  # how a sheet shows nothing in its format of accounts
    negative, digits = _sign(_NO_CENTS.sub("", bare))
    mark = _decimal_mark(digits)
    whole, _, decimals = digits.rpartition(mark) if mark else (digits, "", "")
    if len(set(whole) & set(".,")) > 1 or not (whole.isdigit() or _GROUPS.fullmatch(whole) or (mark and not whole)):
        raise ValueError("marks at odd places")
    whole = re.sub(r"[.,']", "", whole)
    if len(whole) > MOST_DIGITS or len(decimals) > 20 or not (digits.isascii() and (whole + decimals).isdigit()):
        raise ValueError("not an amount")
    amount = Decimal(f"{whole or 0}.{decimals or 0}").quantize(_CENT, ROUND_HALF_EVEN)
    return -amount if negative else amount


def _without_money(plain: str) -> str:
    """Without the signs and words of currencies at both ends, and without spaces."""
    for _ in range(2):
        plain = _AFTER.sub(r"\1", _BEFORE.sub(r"\1", plain)).strip()
    return re.sub(r"\s", "", plain)


def _sign(bare: str) -> tuple[bool, str]:
    """Whether it is below nothing, by a stroke on either side or by brackets, and the rest."""
    if bare.startswith("(") and bare.endswith(")"):
        return True, bare[1:-1]
    if bare.endswith("-"):
        return True, bare[:-1]
    return bare.startswith("-"), bare[1:] if bare[:1] in ("-", "+") else bare


def _decimal_mark(digits: str) -> str:
    """The mark before the decimals; "" when there are none."""
    marks = [char for char in digits if char in ".,'"]
    last = marks[-1] if marks else "'"
    if last == "'" or marks.count(last) > 1:
        return ""
    if set(marks) - {last, "'"}:
        return last
    after = len(digits) - digits.index(last) - 1
    return "" if after == 3 and not digits.startswith(("0.", "0,", ".", ",")) else last

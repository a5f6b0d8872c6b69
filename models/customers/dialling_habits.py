"""What numbering plans no longer say, and people and PBXs still write: old prefixes, old lengths, trunks.

`phonenumbers` knows the plan of today. Each entry is about one calling code: digits as they are dialled at home, digits
after the code, and what both mean today. Tried only when the plan of today does not know the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habit:
    """One way of writing numbers of a country: how it looks at home and after the code, and what it means."""

    at_home: re.Pattern[str]
    after_code: re.Pattern[str]
    meaning: str


def _habit(at_home: str, meaning: str, after_code: str = "") -> Habit:
    return Habit(re.compile(at_home), re.compile(after_code or at_home), meaning)


_CARRIER_OF_BRAZIL = "(?:(?:0|90)(?:1[245]|2[1-35]|31|4[13]|[56]5|99)?)?"
_HABITS: dict[str, tuple[Habit, ...]] = {
    # The 15 of a mobile in its own city's number after the mark of a mobile.
    "54": (_habit(r"0?9(11|[23]\d{2,3})15(\d{6,8})", r"9\g<1>\g<2>"),),
    # Until 2019: 01 to another city, 044 and 045 to a mobile, a 1 after the code.
    "52": (_habit(r"(?:01|044|045)([2-9]\d{9})", r"\g<1>", r"(?:01|044|045|1)([2-9]\d{9})"),),
    # Mobiles had eight digits until 2016.
    "55": (_habit(_CARRIER_OF_BRAZIL + r"([1-9]{2})([6-9]\d{7})", r"\g<1>9\g<2>"),),
    # 0 before a mobile or a landline, and a carrier of three digits before that.
    "56": (_habit(r"(?:1[1-8]\d)?0?([2-9]\d{8})", r"\g<1>"),),
    # A 0 or a carrier before any number; 03 before a mobile.
    "57": (_habit(r"0[3579]?(3\d{9}|60\d{8})", r"\g<1>"),),
    # A carrier before the city.
    "51": (_habit(r"(?:19\d{2})?0?([1-9]\d{7,8})", r"\g<1>"),),
}
# Numbers without their city's code, where the plan does not tell them by how many digits they have.
_LOCAL = {"54": re.compile(r"15\d{6,8}"), "55": re.compile(r"9?[2-9]\d{7}")}


def is_local(code: str, digits: str) -> bool:
    """Whether these digits are a number of a city, without the city's code."""
    return code in _LOCAL and _LOCAL[code].fullmatch(digits) is not None


def meant_at_home(code: str, digits: str) -> list[str]:
    """The national numbers that these digits, dialled in the country, may mean."""
    return [one.at_home.sub(one.meaning, digits) for one in _HABITS.get(code, ()) if one.at_home.fullmatch(digits)]


def meant_after_code(code: str, digits: str) -> list[str]:
    """The national numbers that these digits after the country's code may mean."""
    habits = _HABITS.get(code, ())
    return [one.after_code.sub(one.meaning, digits) for one in habits if one.after_code.fullmatch(digits)]

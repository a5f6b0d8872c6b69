"""A row of digits as it is dialled in a country: which country's number it is, without the prefixes.

Exactly what `phonenumbers` makes of it; property tests hold both to each other. `phonenumbers` takes some 40 µs for a
number, this 4; a base of a million customers has two million of them.
"""

from __future__ import annotations

from .numbering_plans import Plan, plan_of_region, plans_of_code, split_code

LONGEST = 17  # digits; longer ones are left to `phonenumbers`
_SHORTEST = 2


def parse(digits: str, international: bool, region: str) -> tuple[Plan, str] | None:
    """The plan and the national digits of a number dialled in `region`; None when it cannot be one of any country.

    `international`: a plus stood before the digits.
    """
    home = plan_of_region(region)
    split = _after_code(digits, home) if international else _dialled(digits, home)
    if split is None or len(split[1]) < _SHORTEST:
        return None
    plan, number = split
    bare = plan.without_trunk(number)
    number = bare if plan.may_be_long_enough(bare) else number
    return (plan, number) if _SHORTEST <= len(number) <= LONGEST else None


def _after_code(digits: str, home: Plan | None) -> tuple[Plan, str] | None:
    if len(digits) <= _SHORTEST:
        return None
    found = split_code(digits)
    if found is None:  # the plus was none: as it is dialled at home, if a code follows
        split = _with_code(digits, home) if home else None
        return (plans_of_code(split[0])[0], split[1]) if split else None
    return plans_of_code(found[0])[0], found[1]


def _dialled(digits: str, home: Plan | None) -> tuple[Plan, str] | None:
    if home is None:
        return None
    if _abroad(digits, home) is None and not _has_own_code(digits, home):
        return home, digits
    split = _with_code(digits, home)
    return (plans_of_code(split[0])[0], split[1]) if split else None


def _with_code(digits: str, home: Plan) -> tuple[str, str] | None:
    """Code and number of what is dialled with a code; None without one, or with a wrong one."""
    rest = _abroad(digits, home)
    if rest is not None:
        return split_code(rest) if len(rest) > _SHORTEST else None
    return (home.code, home.without_trunk(digits[len(home.code) :])) if _has_own_code(digits, home) else None


def _abroad(digits: str, home: Plan) -> str | None:
    """What follows the prefix to dial abroad; no country's code begins with 0."""
    found = home.abroad.match(digits) if home.abroad else None
    return digits[found.end() :] if found and not digits.startswith("0", found.end()) else None


def _has_own_code(digits: str, home: Plan) -> bool:
    """Whether these digits are a number of the country with its code, and none without it."""
    if not digits.startswith(home.code):
        return False
    matches = home.general.pattern.fullmatch
    if not matches(digits) and matches(home.without_trunk(digits[len(home.code) :])):
        return True
    return len(digits) > max(home.general.lengths)

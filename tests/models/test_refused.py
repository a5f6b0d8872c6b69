"""The tree of refusals at the head of their folder shows every class, with its code and its place."""

from __future__ import annotations

import re

from atiende.models import refused
from atiende.models.refused import Refused

LINE = re.compile(r"^    (?P<indent>[│ ]*)[├└]── (?P<name>\w+) +(?P<code>[a-z-]+…?)(?: +(?P<status>\d+))?$")


def shown() -> dict[str, tuple[str, str, str | None]]:
    """By name: the class above it, its code, its status where the tree says one."""
    above, found = ["Refused"], {}
    for line in (refused.__doc__ or "").splitlines():
        if match := LINE.match(line):
            depth = len(match["indent"]) // 4 + 1
            above = [*above[:depth], match["name"]]
            found[match["name"]] = (above[depth - 1], match["code"].rstrip("…").rstrip("-"), match["status"])
    return found


def below(kind: type[Refused]) -> list[type[Refused]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *below(sub))]


def test_the_tree_shows_every_refusal_under_its_family_with_its_code() -> None:
    tree = shown()
    kinds = [kind for kind in below(Refused) if kind.__module__.startswith(refused.__name__)]
    assert set(tree) == {kind.__name__ for kind in kinds}
    for kind in kinds:
        family, code, status = tree[kind.__name__]
        assert (family, code) == (kind.__mro__[1].__name__, kind.code)
        assert status in (None, str(kind.status))


def test_no_two_refusals_share_a_code() -> None:
    codes = [kind.code for kind in below(Refused) if kind.__module__.startswith(refused.__name__)]
    assert len(codes) == len(set(codes))

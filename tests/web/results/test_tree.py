"""The tree rules of the editor's module, held against the server's (X19, S4-20)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atiende.models.campaigns.campaign import ResultNode
from atiende.models.campaigns.result_actions import ResultAction
from atiende.models.campaigns.results import MAX_LEVELS, check_path
from atiende.tests.web.node import in_node

SAYS = st.sampled_from(["", "agenda", *map(str, ResultAction)])


@pytest.mark.proves("X19")
@settings(max_examples=1, deadline=None)
@given(st.lists(st.lists(SAYS, min_size=1, max_size=3), min_size=200, max_size=200))
def test_the_editor_shows_the_effect_that_the_server_will_apply(paths: list[list[str]]) -> None:
    """The deepest level that says something decides, in both."""
    paths = [*paths, ["redial", "", ""], ["agenda", "redial", ""]]
    values = [
        [{"schedules": s == "agenda", "action": s if s not in ("", "agenda") else None} for s in p] for p in paths
    ]
    shown = in_node("results/tree.js", "(m.decider(v) ? m.says(m.decider(v)) : '')", values)
    assert shown == [applied(path) for path in paths]


def applied(path: list[str]) -> str:
    nodes = [
        ResultNode(
            id=at, parent_id=at - 1 or None, name=str(at), colour="grey", position=0, schedules=says == "agenda",
            action=ResultAction(says) if says not in ("", "agenda") else None,
            clears_appointments=False, successful=False, right_party=False,
        )
        for at, says in enumerate(path, start=1)
    ]  # fmt: skip
    choice = check_path(nodes, range(1, len(path) + 1))
    return "agenda" if choice.schedules else str(choice.action or "")


def test_moving_never_loses_a_result_nor_makes_a_fourth_level() -> None:
    """By keyboard or buttons, whatever the order."""

    def one(name: str, *children: Any) -> dict[str, Any]:
        return {"id": None, "name": name, "children": list(children)}

    tree = [one("a", one("b", one("c"))), one("d", one("e")), one("f")]
    moves = ["indent", "outdent", "shift"]
    program = """(() => {
        const tree = m.keyed(v.tree), keys = [...m.walk(tree)].map((p) => p.one.key);
        let seed = v.seed, deepest = 0;
        for (let i = 0; i < 60; i++) {
            seed = (seed * 1103515245 + 12345) % 2147483648;
            const key = keys[seed % keys.length], how = v.moves[(seed >> 8) % 3];
            m[how](tree, key, (seed >> 12) % 2 ? 1 : -1);
            deepest = Math.max(deepest, ...tree.map(m.depth));
        }
        return [[...m.walk(tree)].map((p) => p.one.name).sort().join(""), deepest];
    })()"""
    ended = in_node("results/tree.js", program, [{"tree": tree, "seed": seed, "moves": moves} for seed in range(1, 60)])
    assert {names for names, _ in ended} == {"abcdef"}
    assert max(deepest for _, deepest in ended) == MAX_LEVELS

"""Two people's changes of one tree of results are joined: what either changed is there, and nothing is lost unseen."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from atiende.tests.web.node import in_node

Tree = list[dict[str, Any]]


def result(number: int | None, name: str, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    flags = {"schedules": False, "clears_appointments": False, "successful": False, "right_party": False}
    return (
        {"id": number, "name": name, "action": None, "measure": None, "colour": "grey"}
        | flags
        | more
        | {"children": list(children)}
    )


BASE: Tree = [
    result(1, "Contacto", result(2, "Paga"), result(3, "No paga", action="redial")),
    result(4, "Sin contacto", result(5, "Ocupado"), result(6, "Fuera de servicio")),
]
JOINED = """(() => {
  const stored = m.valuesOf(v.theirs);
  const base = m.valuesOf(v.base), mine = m.valuesOf(v.mine);
  const changed = Object.keys(mine).filter((name) => mine[name] !== base[name]);
  return m.treeOf(v, { ...stored, ...Object.fromEntries(changed.map((name) => [name, mine[name]])) });
})()"""


def joined(mine: Tree, theirs: Tree) -> Tree:
    (tree,) = in_node("results/tree-values.js", JOINED, [{"base": BASE, "mine": mine, "theirs": theirs}])
    return list(tree)


def names(tree: Tree) -> dict[str, Any]:
    return {one["name"]: names(one["children"]) for one in tree}


def test_a_new_result_of_each_and_a_changed_one_are_all_there() -> None:
    """Both add under the same level; one changes what a result does."""
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine[0]["children"].append(result(None, "Promesa"))
    theirs[0]["children"].append(result(7, "Reclamo"))
    theirs[1]["children"][0] |= {"schedules": True}
    tree = joined(mine, theirs)
    assert list(names(tree)["Contacto"]) == ["Paga", "No paga", "Reclamo", "Promesa"]
    assert tree[1]["children"][0]["schedules"] is True


def test_who_moved_siblings_has_their_order_and_both_moves_to_another_level_hold() -> None:
    """One turns two siblings around, the other puts a result below another parent."""
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine[0]["children"].reverse()
    theirs[0]["children"].append(theirs[1]["children"].pop())
    assert names(joined(mine, theirs)) == {
        "Contacto": {"No paga": {}, "Paga": {}, "Fuera de servicio": {}},
        "Sin contacto": {"Ocupado": {}},
    }


def test_a_result_taken_out_by_one_goes_unless_the_other_changed_it() -> None:
    """What somebody worked on is not taken away unseen, and it keeps the level above it."""
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    del mine[1]
    theirs[1]["children"][0]["name"] = "Línea ocupada"
    assert names(joined(mine, theirs)) == {
        "Contacto": {"Paga": {}, "No paga": {}},
        "Sin contacto": {"Línea ocupada": {}},
    }
    assert names(joined(mine, BASE)) == {"Contacto": {"Paga": {}, "No paga": {}}}


CHANGE = st.tuples(
    st.sampled_from(["name", "colour", "drop", "add", "up"]),
    st.integers(0, 1),
    st.integers(0, 1),
    st.text("ab", max_size=3),
)


def changed(changes: list[tuple[str, int, int, str]], mark: str) -> Tree:
    tree = deepcopy(BASE)
    for what, level, place, text in changes:
        siblings = tree[level]["children"]
        if what == "add":
            siblings.append(result(None, mark + text))
        elif place < len(siblings):
            if what == "drop":
                siblings.pop(place)
            elif what == "up":
                siblings.insert(0, siblings.pop(place))
            else:
                siblings[place][what] = mark + text
    return tree


@settings(max_examples=25, deadline=None)
@given(st.lists(CHANGE, max_size=4))
def test_when_only_one_changed_the_tree_it_is_exactly_theirs(changes: list[tuple[str, int, int, str]]) -> None:
    """Whichever of the two it was. Names of new ones are told apart."""
    tree = changed(changes, "x")
    new = [one["name"] for level in tree for one in level["children"] if one["id"] is None]
    if len(new) == len(set(new)):
        assert joined(tree, BASE) == tree
        assert joined(BASE, tree) == tree

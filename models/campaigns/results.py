"""The result tree of a campaign: what a chosen path means, and the tree as a value that is put, shown or uploaded.

Up to three levels, the first mandatory (S4-20). A result has an agenda *or* an action (S4-26) or neither; then what it
does is inherited: the deepest chosen level that says something decides, else its parent (X19).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..refused import N_, BadInput, ResultRequired, ResultUnknown
from .campaign import ResultNode
from .result_actions import ResultAction

MAX_LEVELS = 3


class Colour(StrEnum):
    """Hues a result may be shown with; always beside its name."""

    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class ResultDraft(BaseModel):
    """One result as somebody wants it, with those below it; `id` names the stored one it changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: int | None = None
    name: Name
    action: ResultAction | None = None
    schedules: bool = False
    clears_appointments: bool = False
    successful: bool = False
    right_party: bool = False
    measure: int | None = Field(default=None, ge=-1_000_000, le=1_000_000)
    colour: Colour = Colour.GREY
    children: list[ResultDraft] = []


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chosen path means.

    `action` is the effective one (none: nothing is done) and `schedules` whether an appointment may be set instead;
    never both. `decided_by` is the id of the level that decided, empty when no level says anything. The flags hold
    when any chosen level has them: what is below *Contacto exitoso* is a successful contact.
    """

    path: tuple[int, ...]
    result_id: int
    name: str
    names: tuple[str, ...]
    action: ResultAction | None
    schedules: bool
    decided_by: int | None
    clears_appointments: bool
    successful: bool
    right_party: bool


def check_path(nodes: Iterable[ResultNode], path: Sequence[int], since: datetime | None = None) -> Choice:
    """What choosing `path` (ids, level 1 first) means in the campaign that has `nodes`.

    Level 1 is mandatory, deeper ones are not (S4-20). Whoever opened the case (`since`) before a result was retired may
    still choose it: a tree never changes under an agent in a call.
    Raises ResultRequired for an empty path, ResultUnknown for one that is not of this tree.
    """
    if not path:
        raise ResultRequired(field="result")
    known = {node.id: node for node in nodes}
    chosen: list[ResultNode] = []
    for node_id in path:
        node = known.get(node_id)
        above = chosen[-1].id if chosen else None
        if node is None or node.parent_id != above or not _choosable(node, since):
            raise ResultUnknown(field="result")
        chosen.append(node)
    decider = _decider(chosen)
    return Choice(
        path=tuple(node.id for node in chosen),
        result_id=chosen[-1].id,
        name=chosen[-1].name,
        names=tuple(node.name for node in chosen),
        action=decider.action if decider else None,
        schedules=bool(decider and decider.schedules),
        decided_by=decider.id if decider else None,
        clears_appointments=any(node.clears_appointments for node in chosen),
        successful=any(node.successful for node in chosen),
        right_party=any(node.right_party for node in chosen),
    )


def _choosable(node: ResultNode, since: datetime | None) -> bool:
    return node.retired_at is None or (since is not None and node.retired_at > since)


def _decider(chosen: Sequence[ResultNode]) -> ResultNode | None:
    """The deepest level that has an agenda or an action (X19)."""
    return next((node for node in reversed(chosen) if node.schedules or node.action is not None), None)


def check_tree(tree: Sequence[ResultDraft]) -> None:
    """Refuse a tree that is too deep (S4-20), repeats a name among siblings, or joins agenda and action (S4-26).

    Raises BadInput whose `field` is the place of the bad result: `results[0].children[2]`.
    """
    if not tree:
        raise BadInput(field="results", sentence=N_("El árbol necesita al menos un resultado de nivel 1."))
    ids = [draft.id for _, draft, _ in walk(tree) if draft.id is not None]
    if len(ids) != len(set(ids)):
        raise BadInput(field="results", sentence=N_("Un mismo resultado está dos veces en el árbol."))
    _check_level(tree, "results", 1)


def _check_level(level: Sequence[ResultDraft], place: str, depth: int) -> None:
    seen: set[str] = set()
    for at, draft in enumerate(level):
        here = f"{place}[{at}]"
        if depth > MAX_LEVELS:
            raise BadInput(
                field=here, sentence=N_("«%(name)s» está en un cuarto nivel; hay tres como máximo."), name=draft.name
            )
        if draft.schedules and draft.action is not None:
            raise BadInput(
                field=here, sentence=N_("«%(name)s»: o permite agendar o tiene una acción."), name=draft.name
            )
        if draft.name.casefold() in seen:
            raise BadInput(
                field=here, sentence=N_("«%(name)s» está dos veces bajo el mismo resultado."), name=draft.name
            )
        seen.add(draft.name.casefold())
        _check_level(draft.children, f"{here}.children", depth + 1)


def walk(
    tree: Sequence[ResultDraft], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], ResultDraft, int]]:
    """Every result with its path of names and its place among its siblings, parents first."""
    for position, draft in enumerate(tree):
        path = (*above, draft.name)
        yield path, draft, position
        yield from walk(draft.children, path)


def grow(nodes: Iterable[ResultNode]) -> list[ResultDraft]:
    """The tree of the nodes that are in use, in their order."""
    below: dict[int | None, list[ResultNode]] = {}
    for node in nodes:
        if node.retired_at is None:
            below.setdefault(node.parent_id, []).append(node)

    def level(parent: int | None) -> list[ResultDraft]:
        siblings = sorted(below.get(parent, []), key=lambda node: (node.position, node.id))
        return [_draft(node, level(node.id)) for node in siblings]

    return level(None)


def _draft(node: ResultNode, children: list[ResultDraft]) -> ResultDraft:
    return ResultDraft(
        id=node.id,
        name=node.name,
        action=node.action,
        schedules=node.schedules,
        clears_appointments=node.clears_appointments,
        successful=node.successful,
        right_party=node.right_party,
        measure=node.measure,
        colour=Colour(node.colour),
        children=children,
    )

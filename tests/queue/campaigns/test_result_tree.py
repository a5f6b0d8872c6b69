"""Result trees: what a path means, how a tree is put, what a file adds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from atiende.models.campaigns.campaign import ResultNode
from atiende.models.campaigns.ready_made import READY_MADE
from atiende.models.campaigns.result_actions import ResultAction
from atiende.models.campaigns.results import ResultDraft, check_path, check_tree, grow, walk
from atiende.models.refused import BadInput, FileRefused, ResultRequired, ResultUnknown, Stale
from atiende.queue.campaigns.result_file import FORMAT, read_results
from atiende.queue.campaigns.result_tree import add_results, merge, put_results
from atiende.tests.support.floors.sharing import Floor, sharing_floor

ACTIONS = [None, *ResultAction]


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as made:
        yield made


def node(id: int, parent: int | None = None, action: ResultAction | None = None, schedules: bool = False) -> ResultNode:
    return ResultNode(
        id=id, parent_id=parent, name=str(id), action=action, schedules=schedules, colour="grey", position=0,
        clears_appointments=False, successful=id == 1, right_party=False, measure=None, retired_at=None,
    )  # fmt: skip


def leaf(name: str, **values: object) -> ResultDraft:
    return ResultDraft(name=name, **values)  # type: ignore[arg-type]


async def nodes_of(floor: Floor, campaign: int) -> list[ResultNode]:
    async with floor.house.work() as work:
        return list(await work.session.scalars(select(ResultNode).where(ResultNode.campaign_id == campaign)))


@pytest.mark.proves("X19")
@given(st.lists(st.sampled_from([*ACTIONS, "agenda"]), min_size=1, max_size=3))
def test_the_deepest_level_that_says_something_decides(levels: list[ResultAction | str | None]) -> None:
    """Else its parent; an agenda and an action never both."""
    tree = [
        node(at, at - 1 or None, says if isinstance(says, ResultAction) else None, says == "agenda")
        for at, says in enumerate(levels, start=1)
    ]
    choice = check_path(tree, list(range(1, len(levels) + 1)))
    saying = [(at, says) for at, says in enumerate(levels, start=1) if says is not None]
    decided, says = saying[-1] if saying else (None, None)
    assert choice.decided_by == decided
    assert choice.schedules is (says == "agenda")
    assert choice.action == (says if says != "agenda" else None)
    assert choice.successful
    assert (choice.result_id, choice.name) == (len(levels), str(len(levels)))


def test_level_one_is_mandatory_and_deeper_ones_are_not() -> None:
    """An empty path is refused, a path of one level is enough."""
    tree = [node(1), node(2, 1), node(3, 2)]
    assert check_path(tree, [1]).path == (1,)
    with pytest.raises(ResultRequired):
        check_path(tree, [])


@pytest.mark.parametrize("path", [[2], [1, 3], [9], [1, 2, 3, 3], [1, 1]])
def test_a_path_that_is_not_of_the_tree_is_refused(path: list[int]) -> None:
    """Results are tied to their campaign."""
    with pytest.raises(ResultUnknown):
        check_path([node(1), node(2, 1), node(3, 2)], path)


def test_a_retired_result_may_be_chosen_only_by_who_saw_it() -> None:
    """The tree never changes under an agent in a call."""
    now = datetime.now(UTC)
    retired = node(1)
    retired.retired_at = now
    assert check_path([retired], [1], since=now - timedelta(minutes=1)).result_id == 1
    for since in (None, now + timedelta(minutes=1)):
        with pytest.raises(ResultUnknown):
            check_path([retired], [1], since=since)


@pytest.mark.proves("S4-20", "S4-26")
@pytest.mark.parametrize(
    ("tree", "field"),
    [
        ([], "results"),
        ([leaf("a", action="redial", schedules=True)], "results[0]"),  # S4-26
        ([leaf("a"), leaf(" A ")], "results[1]"),
        ([leaf("a", children=[leaf("b", children=[leaf("c", children=[leaf("d")])])])],
         "results[0].children[0].children[0].children[0]"),  # S4-20
        ([leaf("a", id=1), leaf("b", id=1)], "results"),
    ],
)  # fmt: skip
def test_a_wrong_tree_is_refused_by_its_place(tree: list[ResultDraft], field: str) -> None:
    """Three levels at most; agenda or action."""
    with pytest.raises(BadInput) as why:
        check_tree(tree)
    assert why.value.field == field


@pytest.mark.proves("S2-01")
@pytest.mark.parametrize("kind", READY_MADE)
async def test_each_ready_made_kind_starts_with_a_tree(floor: Floor, kind: str) -> None:
    """Soporte, encuesta, cobranza and promoción come with results to start from."""
    campaign = await floor.campaign(kind, type=kind)
    tree = grow(await nodes_of(floor, campaign.id))
    assert [path for path, *_ in walk(tree)] == [path for path, *_ in walk(READY_MADE[kind])]
    check_tree(tree)


@pytest.mark.proves("S1-15")
async def test_putting_a_tree_changes_keeps_adds_and_retires(floor: Floor) -> None:
    """Nodes are matched by id; missing ones are retired, not deleted; the version is raised."""
    campaign = await floor.campaign()
    before = grow(await nodes_of(floor, campaign.id))
    first, second, third = before
    renamed = second.model_copy(update={"name": "Tercero", "children": [leaf("Nuevo"), *second.children[:1]]})
    async with floor.work() as work:
        version = await put_results(work, campaign.id, [renamed, first], campaign.results_version)
    stored = await nodes_of(floor, campaign.id)
    after = grow(stored)
    assert version == campaign.results_version + 1
    assert [draft.id for draft in after] == [second.id, first.id]
    assert [child.name for child in after[0].children] == ["Nuevo", second.children[0].name]
    assert after[0].children[1].id == second.children[0].id
    retired = {one.id for one in stored if one.retired_at}
    gone = {draft.id for _, draft, _ in walk([third])} | {draft.id for draft in second.children[1:]}
    assert retired == gone
    told = floor.told("campaign.changed")[-1]["event"]
    assert told["campaign"]["results_version"] == version

    async with floor.work() as work:  # naming it again brings back the same node
        await put_results(work, campaign.id, [*after, leaf(third.name)])
    assert grow(await nodes_of(floor, campaign.id))[2].id == third.id


async def test_an_old_form_does_not_overwrite_a_newer_tree(floor: Floor) -> None:
    """The second of two editors is shown what the first put."""
    campaign = await floor.campaign()
    async with floor.work() as work:
        await put_results(work, campaign.id, [leaf("Uno")], campaign.results_version)
    with pytest.raises(Stale) as why:
        async with floor.work() as work:
            await put_results(work, campaign.id, [leaf("Dos")], campaign.results_version)
    assert [draft["name"] for draft in why.value.extra["current"]] == ["Uno"]


@pytest.mark.proves("S4-19")
async def test_a_result_of_another_campaign_cannot_be_taken(floor: Floor) -> None:
    """An id of another tree is refused and nothing is changed."""
    mine, other = await floor.campaign(), await floor.campaign("Ventas")
    (stranger, *_) = await nodes_of(floor, other.id)
    with pytest.raises(BadInput):
        async with floor.work() as work:
            await put_results(work, mine.id, [leaf("Mío", id=stranger.id)])
    assert len(grow(await nodes_of(floor, other.id))) == 3


@pytest.mark.proves("S4-30")
async def test_a_file_adds_many_results_and_touches_nothing_else(floor: Floor) -> None:
    """New ones are added under their level; what is not in the file stays."""
    campaign = await floor.campaign(type="collections")
    content = "nivel1,nivel2,nivel3,accion,medida\nContacto exitoso,Visita,Mañana,Sin acción,4\nFraude,,,,\n"
    async with floor.work() as work:
        await add_results(work, campaign.id, read_results(content.encode("cp1252")))
    tree = grow(await nodes_of(floor, campaign.id))
    assert [draft.name for draft in tree][-1] == "Fraude"
    assert tree[0].successful and len(tree[0].children) == 6
    added = tree[0].children[-1]
    assert (added.name, added.children[0].name, added.children[0].measure) == ("Visita", "Mañana", 4)
    assert added.children[0].action is ResultAction.NONE


def test_the_format_that_is_downloaded_can_be_uploaded() -> None:
    """The example rows are a valid tree."""
    tree = read_results(FORMAT.encode())
    check_tree(tree)
    assert tree[0].children[0].schedules and tree[0].children[0].children[0].name == "Pago parcial"
    assert tree[1].children[0].action is ResultAction.REDIAL_ALTERNATIVE
    assert merge(tree, tree) == tree


@pytest.mark.parametrize(
    "content",
    ["", "nombre\nx", "nivel1;nivel3\na;b", "nivel1;accion\na;llamar ya", "nivel1;medida\na;mucho",
     "nivel1;cosa\na;b", "nivel1\n" + "x" * 200, "nivel1\n", "nivel1\n" + "x" * 200_000, "x" * 200_000,
     "nivel1\na\0b"],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_is_refused(content: str) -> None:
    """With the row and the column, nothing half done."""
    with pytest.raises(FileRefused):
        read_results(content.encode())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_any_machine_ends_them(end: str) -> None:
    """Also as an old Mac does, and as Excel still can."""
    tree = read_results(end.join(["nivel1;nivel2", "Sin contacto;Buzón", "Fraude;", ""]).encode())
    assert [(draft.name, len(draft.children)) for draft in tree] == [("Sin contacto", 1), ("Fraude", 0)]


@given(st.sampled_from(["", "nivel1", "nivel1;nivel2;medida", "nivel1,accion"]), st.text(), st.sampled_from("\n\r"))
@example("nivel1", "a\rb", "\r").via("a file that an old Mac wrote")
@example("nivel1", '"a', "\n")
def test_whatever_stands_in_a_file_is_read_or_refused(header: str, rest: str, end: str) -> None:
    """No bytes are answered as a failure of ours."""
    with suppress(FileRefused):
        check_tree(read_results((header + end + rest).encode("utf-8", "replace")))

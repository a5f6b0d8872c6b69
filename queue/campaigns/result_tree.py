"""Changing a campaign's result tree (S1-15, S4-19, S4-20, S4-26): as a whole, or with a file of results (S4-30)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from ...models.campaigns.campaign import Campaign, ResultNode
from ...models.campaigns.results import ResultDraft, check_tree, grow
from ...models.cases.case import Case
from ...models.locking import lock
from ...models.refused import N_, BadInput
from ...models.rows.result import result_nodes
from ..bulk import change_many
from ..stale import stale
from ..work import Work
from .telling import tell_all_of_list, tell_campaign


async def put_results(
    work: Work, campaign_id: int, tree: Sequence[ResultDraft], version: int | None = None, *, tell: bool = True
) -> int:
    """Make `tree` the campaign's results; the new version of the tree.

    A draft is the stored result with its id, else the one of the same name in the same place. What is missing is
    retired, never deleted, because old gestiones point to it; naming it again brings it back.
    `version` is that of the tree the person saw. Raises NotFound, Stale (with the tree as it is now), BadInput.
    """
    stored = (await lock(work.session, Campaign, campaign_id)).results_version
    nodes = await result_nodes(work.session, campaign_id)
    if version is not None and version < stored:
        current = [draft.model_dump(mode="json") for draft in grow(nodes)]
        subject = f"campaign:{campaign_id}"
        raise await stale(work, subject, "campaign.results_changed", current=current, version=stored)
    check_tree(tree)
    names = {node.id: node.name for node in nodes}
    await _store(work, campaign_id, nodes, tree)
    await _carry_names(work, campaign_id, [node.id for node in nodes if node.name != names[node.id]])
    raised = update(Campaign).where(Campaign.id == campaign_id)
    raised = raised.values(results_version=Campaign.results_version + 1, version=Campaign.version + 1)
    await work.session.execute(raised, execution_options={"synchronize_session": False})
    if tell:
        await work.audit("campaign.results_changed", f"campaign:{campaign_id}", version=stored + 1)
        await tell_campaign(work, campaign_id)
    return stored + 1


async def add_results(work: Work, campaign_id: int, rows: Sequence[ResultDraft]) -> int:
    """Add the results of an uploaded file to the tree (S4-30): new ones are added, those of the same names changed,
    and nothing that is not in the file is touched. The new version of the tree."""
    await lock(work.session, Campaign, campaign_id)
    stored = grow(await result_nodes(work.session, campaign_id))
    return await put_results(work, campaign_id, merge(stored, rows))


def merge(tree: Sequence[ResultDraft], added: Sequence[ResultDraft]) -> list[ResultDraft]:
    """`tree` with `added` laid over it: same names meet at each level, and what the added one sets holds."""
    merged = {draft.name.casefold(): draft for draft in tree}
    for new in added:
        old = merged.get(new.name.casefold()) or ResultDraft(name=new.name)
        changed = {field: getattr(new, field) for field in new.model_fields_set - {"id"}}
        changed["children"] = merge(old.children, new.children)
        merged[new.name.casefold()] = old.model_copy(update=changed)
    return list(merged.values())


async def _store(work: Work, campaign_id: int, nodes: list[ResultNode], tree: Sequence[ResultDraft]) -> None:
    known = {node.id: node for node in nodes}
    named = {draft.id for draft in _flat(tree) if draft.id is not None}
    if strangers := named - set(known):
        raise BadInput(field="results", sentence=N_("El resultado %(id)s no es de esta campaña."), id=min(strangers))
    by_place = {(node.parent_id, node.name.casefold()): node for node in nodes if node.id not in named}
    kept: set[int] = set()
    level: list[tuple[int | None, int, ResultDraft]] = [(None, at, draft) for at, draft in enumerate(tree)]
    while level:
        below: list[tuple[ResultNode, ResultDraft]] = []
        for parent_id, position, draft in level:
            node = known[draft.id] if draft.id is not None else by_place.get((parent_id, draft.name.casefold()))
            node = node or ResultNode(campaign_id=campaign_id)
            _write(node, draft, parent_id, position)
            work.session.add(node)
            below.append((node, draft))
        await work.session.flush()
        kept |= {node.id for node, _ in below}
        level = [(node.id, at, child) for node, draft in below for at, child in enumerate(draft.children)]
    for node in nodes:
        if node.id not in kept and node.retired_at is None:
            node.retired_at = work.now
    await work.session.flush()


async def _carry_names(work: Work, campaign_id: int, renamed: Sequence[int]) -> None:
    """Cases show the name of their last result: one event for all who see those whose name changed."""
    shown = update(Case).where(Case.last_result_id.in_(renamed)).values(version=Case.version + 1)
    if renamed and (count := await change_many(work, shown)):
        await tell_all_of_list(work, campaign_id, "results", count)


def _flat(tree: Sequence[ResultDraft]) -> list[ResultDraft]:
    return [one for draft in tree for one in (draft, *_flat(draft.children))]


def _write(node: ResultNode, draft: ResultDraft, parent_id: int | None, position: int) -> None:
    node.parent_id, node.position, node.retired_at = parent_id, position, None
    node.name, node.action, node.schedules = draft.name, draft.action, draft.schedules
    node.clears_appointments, node.successful, node.right_party = (
        draft.clears_appointments,
        draft.successful,
        draft.right_party,
    )
    node.measure, node.colour = draft.measure, draft.colour.value

"""The life of a campaign: created, changed, archived, reopened (S1-07…09, S1-12)."""

from __future__ import annotations

from typing import Any, NoReturn

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from ...models.campaigns.campaign import Campaign
from ...models.campaigns.ready_made import READY_MADE
from ...models.cases.case import Case, CaseStatus
from ...models.locking import lock
from ...models.refused import N_, AlreadyExists, BadInput, Conflict
from ...models.rows.campaign import CampaignRow, campaign_row
from ..bulk import change_many
from ..stale import stale
from ..work import Work
from .campaign_types import type_of
from .form import CampaignChanges, NewCampaign, columns_of
from .result_tree import put_results
from .rule_packs import exists, tell_rules
from .team import members, set_members, tell_rights
from .telling import own_without_working_there, tell_all_of_list, tell_campaign

_CHANGES = ("campaign.changed", "campaign.archived", "campaign.reopened", "campaign.results_changed")
_ON_CASES = ("name", "priority", "pressure")  # what rows of cases show of their campaign


async def create_campaign(work: Work, new: NewCampaign) -> CampaignRow:
    """Create a campaign with its result tree and agents (S1-07). Raises AlreadyExists, BadInput."""
    campaign_type = await type_of(work, new.type)
    await _check_pack(work, new.rule_pack)
    values = columns_of(new) | {"type_id": campaign_type.id, "created_by": work.actor.id}
    try:
        async with work.session.begin_nested():
            statement = insert(Campaign).values(values).returning(Campaign.id)
            campaign_id = (await work.session.execute(statement)).scalar_one()
    except IntegrityError as why:
        _name_taken(why, values)
    if tree := READY_MADE.get(campaign_type.code):
        await put_results(work, campaign_id, tree, tell=False)
    await set_members(work, campaign_id, new.agents or [])
    await work.audit("campaign.created", f"campaign:{campaign_id}", name=new.name)
    return await tell_campaign(work, campaign_id)


async def change_campaign(work: Work, campaign_id: int, changes: CampaignChanges) -> CampaignRow:
    """Change what `changes` names; archive and reopen are `archived` (S1-08, S1-09).

    Priority (S1-12, X2), name and thresholds stand on the rows of its unfinished cases: all of them change at once.
    Raises NotFound, Stale (with the row as it is now), AlreadyExists, BadInput.
    """
    before = await _lock(work, campaign_id)
    if changes.version is not None and changes.version < before.version:
        current = await campaign_row(work.session, campaign_id)
        yours = changes.model_dump(mode="json", exclude_unset=True)
        raise await stale(
            work, f"campaign:{campaign_id}", *_CHANGES, current=current.model_dump(mode="json"), yours=yours
        )
    stored = (await campaign_row(work.session, campaign_id)).model_dump(mode="json")
    values = columns_of(changes)
    await _check_pack(work, changes.rule_pack)
    if changes.type is not None:
        values["type_id"] = (await type_of(work, changes.type)).id
    if changes.archived is not None and changes.archived != (before.archived_at is not None):
        values["archived_at"] = work.now if changes.archived else None
    try:
        async with work.session.begin_nested():
            change = update(Campaign).where(Campaign.id == campaign_id)
            await work.session.execute(change.values(**values, version=Campaign.version + 1))
    except IntegrityError as why:
        _name_taken(why, values)
    if any(name in values and values[name] != getattr(before, name) for name in _ON_CASES):
        await _carry(work, before, values.get("priority", before.priority))
    if changes.agents is not None:
        await set_members(work, campaign_id, changes.agents)
    if {"rule_pack_id", "time_zone"} & values.keys():
        await tell_rules(work, [campaign_id])
    if "archived_at" in values:
        await tell_rights(work, await members(work, campaign_id) | await own_without_working_there(work, campaign_id))
    detail = changes.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    detail = {name: value for name, value in detail.items() if value != stored.get(name)}
    old = {name: stored.get(name) for name in detail}
    await work.audit(_name_of_change(values), f"campaign:{campaign_id}", before=old, after=detail)
    return await tell_campaign(work, campaign_id)


async def find_campaign(work: Work, asked: int | str) -> Campaign:
    """A campaign in use, by id or by its exact name. Raises BadInput when there is none, Conflict when archived."""
    campaign: Campaign | None = None
    if isinstance(asked, str):
        campaign = await work.session.scalar(select(Campaign).where(Campaign.name == asked))
    if campaign is None and str(asked).isascii() and str(asked).isdecimal() and len(str(asked)) < 19:
        campaign = await work.session.get(Campaign, int(asked))
    if campaign is None:
        raise BadInput(field="campaign", sentence=N_("No existe esa campaña."))
    if campaign.archived_at is not None:
        raise Conflict(sentence=N_("La campaña «%(name)s» está archivada. Reábrala primero."), name=campaign.name)
    return campaign


async def _check_pack(work: Work, pack_id: int | None) -> None:
    if pack_id is not None and not await exists(work, pack_id):
        raise BadInput(field="rule_pack", sentence=N_("No existe esa regla de contacto."))


async def _lock(work: Work, campaign_id: int) -> Campaign:
    campaign = await lock(work.session, Campaign, campaign_id)
    work.session.expunge(campaign)  # what it was before; the UPDATE must not change it under us
    return campaign


def _name_taken(why: IntegrityError, values: dict[str, Any]) -> NoReturn:
    """Say which unique value was in use."""
    if "queue_name" in str(why.orig):
        raise AlreadyExists(field="queue", name=values.get("queue_name")) from None
    if "name" in str(why.orig):
        raise AlreadyExists(field="name", name=values.get("name")) from None
    raise why


def _name_of_change(values: dict[str, Any]) -> str:
    if "archived_at" not in values:
        return "campaign.changed"
    return "campaign.archived" if values["archived_at"] else "campaign.reopened"


async def _carry(work: Work, before: Campaign, priority: int) -> None:
    """One statement over all unfinished cases, one event for all who see them."""
    cases = update(Case).where(Case.campaign_id == before.id, Case.status != CaseStatus.CLOSED)
    statement = cases.values(campaign_priority=priority, version=Case.version + 1)
    if moved := await change_many(work, statement):
        reason = "campaign" if priority == before.priority else "priority"
        await tell_all_of_list(work, before.id, reason, moved)

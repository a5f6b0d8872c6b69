"""Creating and changing rule packs. Which pack a campaign has is a setting of the campaign (X16, X21)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ...models.campaigns.results import Name
from ...models.cases.case import CaseCountDelta, CaseStatus
from ...models.contact.rule_pack import RulePack
from ...models.contact.rules import ContactRules
from ...models.locking import lock
from ...models.refused import AlreadyExists
from ...models.rows.rule_pack import PackRow, pack_row
from ...realtime.events import RulePackChanged
from ..stale import stale
from ..work import Work
from .telling import tell_all_of_list

Text = Annotated[str, Field(max_length=2000)]


class PackChanges(BaseModel):
    """What may be changed of a pack; what is not named stays. `version` is the one that was seen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    version: int | None = None
    name: Name | None = None
    text: Text | None = None
    rules: ContactRules | None = None


class NewPack(PackChanges):
    """A pack to create."""

    name: Name
    text: Text = ""
    rules: ContactRules = ContactRules()


async def create_pack(work: Work, new: NewPack) -> PackRow:
    """Create a pack. Raises AlreadyExists."""
    values = _values(new) | {"created_by": work.actor.id}
    statement = insert(RulePack).values(values).returning(RulePack.id)
    try:
        async with work.session.begin_nested():
            pack_id = (await work.session.execute(statement)).scalar_one()
    except IntegrityError:
        raise AlreadyExists(field="name", name=new.name) from None
    await work.audit("rule_pack.created", f"rule_pack:{pack_id}", name=new.name)
    return await _tell_pack(work, pack_id)


async def change_pack(work: Work, pack_id: int, changes: PackChanges) -> PackRow:
    """Change a pack; screens of the campaigns that have it read their cases again.

    Raises NotFound, Stale (with the row as it is now), AlreadyExists.
    """
    before = await lock(work.session, RulePack, pack_id)
    if changes.version is not None and changes.version < before.version:
        current = await pack_row(work.session, pack_id)
        yours = changes.model_dump(mode="json", exclude_unset=True)
        now = current.model_dump(mode="json")
        raise await stale(work, f"rule_pack:{pack_id}", "rule_pack.changed", current=now, yours=yours)
    stored = (await pack_row(work.session, pack_id)).model_dump(mode="json")
    change = update(RulePack).where(RulePack.id == pack_id)
    try:
        async with work.session.begin_nested():
            await work.session.execute(change.values(_values(changes) | {"version": RulePack.version + 1}))
    except IntegrityError:
        raise AlreadyExists(field="name", name=changes.name) from None
    detail = changes.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    detail = {name: value for name, value in detail.items() if value != stored.get(name)}
    old = {name: stored.get(name) for name in detail}
    await work.audit("rule_pack.changed", f"rule_pack:{pack_id}", before=old, after=detail)
    row = await _tell_pack(work, pack_id)
    if changes.rules is not None:
        await tell_rules(work, [campaign.id for campaign in row.campaigns])
    return row


async def _tell_pack(work: Work, pack_id: int) -> PackRow:
    """Tell the pack as it is now, and answer its row."""
    row = await pack_row(work.session, pack_id)
    told = row.model_dump(mode="json")
    work.tell(RulePackChanged(at=work.now, pack=told, version=row.version, by=work.actor.named))
    return row


async def tell_rules(work: Work, campaign_ids: Sequence[int]) -> None:
    """Tell everybody who sees cases of these campaigns that the rules changed. The cases themselves did not."""
    for campaign_id in campaign_ids:
        deltas = CaseCountDelta.campaign_id == campaign_id, CaseCountDelta.status != CaseStatus.CLOSED
        count = await work.session.scalar(select(func.coalesce(func.sum(CaseCountDelta.n), 0)).where(*deltas))
        await tell_all_of_list(work, campaign_id, "rules", int(count or 0))


async def exists(work: Work, pack_id: int) -> bool:
    """Whether there is such a pack. It is locked, so that it stays until the end of the work."""
    found = select(RulePack.id).where(RulePack.id == pack_id).with_for_update(read=True, key_share=True)
    return await work.session.scalar(found) is not None


def _values(changes: PackChanges) -> dict[str, Any]:
    """Columns that `changes` sets, by attribute."""
    named = changes.model_dump(exclude_unset=not isinstance(changes, NewPack), exclude={"version", "rules"})
    values = {name: value for name, value in named.items() if value is not None}
    if changes.rules is not None:
        values["stored"] = changes.rules.model_dump(mode="json")
    return values

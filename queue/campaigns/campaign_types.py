"""The types of campaign: found, added, removed (S1-14)."""

from __future__ import annotations

import re

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from ...models.campaigns.campaign import Campaign, CampaignType
from ...models.locking import lock
from ...models.refused import N_, AlreadyExists, BadInput, Conflict
from ...models.rows.campaign import TypeRow
from ..customers.filter import fold
from ..work import Work


async def type_of(work: Work, asked: int | str) -> CampaignType:
    """The type of this id or code. Raises BadInput when there is none."""
    by = CampaignType.id == asked if isinstance(asked, int) else CampaignType.code == asked
    campaign_type = (await work.session.scalars(select(CampaignType).where(by))).one_or_none()
    if campaign_type is None:
        raise BadInput(field="type", sentence=N_("No existe ese tipo de campaña."))
    return campaign_type


async def add_type(work: Work, name: str, code: str | None = None) -> TypeRow:
    """Add a type of campaign (S1-14); without a code its name makes one. Raises AlreadyExists."""
    code = code or re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_") or "kind"
    taken = select(CampaignType.id).where((CampaignType.code == code) | (CampaignType.name == name))
    if await work.session.scalar(taken):
        raise AlreadyExists(field="name", name=name)
    try:
        async with work.session.begin_nested():
            statement = insert(CampaignType).values(code=code, name=name).returning(CampaignType.id)
            type_id = (await work.session.execute(statement)).scalar_one()
    except IntegrityError:
        raise AlreadyExists(field="name", name=name) from None
    await work.audit("campaign_type.added", f"campaign_type:{type_id}", name=name, code=code)
    return TypeRow(id=type_id, code=code, name=name)


async def remove_type(work: Work, type_id: int) -> None:
    """Remove a type of campaign that no campaign has (S1-14). Raises NotFound, Conflict."""
    name = (await lock(work.session, CampaignType, type_id)).name
    using = await work.session.scalar(select(func.count()).where(Campaign.type_id == type_id))
    if using:
        raise Conflict(sentence=N_("Hay %(using)s campañas del tipo «%(name)s»."), using=using, name=name)
    await work.session.execute(delete(CampaignType).where(CampaignType.id == type_id))
    await work.audit("campaign_type.removed", f"campaign_type:{type_id}", name=name)

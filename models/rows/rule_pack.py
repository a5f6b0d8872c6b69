"""Builds rows of rule packs, each with the campaigns that are under it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign
from ..contact.rule_pack import RulePack
from ..contact.rules import ContactRules
from ..refused import NotFound
from .values import Named, Row


class PackRow(Row):
    """A pack as the editor shows it; `campaigns` are those in use that have it."""

    id: int
    version: int
    name: str
    text: str
    rules: ContactRules
    campaigns: list[Named]


async def pack_row(session: AsyncSession, pack_id: int) -> PackRow:
    """The row of one pack. Raises NotFound."""
    rows = await pack_rows(session, [pack_id])
    if not rows:
        raise NotFound
    return rows[0]


async def pack_rows(session: AsyncSession, ids: Collection[int] | None = None) -> list[PackRow]:
    """Rows of these packs (of all when None), by name."""
    statement = select(RulePack).order_by(func.lower(RulePack.name), RulePack.id)
    if ids is not None:
        statement = statement.where(RulePack.id.in_(ids))
    packs = (await session.scalars(statement.execution_options(populate_existing=True))).all()
    under: dict[int | None, list[Named]] = defaultdict(list)
    campaigns = select(Campaign.rule_pack_id, Campaign.id, Campaign.name).order_by(Campaign.priority, Campaign.name)
    under_these = Campaign.rule_pack_id.in_([pack.id for pack in packs]), Campaign.archived_at.is_(None)
    for row in await session.execute(campaigns.where(*under_these)):
        under[row.rule_pack_id].append(Named(id=row.id, name=row.name))
    return [_row(pack, under[pack.id]) for pack in packs]


def _row(pack: RulePack, campaigns: list[Named]) -> PackRow:
    return PackRow(
        id=pack.id, version=pack.version, name=pack.name, text=pack.text, rules=pack.rules, campaigns=campaigns
    )

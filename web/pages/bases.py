"""`/bases`: bring a base in, in four steps, and the uploads there were (S4-02, S4-12)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.bases.upload import Upload
from ...models.campaigns.campaign import Campaign
from ...models.customers.customer import CustomerBase
from ...models.refused import NotFound
from ...models.rows.upload import upload_row, upload_rows


async def gather_uploads(session: AsyncSession) -> dict[str, Any]:
    """The uploads there were, the campaigns that take cases, and the bases with their keys."""
    open_ones = select(Campaign.id, Campaign.name).where(Campaign.archived_at.is_(None)).order_by(Campaign.name)
    campaigns = [{"id": number, "name": name} for number, name in (await session.execute(open_ones))]
    uploads = [row.model_dump(mode="json") for row in await upload_rows(session, 30)]
    kept = select(CustomerBase.name, CustomerBase.key).where(CustomerBase.deleted_at.is_(None))
    bases = [{"name": name, "key": key} for name, key in (await session.execute(kept.order_by(CustomerBase.name)))]
    return {"uploads": uploads, "campaigns": campaigns, "bases": bases}


async def gather_upload(session: AsyncSession, upload_id: str) -> dict[str, Any]:
    """One upload among them. Raises NotFound."""
    if await session.get(Upload, upload_id) is None:
        raise NotFound
    upload = await upload_row(session, upload_id)
    return {**await gather_uploads(session), "job": upload.model_dump(mode="json")}

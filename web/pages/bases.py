"""`/bases`: bring a base in, in four steps, and the uploads there were (S4-02, S4-12)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.bases.upload import Upload
from ...models.customers.customer import CustomerBase
from ...models.refused import NotFound
from ...models.rows.campaign import campaigns_by_name
from ...models.rows.upload import upload_row, upload_rows


async def gather_uploads(session: AsyncSession) -> dict[str, Any]:
    """The uploads there were, the campaigns that take cases, and the bases with their keys."""
    campaigns = [campaign.model_dump() for campaign in await campaigns_by_name(session)]
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

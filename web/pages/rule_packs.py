"""`/reglas`: the packs of contact rules, which campaign has which, and the countries whose holidays are known."""

from __future__ import annotations

from typing import Any

from babel import Locale
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.contact.holidays import countries
from ...models.rows.campaign import campaign_rows
from ...models.rows.rule_pack import pack_rows


async def gather_rule_packs(session: AsyncSession, locale: str) -> dict[str, Any]:
    """What the page begins with; countries by their name in this language."""
    campaigns = [row for row in await campaign_rows(session) if not row.archived]
    return {
        "packs": [row.model_dump(mode="json") for row in await pack_rows(session)],
        "campaigns": [
            {"id": row.id, "version": row.version, "name": row.name, "rule_pack": row.rule_pack} for row in campaigns
        ],
        "countries": _named(locale),
    }


def _named(locale: str) -> list[tuple[str, str]]:
    names = Locale.parse(locale).territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: pair[1])

"""`/configuraciones` and `/claves`: what administrators see of the whole installation (S1-02)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.audit.retention import LONGEST, SHORTEST
from ...models.audit.settings_row import settings_row
from ...models.calls.call import Pbx
from ...models.identity.access_rows import all_tokens
from ...models.people.user import Token, User
from ...models.permissions import Role


async def gather_configuration(session: AsyncSession) -> dict[str, Any]:
    """Connections, retention, and how many people and keys there are."""
    by_role = await session.execute(select(User.role, func.count().label("n")).where(User.active).group_by(User.role))
    people = {row.role.value: row.n for row in by_role}
    keys = select(func.count()).where(Token.revoked_at.is_(None), Token.expires_at > func.now())
    settings = await settings_row(session)
    return {
        "pbxs": (await session.scalars(select(Pbx).order_by(Pbx.id))).all(),
        "people": {role.value: people.get(role.value, 0) for role in Role},
        "keys": (await session.execute(keys)).scalar_one(),
        "settings": settings,
        "settings_json": settings.model_dump(mode="json"),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }


async def gather_tokens(session: AsyncSession) -> dict[str, Any]:
    """Everybody's keys, by person."""
    return {"tokens": await all_tokens(session)}

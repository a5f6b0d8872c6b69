"""`/usuarios`: people and their roles (S1-02…S1-05)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.audit.words import ROLES
from ...models.rows.person import account_row, users_shut_out_last


async def gather_users(session: AsyncSession) -> dict[str, Any]:
    """Everybody, those who may not enter last, and the roles there are."""
    rows = [account_row(user).model_dump(mode="json") for user in await users_shut_out_last(session)]
    return {"users": rows, "roles": {role.value: word for role, word in ROLES.items()}}

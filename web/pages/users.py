"""`/usuarios`: people and their roles (S1-02…S1-05)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.audit.words import ROLES
from ...models.rows.person import users_shut_out_last


async def gather_users(session: AsyncSession) -> dict[str, Any]:
    """Everybody, those who may not enter last, and the roles there are."""
    rows = [
        {
            "id": user.id,
            "user_version": user.version,
            "username": user.username,
            "name": user.name,
            "role": user.role.value,
            "extension": user.extension or "",
            "active": user.active,
            "has_password": user.password_hash is not None,
        }
        for user in await users_shut_out_last(session)
    ]
    return {"users": rows, "roles": {role.value: word for role, word in ROLES.items()}}

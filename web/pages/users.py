"""`/usuarios`: people and their roles (S1-02…S1-05)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.people.user import User
from ...models.permissions import Role
from ...models.refused import N_

ROLES = {
    Role.ADMIN: N_("Administrador"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.AGENT: N_("Agente"),
}


async def gather_users(session: AsyncSession) -> dict[str, Any]:
    """Everybody, those who may not enter last, and the roles there are."""
    people = (await session.execute(select(User).order_by(User.active.desc(), User.name, User.id))).scalars()
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
        for user in people
    ]
    return {"users": rows, "roles": {role.value: word for role, word in ROLES.items()}}

"""`atiende user add`: makes a person from the command line."""

from __future__ import annotations

import asyncio
import sys

from ...models.permissions import Role
from ...models.refused import Refused
from ...queue.people.links import make_link
from ...queue.people.users import create_user, folded
from ..connections import connections
from ..identity.first_administrator import PATH
from ..identity.passwords import Passwords, check_new_password
from ..identity.secret import new_secret
from ..settings import Settings


def add_user(settings: Settings, name: str, role: str, extension: str | None, password: str | None) -> int:
    """Make the person; the exit status. Without a password a one-time link to choose one is printed."""
    try:
        link = asyncio.run(_add(settings, name, Role(role), extension, password))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    print(f"Se creó «{folded(name)}».")
    if link:
        print(f"Elige su contraseña en este enlace, que sirve una sola vez:\n  {link}")
    return 0


async def _add(settings: Settings, username: str, role: Role, extension: str | None, password: str | None) -> str:
    stored = None
    if password is not None:
        check_new_password(password, folded(username))
        passwords = Passwords()
        stored = await passwords.hash(password)
        passwords.close()
    shown = folded(username).partition("@")[0].replace(".", " ").replace("_", " ").title()
    async with connections(settings) as opened, opened.house.work() as work:
        user_id = await create_user(work, username, shown, role, extension=extension or None, password_hash=stored)
        if stored:
            return ""
        secret, hashed = new_secret()
        await make_link(work, user_id, hashed)
    return f"{settings.address}{PATH}?token={secret}"

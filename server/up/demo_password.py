"""The password of the demonstration's people.

On this machine alone it is the one that the documents name. As soon as others can reach it, one is made up, printed and
kept in the data folder, and whoever still has the known one gets it: whatever was started how before.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from ...models.people.user import User
from ...queue.people.users import change_user
from ...queue.work import House
from ..identity.passwords import Passwords
from ..settings import Settings, kept_secret

KNOWN = "atiende-demo"
TYPED = 9  # random bytes: twelve signs, which people type


def password_file(settings: Settings) -> Path:
    """Where a made-up password is kept."""
    return settings.data_dir / "demo_password"


def demo_password(settings: Settings) -> str:
    """What the demonstration's people sign in with: the known one, or the one made up for this data folder."""
    file = password_file(settings)
    return kept_secret(file, TYPED) if file.exists() or reached_by_others(settings) else KNOWN


def reached_by_others(settings: Settings) -> bool:
    """Whether anybody but this machine can reach the web process, by its own address or by a public one."""
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    return not all(_is_here(host) for host in (settings.host, public or settings.host))


async def replace_known(house: House, settings: Settings, usernames: list[str]) -> list[str]:
    """Give the made-up password to those of these people who have the known one; who they were."""
    password, passwords = demo_password(settings), Passwords()
    if password == KNOWN:
        return []
    try:
        async with house.work() as work:
            wanted = select(User.id, User.username, User.password_hash).where(User.username.in_(usernames))
            people = (await work.session.execute(wanted)).all()
            found = [each for each in people if await passwords.matches(KNOWN, each.password_hash)]
            for each in found:
                await change_user(work, each.id, {"password_hash": await passwords.hash(password)})
    finally:
        passwords.close()
    return [each.username for each in found]


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

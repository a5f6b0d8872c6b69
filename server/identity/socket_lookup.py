"""Who is behind a socket, and in which campaigns they work: one query for all who come at the same moment."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...models.campaigns.campaign import CampaignAgent
from ...models.people.user import Session, Token, User
from ...realtime.line.together import Together
from ..database import is_away
from .person import SignedIn
from .session_lifetime import (
    PATIENCE,
    is_to_renew,
    is_use_to_write,
    renewing,
    session_is_alive,
    token_is_alive,
    used,
)


class Key(NamedTuple):
    """What a browser or a program brought, as the database knows it."""

    token: bool
    stored: bytes


@dataclass(frozen=True, slots=True)
class SocketUser:
    """A signed-in person and the campaigns in which they work."""

    user: SignedIn
    campaigns: frozenset[int]


class SocketLookup:
    """`ask` from as many tasks as there are sockets."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._looking: set[asyncio.Task[dict[Key, SocketUser]]] = set()
        self._asking = Together(self._look)

    async def ask(self, key: Key) -> SocketUser | None:
        """The person as they are now (the question is asked after this call); None when signed out.

        Raises OSError or a database error when the database is away.
        """
        return await self._asking(key)

    async def _look(self, keys: list[Key]) -> list[SocketUser | None]:
        self._looking.add(look := asyncio.create_task(self._find_surely(set(keys))))
        look.add_done_callback(self._looking.discard)
        done, _ = await asyncio.wait({look}, timeout=PATIENCE)
        if not done:  # not awaited any more: closing a connection that does not answer takes seconds by itself
            look.cancel()
            raise TimeoutError("the database does not answer")
        found = look.result()
        return [found.get(key) for key in keys]

    async def _find_surely(self, keys: set[Key]) -> dict[Key, SocketUser]:
        """Asked twice: after a restart of the database the first connection may still be the old one."""
        try:
            return await self._find(keys)
        except DBAPIError as why:
            if not is_away(why):
                raise
            return await self._find(keys)

    async def _find(self, keys: set[Key]) -> dict[Key, SocketUser]:
        found: dict[Key, SocketUser] = {}
        async with self._engine.connect() as connection:
            for is_token, statement in ((False, _SESSIONS), (True, _TOKENS)):
                if stored := [key.stored for key in keys if key.token is is_token]:
                    rows = (await connection.execute(statement, {"stored": stored})).all()
                    found |= {Key(is_token, row.stored): _guest(row, is_token) for row in rows}
                    await self._renew(
                        connection, (row for row in rows if not is_token and is_to_renew(row.seen, row.at))
                    )
                    for row in (row for row in rows if is_token and is_use_to_write(row.seen, row.at)):
                        await connection.execute(used(Token.id == row.token, row.at))
        return found

    async def _renew(self, connection: AsyncConnection, rows: Iterable[Any]) -> None:
        """Sessions in use live on; not every arrival writes."""
        by_moment: dict[datetime, list[bytes]] = defaultdict(list)
        for row in rows:
            by_moment[row.at].append(row.stored)
        for at, stored in by_moment.items():
            await connection.execute(renewing(Session.token_hash.in_(stored), at))


def _who(table: type[Session] | type[Token], *more: Any) -> Select[Any]:
    person = [User.id, User.username, User.name, User.role, User.locale, User.extension]
    campaigns = select(func.array_agg(CampaignAgent.campaign_id)).where(CampaignAgent.user_id == User.id)
    stored = table.token_hash.label("stored")
    given = any_(bindparam("stored", type_=ARRAY(BYTEA)))
    who = select(stored, *more, *person, campaigns.scalar_subquery().label("campaigns"))
    return who.join(User, User.id == table.user_id).where(table.token_hash == given)


_SESSIONS = _who(Session, Session.seen_at.label("seen"), func.now().label("at")).where(session_is_alive())
_TOKENS = _who(Token, Token.id.label("token"), Token.last_used_at.label("seen"), func.now().label("at")).where(
    token_is_alive()
)


def _guest(row: Any, is_token: bool) -> SocketUser:
    session = f"t:{row.token}" if is_token else f"s:{row.stored.hex()[:12]}"
    user = SignedIn(row.id, row.username, row.name, row.role, row.locale, row.extension, session)
    return SocketUser(user, frozenset(row.campaigns or ()))

"""Who stands behind a socket, and in which campaigns he works: questions of one moment are asked together.

While one query is at the database the next questions gather; a storm of three thousand returning screens is some tens
of queries, and a socket that comes alone waits for nobody.
"""

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

from ..models.campaign import CampaignAgent
from ..models.user import Session, Token, User
from .database import is_away
from .route import SignedIn
from .session_rules import PATIENCE, is_to_renew, renewing, session_is_alive, token_is_alive

_MOST = 500  # questions of one query


class Key(NamedTuple):
    """What a browser or a program brought, as the database knows it."""

    token: bool
    stored: bytes


@dataclass(frozen=True, slots=True)
class Guest:
    """A signed-in person and the campaigns he works in."""

    user: SignedIn
    campaigns: frozenset[int]


class Doorkeeper:
    """`ask` from as many tasks as there are sockets."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._waiting: list[tuple[Key, asyncio.Future[Guest | None]]] = []
        self._answering: asyncio.Task[None] | None = None
        self._looking: set[asyncio.Task[dict[Key, Guest]]] = set()

    async def ask(self, key: Key) -> Guest | None:
        """The person as he is now (the question is asked after this call); None when signed out.

        Raises OSError or a database error when the database is away.
        """
        answer: asyncio.Future[Guest | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        if self._answering is None:
            self._answering = asyncio.create_task(self._answer_all())
        return await answer

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                await self._answer(asked)
        finally:
            self._answering = None

    async def _answer(self, asked: list[tuple[Key, asyncio.Future[Guest | None]]]) -> None:
        self._looking.add(look := asyncio.create_task(self._find_surely({key for key, _ in asked})))
        look.add_done_callback(self._looking.discard)
        done, _ = await asyncio.wait({look}, timeout=PATIENCE)
        if not done:  # not awaited any more: closing a connection that does not answer takes seconds by itself
            look.cancel()
        why = look.exception() if done else TimeoutError("the database does not answer")
        for key, answer in asked:
            if answer.done():  # the socket is gone
                continue
            if why is not None:
                answer.set_exception(why)
            else:
                answer.set_result(look.result().get(key))

    async def _find_surely(self, keys: set[Key]) -> dict[Key, Guest]:
        """Asked twice: after a restart of the database the first connection may still be the old one."""
        try:
            return await self._find(keys)
        except DBAPIError as why:
            if not is_away(why):
                raise
            return await self._find(keys)

    async def _find(self, keys: set[Key]) -> dict[Key, Guest]:
        found: dict[Key, Guest] = {}
        async with self._engine.connect() as connection:
            for is_token, statement in ((False, _SESSIONS), (True, _TOKENS)):
                if stored := [key.stored for key in keys if key.token is is_token]:
                    rows = (await connection.execute(statement, {"stored": stored})).all()
                    found |= {Key(is_token, row.stored): _guest(row, is_token) for row in rows}
                    await self._renew(
                        connection, (row for row in rows if not is_token and is_to_renew(row.seen, row.at))
                    )
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
_TOKENS = _who(Token, Token.id.label("token")).where(token_is_alive())


def _guest(row: Any, is_token: bool) -> Guest:
    session = f"t:{row.token}" if is_token else f"s:{row.stored.hex()[:12]}"
    user = SignedIn(row.id, row.username, row.name, row.role, row.locale, row.extension, session)
    return Guest(user, frozenset(row.campaigns or ()))

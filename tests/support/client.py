"""An in-process browser: the real application on a test's own database, without a network.

    async with running_app(settings) as site:
        agent = await site.signed_in("agent")
        answer = await agent.get("/api/v1/me")

Requests are made as a browser of our own pages would (`Sec-Fetch-Site: same-origin`); `site.visitor()` has no session.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette

from atiende.models.people.agent import Agent
from atiende.models.people.user import Session, User
from atiende.models.permissions import Role
from atiende.queue.work import House
from atiende.server.app import build_app
from atiende.server.identity.passwords import Passwords
from atiende.server.identity.request_lookup import cookie_name
from atiende.server.identity.secret import new_secret
from atiende.server.listening.budgets import Spending
from atiende.server.settings import Settings

PASSWORD = "caballo-correcto"
CHEAP = {"memory_kib": 64, "passes": 1}  # a sign-in in a test costs less than a millisecond
ADDRESS = "http://127.0.0.1:8000"


class Client(httpx.AsyncClient):
    """A browser (or program); `user_id` is who is signed in."""

    user_id: int = 0
    username: str = ""


@dataclass
class Site:
    """The running application and quick ways to people it with."""

    app: Starlette
    settings: Settings
    _clients: list[Client] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def house(self) -> House:
        """The application's own house."""
        house: House = self.app.state.web.house
        return house

    @property
    def passwords(self) -> Passwords:
        """The application's own passwords."""
        passwords: Passwords = self.app.state.web.passwords
        return passwords

    def visitor(self, **headers: str) -> Client:
        """Nobody in particular."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        told = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "es"} | headers
        client = Client(transport=transport, base_url=ADDRESS, headers=told, follow_redirects=False)
        self._clients.append(client)
        return client

    async def user(self, role: Role | str = Role.AGENT, username: str = "", **values: Any) -> int:
        """A person with the password PASSWORD; the id."""
        name = username or f"{role}-{next(self._numbers)}"
        columns = {"name": name.title(), "role": Role(role), "password_hash": await self.passwords.hash(PASSWORD)}
        async with AsyncSession(self.house.engine, expire_on_commit=False) as session, session.begin():
            user = User(username=name, **(columns | values))
            session.add(user)
            await session.flush()
            session.add(Agent(user_id=user.id))
        return user.id

    async def signed_in(self, role: Role | str = Role.AGENT, username: str = "", **values: Any) -> Client:
        """A new person with a session of their own; signing in itself is not gone through (they stay offline)."""
        return await self.session_of(await self.user(role, username, **values))

    async def session_of(self, user_id: int) -> Client:
        """A browser in which this person is signed in."""
        secret, hashed = new_secret()
        async with AsyncSession(self.house.engine) as session, session.begin():
            user = await session.get_one(User, user_id)
            until = func.now() + timedelta(hours=1)
            session.add(Session(token_hash=hashed, user_id=user_id, expires_at=until))
            username = user.username
        client = self.visitor()
        client.cookies.set(cookie_name(False), secret)
        client.user_id, client.username = user_id, username
        return client


@asynccontextmanager
async def running_app(settings: Settings, spending: Spending | None = None) -> AsyncIterator[Site]:
    """The application, started and stopped as a server would; without budgets, unless they are given."""
    app = build_app(settings, Passwords(**CHEAP), spending or Spending({}))
    site = Site(app, settings)
    async with app.router.lifespan_context(app):
        try:
            yield site
        finally:
            for client in site._clients:
                await client.aclose()

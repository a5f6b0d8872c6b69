"""What a route is: one row of the table that makes routes, permission test, OpenAPI document and docs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from ...models.clock import database_now
from ...models.permissions import Permission
from ...queue.work import SERVER, Actor, House, Work
from ..identity.person import SignedIn
from ..listening.budgets import Spend


@dataclass(slots=True)
class Door:
    """What a handler is given: who asks, what was asked (checked), and either a work or a look at the database.

    A changing request runs inside one `work`, committed when the handler returns and undone when it raises, so that an
    Idempotency-Key and its answer are stored together with what was done. A GET runs inside one read-only `session`.
    """

    request: Request
    house: House
    user: SignedIn | None
    path: dict[str, Any]
    body: Any = None  # an instance of Route.body
    query: Any = None  # an instance of Route.query
    cursor: str = ""  # of a page: the stream's cursor read before its rows; empty when Redis does not answer
    _work: Work | None = None
    _session: AsyncSession | None = None
    _now: datetime | None = None

    @property
    def me(self) -> SignedIn:
        """The signed-in person; only routes with a permission may ask."""
        assert self.user is not None
        return self.user

    @property
    def actor(self) -> Actor:
        """Who acts, from where, and with which session or token; for handlers that open works of their own."""
        if self.user is None:
            return SERVER
        address = self.request.client.host if self.request.client else None
        user = self.user
        return Actor(user.id, user.name, user.role, address=address, via=user.session)

    @property
    def work(self) -> Work:
        """The transaction of a changing request."""
        assert self._work is not None, "only changing routes have a work"
        return self._work

    @property
    def session(self) -> AsyncSession:
        """Where to read: the work's session, or the read-only one of a GET."""
        if self._work is not None:
            return self._work.session
        assert self._session is not None
        return self._session

    async def note(self, action: str, subject: str, **detail: Any) -> None:
        """Write into the audit at once, in a work of its own: for what only reads, as a file that goes out."""
        async with self.house.work(self.actor) as work:
            await work.audit(action, subject, **detail)

    async def now(self) -> datetime:
        """The moment of this request by the database's clock: the work's own, or asked once by a GET."""
        if self._work is not None:
            return self._work.now
        if self._now is None:
            self._now = await database_now(self.session)
        return self._now


JSON_LIMIT = 1 << 20  # bytes
UPLOAD_LIMIT = 1 << 30
SIGNED_OUT_LIMIT = 16 << 10  # bytes, at doors that are open to everybody

Handler = Callable[[Door], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One door. `permission` none = open to the signed-out. A handler answers a pydantic model, a list, a dict or None
    (204), or a Starlette `Response` (pages, downloads). Its docstring's first line is the summary in the docs."""

    method: str
    path: str
    handler: Handler
    permission: Permission | None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: Any = None
    status: int = 200
    refusals: tuple[type[Exception], ...] = ()
    page: bool = False  # HTML: a signed-out visitor is sent to the sign-in page
    upload: bool = False  # multipart: the handler reads `await door.request.form()`, received before the work opens
    own_work: bool = False  # the handler opens its own work: it waits for something, or writes although it refuses
    limit: int = JSON_LIMIT  # bytes a request may have
    spends: Spend | None = None  # a search or a file; what changes something counts as that anyhow
    tags: tuple[str, ...] = field(default=())
    media: tuple[str, ...] = ()  # what a download is, when it is not JSON
    form: Mapping[str, str] = field(default_factory=dict)  # fields of an upload beside `file`, for the docs

    @property
    def cost(self) -> Spend | None:
        """What passing it counts as."""
        return self.spends or (None if self.method == "GET" else Spend.CHANGE)

    @property
    def most_bytes(self) -> int:
        """Bytes a request may have here."""
        return self.limit if self.permission else min(self.limit, SIGNED_OUT_LIMIT)


Page = Response

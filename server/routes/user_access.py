"""`/api/v1/users/{id}/sessions`, `/users/{id}/tokens`: administrators see and end them, and no password changes."""

from __future__ import annotations

from ...models.identity.access_rows import session_rows, token_rows
from ...models.permissions import Permission
from ...models.refused import NotFound
from ...models.rows.person import person_row
from ...queue.people import sessions, tokens
from ..doors.route import Door, Route
from .account import API, SessionList, TokenList


async def sessions_of(door: Door) -> SessionList:
    """Where a person is signed in."""
    await person_row(door.session, door.path["id"])
    current = door.me.session.removeprefix("s:")
    return SessionList(items=await session_rows(door.session, door.path["id"], current))


async def end_all_sessions(door: Door) -> None:
    """End all sessions of a person, except the one that asks."""
    await person_row(door.session, door.path["id"])
    await sessions.end_sessions(door.work, door.path["id"], door.me.session.removeprefix("s:"))


async def end_one_session(door: Door) -> None:
    """End one session of a person."""
    await sessions.end_session(door.work, door.path["id"], door.path["session"])


async def tokens_of(door: Door) -> TokenList:
    """A person's keys for programs."""
    await person_row(door.session, door.path["id"])
    return TokenList(items=await token_rows(door.session, door.path["id"]))


async def end_token(door: Door) -> None:
    """Make one of a person's keys useless."""
    if not await tokens.revoke_token(door.work, door.path["id"], door.path["token"]):
        raise NotFound


_MAY, _TAGS = Permission.MANAGE_USERS, ("usuarios",)
_ONE = f"{API}/users/{{id:int}}"
ROUTES = [
    Route("GET", f"{_ONE}/sessions", sessions_of, _MAY, answer=SessionList, refusals=(NotFound,), tags=_TAGS),
    Route("DELETE", f"{_ONE}/sessions", end_all_sessions, _MAY, status=204, refusals=(NotFound,), tags=_TAGS),
    Route(
        "DELETE", f"{_ONE}/sessions/{{session}}", end_one_session, _MAY, status=204, refusals=(NotFound,), tags=_TAGS
    ),
    Route("GET", f"{_ONE}/tokens", tokens_of, _MAY, answer=TokenList, refusals=(NotFound,), tags=_TAGS),
    Route("DELETE", f"{_ONE}/tokens/{{token:int}}", end_token, _MAY, status=204, refusals=(NotFound,), tags=_TAGS),
]

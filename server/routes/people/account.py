"""`/api/v1/me/…`, `/tokens`: one's own password, sessions, and keys for programs; `/users/{id}/sessions` and `/tokens`:
administrators see and end those of others, and no password changes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from starlette.responses import Response

from ....models.identity.access_rows import SessionRow, TokenRow, session_rows, token_rows
from ....models.people.user import User
from ....models.permissions import Permission
from ....models.refused import N_, BadInput, Conflict, NotAllowed, NotFound, TooManyTries
from ....models.rows.person import person_row
from ....models.rows.values import Row
from ....queue.people import sessions, tokens
from ....queue.people.own_password import change_own_password, count_own_try
from ....queue.work import again
from ...doors.answers import json_answer
from ...doors.input import Input, Moment
from ...doors.route import Door, Route
from ...identity.passwords import check_new_password
from ...identity.secret import new_secret
from ...web_process import web_of

API = "/api/v1"
NOT_BY_TOKEN = N_("Esto se hace con su sesión, no con una clave de programa.")


class PasswordChange(BaseModel):
    """The present password and the new one, exactly as typed."""

    model_config = ConfigDict(extra="forbid")
    old: Annotated[str, Field(min_length=1, max_length=256)]
    new: Annotated[str, Field(min_length=1, max_length=256)]


class SessionList(Row):
    """Sessions that are alive, the last seen first."""

    items: list[SessionRow]
    next: None = None


class TokenList(Row):
    """Keys that are valid, the newest first."""

    items: list[TokenRow]
    next: None = None


class NewToken(Input):
    """What a program's key is called, and when it ends: in 90 days when not said, in a year at the latest."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    expires_at: Moment | None = None


class TokenMade(TokenRow):
    """A key; `token` is shown this once."""

    token: str


def session_of(door: Door) -> str:
    """The id of the session that asks. Raises NotAllowed for a program: a key makes no keys and changes no password."""
    kind, _, name = door.me.session.partition(":")
    if kind != "s":
        raise NotAllowed(sentence=NOT_BY_TOKEN)
    return name


async def change_password(door: Door) -> None:
    """Change my password. All my other sessions, my keys and my links end."""
    current, given, passwords = session_of(door), door.body, web_of(door.request).passwords
    async with door.house.work(door.actor) as work:
        await count_own_try(work, door.me.id)
        before = await work.session.scalar(select(User.password_hash).where(User.id == door.me.id))
    if not await passwords.matches(given.old, before):
        async with door.house.work(door.actor) as work:
            await work.audit("password.refused", f"user:{door.me.id}")
        raise BadInput(field="old", sentence=N_("Esa no es su contraseña de ahora."))
    check_new_password(given.new, door.me.username, field="new")
    if given.new == given.old:
        raise BadInput(field="new", sentence=N_("La nueva debe ser distinta de la de ahora."))
    stored = await passwords.hash(given.new)

    async def change() -> None:
        async with door.house.work(door.actor) as work:
            await change_own_password(work, door.me.id, before, stored, current)

    await again(change)


async def my_sessions(door: Door) -> SessionList:
    """Where I am signed in."""
    current = door.me.session.removeprefix("s:")
    return SessionList(items=await session_rows(door.session, door.me.id, current))


async def end_my_session(door: Door) -> None:
    """End one of my sessions."""
    await sessions.end_session(door.work, door.me.id, door.path["id"])


async def end_my_other_sessions(door: Door) -> None:
    """End all my sessions but the one that asks."""
    await sessions.end_sessions(door.work, door.me.id, session_of(door))


async def my_tokens(door: Door) -> TokenList:
    """My keys for programs: until when they are valid, and when each was used last."""
    return TokenList(items=await token_rows(door.session, door.me.id))


async def make_token(door: Door) -> Response:
    """Make a key for a program, with my rights; it is shown only this once."""
    session_of(door)
    secret, hashed = new_secret()
    token = await tokens.make_token(door.work, door.me.id, door.body.name, hashed, door.body.expires_at)
    return json_answer(TokenMade(**TokenRow.model_validate(token).model_dump(), token=secret), 201)


async def revoke_token(door: Door) -> None:
    """Make one of my keys useless."""
    if not await tokens.revoke_token(door.work, door.me.id, door.path["id"]):
        raise NotFound


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


_SELF, _TAGS = Permission.SEE_SELF, ("sesión",)
_MAY, _USERS = Permission.MANAGE_USERS, ("usuarios",)
_ONE = f"{API}/users/{{id:int}}"
_MINE, _TOKENS = f"{API}/me/sessions", f"{API}/tokens"
_PASSWORD = (BadInput, NotAllowed, TooManyTries, Conflict)
ROUTES = [
    Route(
        "POST",
        f"{API}/me/password",
        change_password,
        _SELF,
        PasswordChange,
        own_work=True,
        status=204,
        refusals=_PASSWORD,
        tags=_TAGS,
    ),
    Route("GET", _MINE, my_sessions, _SELF, answer=SessionList, tags=_TAGS),
    Route("DELETE", _MINE, end_my_other_sessions, _SELF, status=204, refusals=(NotAllowed,), tags=_TAGS),
    Route("DELETE", f"{_MINE}/{{id}}", end_my_session, _SELF, status=204, refusals=(NotFound,), tags=_TAGS),
    Route("GET", _TOKENS, my_tokens, _SELF, answer=TokenList, tags=_TAGS),
    Route(
        "POST",
        _TOKENS,
        make_token,
        _SELF,
        NewToken,
        answer=TokenMade,
        status=201,
        refusals=(BadInput, NotAllowed, Conflict),
        tags=_TAGS,
    ),
    Route("DELETE", f"{_TOKENS}/{{id:int}}", revoke_token, _SELF, status=204, refusals=(NotFound,), tags=_TAGS),
    Route("GET", f"{_ONE}/sessions", sessions_of, _MAY, answer=SessionList, refusals=(NotFound,), tags=_USERS),
    Route("DELETE", f"{_ONE}/sessions", end_all_sessions, _MAY, status=204, refusals=(NotFound,), tags=_USERS),
    Route(
        "DELETE", f"{_ONE}/sessions/{{session}}", end_one_session, _MAY, status=204, refusals=(NotFound,), tags=_USERS
    ),
    Route("GET", f"{_ONE}/tokens", tokens_of, _MAY, answer=TokenList, refusals=(NotFound,), tags=_USERS),
    Route("DELETE", f"{_ONE}/tokens/{{token:int}}", end_token, _MAY, status=204, refusals=(NotFound,), tags=_USERS),
]

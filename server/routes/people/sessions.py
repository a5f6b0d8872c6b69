"""`/api/v1/session`, `/me`: signing in and out, and who I am."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from ....models.permissions import PERMISSIONS, Permission
from ....models.refused import BadInput, NotSignedIn, SignInFailed, TooManyTries
from ....models.rows.person import person_row
from ....models.rows.values import PersonRow
from ....queue.people import sessions, users
from ....queue.work import again
from ...doors.answers import json_answer
from ...doors.input import SENTENCES, Input
from ...doors.route import Door, Route
from ...identity.known_browsers import remember_browser
from ...identity.noted_sign_in import noted_sign_in
from ...identity.request_lookup import cookie_of, forget_cookie, set_cookie
from ...identity.secret import hash_of
from ...identity.sign_in import Visitor
from ...web_process import web_of

API = "/api/v1"


class Credentials(BaseModel):
    """Name and password, exactly as typed."""

    model_config = ConfigDict(extra="forbid")
    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=256)]


class SignedInNow(BaseModel):
    """The session's cookie came with this answer."""

    signed_in: bool


class MeRow(PersonRow):
    """The signed-in person: their row, what they may do, and the language they chose."""

    locale: str | None
    permissions: list[str]


class MeChange(Input):
    """What people choose for themselves. `locale` null: the language that the browser asks for."""

    locale: Annotated[str, Field(max_length=20)] | None


async def open_session(door: Door) -> Response:
    """Sign in with name and password; the answer sets the session cookie (S2-02)."""
    response = json_answer(SignedInNow(signed_in=True))
    await let_in(door, response, door.body)
    return response


async def let_in(door: Door, response: Response, given: Credentials) -> None:
    """Sign in, and let the browser keep the session and that it is known. Raises SignInFailed, TooManyTries."""
    web = web_of(door.request)
    key, https = web.settings.secret_key, web.https
    visitor = Visitor.of(door.request, key, https)
    entered = await noted_sign_in(door.house, web.passwords, given.username, given.password, visitor)
    set_cookie(response, entered.secret, https)
    remember_browser(response, visitor.known, entered.user_id, key, https)


async def close_session(door: Door) -> Response:
    """Sign out of this browser."""
    response = Response(status_code=204)
    await sign_out(door, response)
    return response


async def sign_out(door: Door, response: Response) -> None:
    """End the session of the cookie, if there is one, and take the cookie away."""
    web, user = web_of(door.request), door.user
    cookie = cookie_of(door.request, web.https)
    if user and cookie and user.session.startswith("s:"):

        async def leave() -> None:
            async with door.house.work(door.actor) as work:
                await sessions.close_session(work, user.id, hash_of(cookie))

        await again(leave)
    forget_cookie(response, web.https)


async def me(door: Door) -> MeRow:
    """Who I am: role, state, extension, permissions."""
    return await _me(door, door.me.locale)


async def change_me(door: Door) -> MeRow:
    """Choose my language."""
    locale = door.body.locale or None
    if locale is not None and locale not in web_of(door.request).tongues.all:
        raise BadInput(field="locale", sentence=SENTENCES["enum"])
    await users.change_user(door.work, door.me.id, {"locale": locale})
    return await _me(door, locale)


async def _me(door: Door, locale: str | None) -> MeRow:
    row = await person_row(door.session, door.me.id)
    rights: list[str] = sorted(PERMISSIONS[door.me.role])
    values: dict[str, Any] = row.model_dump()
    return MeRow(**values, locale=locale, permissions=rights)


ROUTES = [
    Route(
        "POST",
        f"{API}/session",
        open_session,
        None,
        body=Credentials,
        answer=SignedInNow,
        own_work=True,
        refusals=(SignInFailed, TooManyTries),
        tags=("sesión",),
    ),
    Route("DELETE", f"{API}/session", close_session, None, own_work=True, status=204, tags=("sesión",)),
    Route("GET", f"{API}/me", me, Permission.SEE_SELF, answer=MeRow, refusals=(NotSignedIn,), tags=("sesión",)),
    Route(
        "PATCH",
        f"{API}/me",
        change_me,
        Permission.SEE_SELF,
        body=MeChange,
        answer=MeRow,
        refusals=(BadInput,),
        tags=("sesión",),
    ),
]

"""The pages of the signed-out: `/ingresar` and `/salir`. They work without JavaScript."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from ...models.permissions import Role
from ...models.refused import Refused, SignInFailed
from ..doors.answers import refusal_json
from ..doors.input import check_plain, validated
from ..doors.render import html
from ..doors.route import Door, Route
from ..routes.sessions import Credentials, let_in, sign_out
from ..web_process import tongue_of

HOME = {Role.AGENT: "/casos", Role.SUPERVISOR: "/tablero", Role.ADMIN: "/tablero"}


def local_path(wanted: str) -> str:
    """`wanted` when it is a path of this site, else the start page: signing in never leads to another site."""
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if plain and "\\" not in wanted and not wanted.startswith("/ingresar") else "/"


async def sign_in_page(door: Door) -> Response:
    """The sign-in form; whoever is signed in goes on."""
    wanted = local_path(door.request.query_params.get("next", "/"))
    if door.user is not None:
        return RedirectResponse(wanted, 303)
    return _form(door, wanted)


async def sign_in_by_form(door: Door) -> Response:
    """Sign in by the form, without JavaScript (S2-02)."""
    form = await door.request.form()
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    wanted = local_path(given.get("next", "/"))
    response = RedirectResponse(wanted, 303)
    try:
        check_plain(given)
        credentials: Any = validated(Credentials, {name: given.get(name, "") for name in ("username", "password")})
        await let_in(door, response, credentials)
    except Refused as refused:
        if refused.status >= 500:
            raise
        return _form(door, wanted, given.get("username", ""), refused)
    return response


def _form(door: Door, wanted: str, username: str = "", refused: Refused | None = None) -> Response:
    said: dict[str, Any] = refusal_json(refused, tongue_of(door.request)) if refused else {}
    status = refused.status if refused else 200
    response = html(
        door,
        "identity/sign_in.html",
        status,
        wanted=wanted,
        username=username.replace("\0", "")[:200],
        error=said.get("message", ""),
        left=said.get("left") if isinstance(refused, SignInFailed) else None,
    )
    if refused is not None and "seconds" in refused.values:
        response.headers["Retry-After"] = str(refused.values["seconds"])
    return response


async def sign_out_by_form(door: Door) -> Response:
    """Sign out by a form, without JavaScript."""
    response = RedirectResponse("/ingresar", 303)
    await sign_out(door, response)
    return response


async def start_page(door: Door) -> Response:
    """`/`: where this person's work begins."""
    return RedirectResponse(HOME[door.user.role] if door.user else "/ingresar", 303)


ROUTES = [
    Route("GET", "/", start_page, None, page=True),
    Route("GET", "/ingresar", sign_in_page, None, page=True),
    Route("POST", "/ingresar", sign_in_by_form, None, page=True, upload=True, own_work=True, limit=16 << 10),
    Route("POST", "/salir", sign_out_by_form, None, page=True, own_work=True),
]

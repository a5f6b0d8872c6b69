"""The pages of the signed-out: `/ingresar` and `/salir`. They work without JavaScript."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from ...models.permissions import Role
from ...models.refused import Refused, SignInFailed
from ...models.rows.person import anybody
from ...web.pages.first_steps import is_set_up
from ..doors.answers import refusal_json
from ..doors.input import check_plain, validated
from ..doors.render import STEPS_COOKIE, html, without_steps
from ..doors.route import Door, Route
from ..routes.people.sessions import Credentials, let_in, sign_out
from ..web_process import tongue_of

HOME = {Role.AGENT: "/casos", Role.SUPERVISOR: "/resumen", Role.ADMIN: "/resumen"}


def local_path(wanted: str) -> str:
    """`wanted` when it is a path of this site, else the start page: signing in never leads to another site."""
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if plain and "\\" not in wanted and not wanted.startswith("/ingresar") else "/"


async def sign_in_page(door: Door) -> Response:
    """The sign-in form; whoever is signed in goes on."""
    wanted = local_path(door.request.query_params.get("next", "/"))
    if door.user is not None:
        return RedirectResponse(wanted, 303)
    return await _form(door, wanted)


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
        return await _form(door, wanted, given.get("username", ""), refused)
    return response


async def _form(door: Door, wanted: str, username: str = "", refused: Refused | None = None) -> Response:
    said: dict[str, Any] = refusal_json(refused, tongue_of(door.request)) if refused else {}
    status = refused.status if refused else 200
    response = html(
        door,
        "identity/sign_in.html",
        status,
        wanted=wanted,
        username=username.replace("\0", "")[:200],
        error=said.get("message", ""),
        is_new=refused is None and not await anybody(door.session),
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
    """`/`: where this person's work begins; an administrator's with the first steps until all of them are done."""
    if door.user is None:
        return RedirectResponse("/ingresar", 303)
    home = RedirectResponse(HOME[door.user.role], 303)
    if door.user.role is Role.ADMIN and STEPS_COOKIE not in door.request.cookies:
        if not await is_set_up(door.session):
            return RedirectResponse("/primeros-pasos", 303)
        return without_steps(door, home)
    return home


ROUTES = [
    Route("GET", "/", start_page, None, page=True),
    Route("GET", "/ingresar", sign_in_page, None, page=True),
    Route("POST", "/ingresar", sign_in_by_form, None, page=True, upload=True, own_work=True, limit=16 << 10),
    Route("POST", "/salir", sign_out_by_form, None, page=True, own_work=True),
]

"""`/primer-ingreso?token=…`: the first administrator signs up, or a new person chooses a password."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from ...models.people.user import User
from ...models.permissions import Role
from ...models.refused import N_, BadInput, Conflict, Refused
from ...queue.people.links import LINK_GONE, use_link, valid_link
from ...queue.people.sessions import open_session
from ...queue.people.users import change_user, create_user, folded, has_users
from ...queue.work import Actor, Work, again
from ..doors.answers import refusal_json
from ..doors.input import check_plain
from ..doors.render import html, wrong_page
from ..doors.route import Door, Route
from ..identity.first_administrator import PATH
from ..identity.passwords import check_new_password
from ..identity.request_lookup import set_cookie
from ..identity.secret import hash_of, new_secret
from ..identity.session_lifetime import IDLE
from ..identity.sign_in import Visitor
from ..web_process import tongue_of, web_of


async def first_password_page(door: Door) -> Response:
    """The form of a one-time link."""
    token = door.request.query_params.get("token", "")
    link = await valid_link(door.session, hash_of(token), await door.now())
    if link is None:
        return wrong_page(door.request, 404, None, tongue_of(door.request).say(LINK_GONE))
    user = await door.session.get(User, link.user_id) if link.user_id else None
    return _form(door, {"token": token, "username": user.username if user else "", "known": "1" if user else ""})


async def choose_first_password(door: Door) -> Response:
    """Use the link up: the person is created or gets the password, and is signed in."""
    form = await door.request.form()
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    secret, hashed = new_secret()
    try:
        check_plain(given)
        stored = await _hashed(door, given)

        async def enter() -> None:
            async with door.house.work() as work:
                await _use(work, given, stored, hashed, Visitor.of(door.request))

        await again(enter)
    except Refused as refused:
        if refused.status >= 500:
            raise
        return _form(door, given, refused)
    response = RedirectResponse("/", 303)
    set_cookie(response, secret, web_of(door.request).https)
    return response


async def _hashed(door: Door, given: dict[str, str]) -> str:
    password = given.get("password", "")
    if password != given.get("again", ""):
        raise BadInput(field="again", sentence=N_("Las dos contraseñas no son iguales."))
    check_new_password(password, folded(given.get("username", "")))
    return await web_of(door.request).passwords.hash(password)


async def _use(work: Work, given: dict[str, str], stored: str, session: bytes, visitor: Visitor) -> None:
    user_id = await use_link(work, hash_of(given.get("token", "")))
    if user_id is not None:
        user = await work.session.get_one(User, user_id)
        work.actor = Actor(user_id, user.name, user.role, address=visitor.address)
        await change_user(work, user_id, {"password_hash": stored})
    elif await has_users(work):
        raise Conflict(sentence=LINK_GONE)
    else:
        name = given.get("name", "").strip()[:120]
        if not name:
            raise BadInput(field="name", sentence=N_("Falta este dato."))
        user_id = await create_user(work, given.get("username", ""), name, Role.ADMIN, password_hash=stored)
        work.actor = Actor(user_id, name, Role.ADMIN, address=visitor.address)
    await open_session(work, user_id, session, work.now + IDLE, visitor.address, visitor.browser)


def _form(door: Door, given: dict[str, str], refused: Refused | None = None) -> Response:
    said: dict[str, Any] = refusal_json(refused, tongue_of(door.request)) if refused else {}
    shown = {name: given.get(name, "").replace("\0", "")[:200] for name in ("token", "username", "name", "known")}
    status = refused.status if refused else 200
    return html(
        door, "identity/first_password.html", status, **shown, error=said.get("message", ""), field=said.get("field")
    )


ROUTES = [
    Route("GET", PATH, first_password_page, None, page=True),
    Route("POST", PATH, choose_first_password, None, page=True, upload=True, own_work=True, limit=16 << 10),
]

"""The door of every route:

1. Find who asks, by the session's cookie or a program's token. A signed-out visitor of a page goes to the sign-in page.
2. Check that this person holds the route's permission.
3. Check where a changing request with a cookie comes from: only our own pages may send it.
4. Refuse a change that the disk has no room for (see `server/disk_space.py`).
5. Read path, query and body into the route's models, or refuse with the name of the field.
6. Run the handler inside one read-only look (GET) or one work. After a deadlock the work is done again.
7. Answer. A refusal becomes its status, code and sentence (see `failures`). What nobody foresaw becomes a calm sentence
   and a number to look for in the log.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

import structlog
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route as StarletteRoute

from ...models.permissions import may
from ...models.refused import NotAllowed, NotSignedIn
from ...queue.work import again
from ..identity.cross_site import SAFE, refuse_cross_site
from ..identity.person import SignedIn
from ..identity.request_lookup import uses_cookie, who_is
from ..listening.budgets import Spend
from ..listening.forwarded import network_of
from ..listening.http_protocol import recognise
from ..web_process import web_of
from . import idempotency
from .answers import json_answer, plain
from .audited import note_if_refused
from .failures import answer_to
from .input import check_path, limited, read_json, read_query, too_large, validated
from .route import Door, Route

log = structlog.get_logger()
SIGN_IN_PAGE = "/ingresar"
LONGEST_SHOWN = 2000  # characters of an address that are written down or given back


class RowNumber(IntegerConvertor):
    """A whole number that a bigint column can hold; anything longer is no such address."""

    regex = "[0-9]{1,18}"


register_url_convertor("row", RowNumber())


def open_doors(routes: list[Route]) -> list[StarletteRoute]:
    """The routes as Starlette serves them. Raises ValueError when two have the same method and path."""
    known = [(route.method, route.path) for route in routes]
    if twice := {place for place in known if known.count(place) > 1}:
        raise ValueError(f"more than one route for {sorted(twice)}")
    return [StarletteRoute(_path(route), _endpoint(route), methods=[route.method]) for route in routes]


def _path(route: Route) -> str:
    return route.path.replace(":int}", ":row}")


def _endpoint(route: Route) -> Any:
    async def endpoint(request: Request) -> Response:
        return await _pass(route, Request(request.scope, limited(request.receive, route.most_bytes)))

    return endpoint


async def _pass(route: Route, request: Request) -> Response:
    began, user = time.perf_counter(), None
    try:
        async with web_of(request).pulse.watched():
            user = await _who(route, request)
            response = await _serve(route, request, user)
    except Exception as why:  # everything that can go wrong has an answer
        await note_if_refused(why, route, request, user)
        response = answer_to(why, route, request, user)
    finally:
        await request.close()  # the files of an upload
    seconds = time.perf_counter() - began
    web_of(request).metrics.answered(route.method, route.path, response.status_code, seconds)
    if request.method not in SAFE or response.status_code >= 500:
        log.info(
            "request",
            method=request.method,
            path=request.url.path[:LONGEST_SHOWN],
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            user=user.id if user else None,
        )
    return response


async def _who(route: Route, request: Request) -> SignedIn | None:
    if not _needs_to_know(route, request):
        return None
    web = web_of(request)
    user = await who_is(request, web.house.at_once, web.https)
    if user is not None:
        recognise(request.scope, user.asks_as)
    return user


def _needs_to_know(route: Route, request: Request) -> bool:
    return route.permission is not None or route.method == "DELETE" or route.page


async def _serve(route: Route, request: Request, user: SignedIn | None) -> Response:
    if route.permission is not None:
        if user is None:
            if route.page:
                return to_sign_in(request)
            raise NotSignedIn
        if not may(user.role, route.permission):
            raise NotAllowed
    changes = request.method not in SAFE
    if changes and (user is None or uses_cookie(request)):
        refuse_cross_site(request, web_of(request).settings.public_url)
    _spend(route, request, user)
    if changes:
        web_of(request).disk.refuse(request.method, route.path, upload=route.upload)
    door = await _read(route, request, user)
    if changes and not route.own_work:
        return await _change(route, door)
    if changes:
        return _answered(route, await route.handler(door))
    return await _look(route, door)


def _spend(route: Route, request: Request, user: SignedIn | None) -> None:
    """Count it; the signed-out are counted by address. Raises TooManyRequests."""
    spending = web_of(request).spending
    if user is not None and route.cost is not None:
        spending.spend(route.cost, user.asks_as)
    elif route.cost is not None and request.client is not None:
        spending.spend(Spend.SIGNED_OUT, network_of(request.client.host))


async def _read(route: Route, request: Request, user: SignedIn | None) -> Door:
    """What is asked, checked."""
    check_path(request.path_params)
    length = request.headers.get("content-length", "")
    if length.isdigit() and len(length) < 19 and int(length) > route.most_bytes:
        raise too_large(route.most_bytes)
    query = read_query(request, route.query)
    body = None
    if route.upload:
        await request.form(max_files=20, max_fields=200)
    elif route.body is not None:
        body = validated(route.body, await read_json(request))
    return Door(request, web_of(request).house, user, dict(request.path_params), body, query)


async def _look(route: Route, door: Door) -> Response:
    if route.page:
        door.cursor = await _cursor(door.request)
    async with door.house.look() as session:
        door._session = session
        return _answered(route, await route.handler(door))


async def _cursor(request: Request) -> str:
    return await web_of(request).live.stream.cursor()


async def _change(route: Route, door: Door) -> Response:
    user = door.user
    key = idempotency.key_of(door.request) if user else None
    asked = idempotency.request_hash(door.request, await _asked(route, door)) if key else b""

    async def act() -> Response:
        async with door.house.work(door.actor) as work:
            door._work = work
            await _rewind(route, door)
            if user and key and (given := await idempotency.claim(work, user.id, key, asked)):
                return json_answer(given.value, given.status)
            value = await route.handler(door)
            if isinstance(value, Response):
                return value
            status, value = _status(route, value), plain(value)
            if user and key:
                await idempotency.keep(work, user.id, key, status, value)
        return json_answer(value, status)

    return await again(act)


async def _rewind(route: Route, door: Door) -> None:
    """A work done again reads its uploads from their beginning."""
    if route.upload:
        for _, value in (await door.request.form()).multi_items():
            if isinstance(value, UploadFile):
                await value.seek(0)


async def _asked(route: Route, door: Door) -> Any:
    if not route.upload:
        return plain(door.body)
    form = await door.request.form()
    return [[name, v if isinstance(v, str) else [v.filename, v.size]] for name, v in form.multi_items()]


def _answered(route: Route, value: Any) -> Response:
    return value if isinstance(value, Response) else json_answer(value, _status(route, value))


def _status(route: Route, value: Any) -> int:
    return 204 if value is None else route.status


def to_sign_in(request: Request) -> Response:
    """To the sign-in page, and back here afterwards."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = back if len(back) <= LONGEST_SHOWN else "/"
    return RedirectResponse(f"{SIGN_IN_PAGE}?next={quote(back)}" if back != "/" else SIGN_IN_PAGE, 303)

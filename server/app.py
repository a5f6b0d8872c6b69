"""The web process: pages, JSON and the live socket."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from ..models.refused import BadInput, NotFound, TooLarge
from ..web.i18n import Tongues
from ..web.static_files import BuildFiles
from ..web.templating import Templates
from .connections import connections
from .database import make_lone_engine
from .disk_space import DiskSpace
from .doors.answers import refusal_answer
from .doors.compression import Compression
from .doors.dispatch import open_doors
from .doors.failures import failed_answer
from .doors.headers import Headers as SafeHeaders
from .doors.unknown_host import unknown_host
from .health import HEALTH
from .identity.passwords import Passwords
from .listening.budgets import Spending
from .live.runtime import Live
from .live.socket import serve_socket
from .pulse import Pulse
from .route_table import all_routes
from .settings import Settings
from .static_files import STATIC
from .web_process import WebProcess, tongue_of

log = structlog.get_logger()
LIVE = "/api/v1/live"


class App(Starlette):
    """Starlette, except that the live socket goes past its layers, which do nothing for sockets: each would keep a
    coroutine as long as the socket is open, together 5 KB."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or one socket."""
        if scope["type"] == "lifespan":
            return await super().__call__(scope, receive, send)
        web: WebProcess = self.state.web
        web.proxies.apply(scope)
        if not web.hosts.allows(*Headers(scope=scope).getlist("host")):
            return await unknown_host(scope, receive, send)
        if scope["type"] == "websocket" and scope["path"] == LIVE:
            scope["app"] = self
            socket = WebSocket(scope, receive, send)
            return await serve_socket(socket, web.live, web.settings.public_url, web.https)
        return await super().__call__(scope, receive, send)


def build_app(settings: Settings, passwords: Passwords | None = None, spending: Spending | None = None) -> App:
    """The application; its lifespan opens and closes the connections."""
    tongues = Tongues(default=settings.locale)
    files = BuildFiles(tongues)
    templates = Templates(tongues, settings.default_region, settings.zone, files)
    disk = DiskSpace(settings.data_dir, settings.disk_floor_mb)
    web = WebProcess(settings, passwords or Passwords(), tongues, files, templates, disk)
    web.spending = spending or web.spending
    app = App(
        routes=[*HEALTH, STATIC, *open_doors(all_routes())],
        middleware=[Middleware(SafeHeaders, https=web.https), Middleware(Compression, https=web.https)],
        exception_handlers={HTTPException: _wrong_address, Exception: _failed},
        lifespan=_lifespan,
    )
    app.state.web = web
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    web: WebProcess = app.state.web
    async with AsyncExitStack() as stack:
        await _open(web, stack)
        yield


async def _open(web: WebProcess, stack: AsyncExitStack) -> None:
    """The connections and what lives on them; closed in the reverse order."""
    stack.callback(web.passwords.close)
    opened = await stack.enter_async_context(connections(web.settings))
    web.house, web.redis = opened.house, opened.redis
    web.pulse = Pulse(make_lone_engine(web.settings.database_url or ""))
    stack.push_async_callback(web.pulse.stop)
    process = f"{socket.gethostname()}:{web.settings.port}"
    web.live = await stack.enter_async_context(Live(opened.redis, opened.house.engine, web.spending, process))
    web.metrics.watch(web.live.hub)


async def _wrong_address(request: Request, why: Exception) -> Response:
    """No such address or method, or a body that is too large before any door opened."""
    status = why.status_code if isinstance(why, HTTPException) else 500
    refused = {404: NotFound(), 405: NotFound(), 413: TooLarge(limit="")}.get(status, BadInput())
    return refusal_answer(request, refused, tongue_of(request), page=_is_page(request))


async def _failed(request: Request, why: Exception) -> Response:
    """What nobody foresaw, outside of a door."""
    log.error("request.failed", method=request.method, path=request.url.path, exc_info=why)
    return failed_answer(request, page=_is_page(request))


def _is_page(request: Request) -> bool:
    return not request.url.path.startswith(("/api/", "/static/"))

"""What every answer carries: who may run, show and frame it, and the name of the request in the logs."""

from __future__ import annotations

import secrets

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR = "max-age=31536000; includeSubDomains"


class Headers:
    """Adds the headers; `scope["state"]` gets `nonce` (of inline styles) and `work` (names the request in the logs)."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self.app, self.https = app, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["nonce"], state["work"] = secrets.token_urlsafe(12), secrets.token_hex(6)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), state["nonce"], state["work"])
            await send(message)

        with structlog.contextvars.bound_contextvars(work=state["work"]):
            await self.app(scope, receive, with_headers)

    def _add(self, headers: MutableHeaders, nonce: str, work: str) -> None:
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY.format(nonce=nonce))
        for name, value in FIXED.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Work"] = work
        if self.https:
            headers.setdefault("Strict-Transport-Security", ONE_YEAR)

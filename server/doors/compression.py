"""Answers get smaller on their way: a desk of 130 KB travels as 15.

What attackers choose must not be compressed together with what they want to know: the length would tell it (BREACH,
CVE-2013-3587). They choose what a person's browser asks for from a page of another site, and the browser says so
(`Sec-Fetch-Site`, on https). So what another site asks for goes as it is, and so does what a browser asks for that does
not say who asks. Without https there is nothing to guess: who can see the length can read the answer.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

LEAST = 1000  # bytes: less than that fits into one packet anyway
OURS = frozenset({"same-origin", "none"})
NOT_AT_ALL = re.compile(r"q=0(\.0*)?")  # RFC 9110, 12.4.2


class Compression:
    """Compresses answers to our own pages, to people who type an address, and to programs with a token."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self.app, self.https = app, https
        self.compressed = CompressMiddleware(app, minimum_size=LEAST, zstd_level=3, brotli_quality=4, gzip_level=4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        may = scope["type"] == "http" and may_compress(Headers(scope=scope), self.https)
        await (self.compressed if may else self.app)(scope, receive, send)


def may_compress(headers: Headers, https: bool) -> bool:
    """Whether no page of another site can have chosen this request, or its answer is not secret anyway."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in OURS
    return not https or "authorization" in headers


def accepted_codings(header: str) -> set[str]:
    """The content codings that an `Accept-Encoding` permits: `gzip;q=0` is not one."""
    parts = (part.partition(";") for part in header.lower().replace(" ", "").split(","))
    return {coding for coding, _, quality in parts if coding and not NOT_AT_ALL.fullmatch(quality)}

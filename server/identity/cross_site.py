"""Cross-site requests: a page of another site must not act with a person's cookie.

Browsers say where a request comes from (`Sec-Fetch-Site` on secure addresses, `Origin` on every changing request).
Programs send neither of them; no page of another site can act through a program.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from ...models.refused import CrossSite

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_cross_site(connection: HTTPConnection, public_url: str | None) -> None:
    """Raise CrossSite when the request comes from another site."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise CrossSite
    origin = connection.headers.get("origin")
    if origin is not None and not same_origin(connection, public_url, origin):
        raise CrossSite


def same_origin(connection: HTTPConnection, public_url: str | None, origin: str) -> bool:
    """Whether `origin` is the address people type, or the one this request was sent to."""
    if public_url and origin == _origin(public_url):
        return True
    host = connection.headers.get("host", "")
    schemes = ("https",) if (public_url or "").startswith("https:") else ("http", "https")
    return bool(host) and origin in {f"{scheme}://{host}" for scheme in schemes}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

"""The URLs that settings accept. Each check returns the URL in the form the libraries want, or raises ValueError."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

EXAMPLES = {
    "ami": "ami://usuario:clave@equipo:5038",
    "http": "https://equipo:8088",
    "redis": "redis://equipo:6379/0",
    "postgresql": "postgresql://usuario:clave@equipo/atiende",
}


def plain_url(*schemes: str) -> Callable[[str | None], str | None]:
    """A check that a URL has one of these schemes and a host (a path, when it names a socket)."""

    def check(value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            named = parts.path if parts.scheme == "unix" else parts.hostname
            _ = parts.port  # a port that is no number raises here
        except ValueError:
            named, parts = None, urlsplit("")
        if parts.scheme not in schemes or not named:
            raise ValueError(f"debe tener la forma {EXAMPLES[schemes[0]]}")
        return value

    return check


def postgres_url(value: str | None) -> str | None:
    """The URL for asyncpg: any spelling of the scheme is understood, and libpq's `sslmode` becomes `ssl`."""
    if value is None:
        return None
    scheme, found, rest = value.partition("://")
    if not found or scheme not in {"postgres", "postgresql", "postgresql+asyncpg"}:
        raise ValueError(f"debe tener la forma {EXAMPLES['postgresql']}")
    try:
        parts = urlsplit("postgresql://" + rest)
        _ = parts.port
    except ValueError:
        raise ValueError(f"debe tener la forma {EXAMPLES['postgresql']}") from None
    query = [("ssl" if name == "sslmode" else name, text) for name, text in parse_qsl(parts.query)]
    if not parts.hostname and "host" not in dict(query):
        raise ValueError(f"debe tener la forma {EXAMPLES['postgresql']}")
    # "/" stays readable: a socket folder is the usual host of a private server
    return urlunsplit(("postgresql+asyncpg", parts.netloc, parts.path, urlencode(query, safe="/"), ""))

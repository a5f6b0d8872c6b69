"""Browsers in which somebody signed in before, by a signed cookie that opens nothing by itself.

It names the browser and the people, by their ids, who signed in there; `ATIENDE_SECRET_KEY` signs it. Whoever guesses
passwords elsewhere can then keep nobody out of the browser they always use.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import HTTPConnection
from starlette.responses import Response

LIFE = timedelta(days=180)  # since somebody last signed in there
MOST_PEOPLE = 20  # of one browser; the one who came first is forgotten first


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """One browser and the people who signed in there, the last one last."""

    name: str
    people: tuple[int, ...]

    def with_person(self, user_id: int) -> KnownBrowser:
        """The same browser, where this person has signed in now."""
        people = [*(each for each in self.people if each != user_id), user_id]
        return KnownBrowser(self.name, tuple(people[-MOST_PEOPLE:]))


def cookie_name(https: bool) -> str:
    """The cookie that the browser keeps when its session ends."""
    return "__Host-atiende-browser" if https else "atiende-browser"


def browser_of(connection: HTTPConnection, secret_key: str, https: bool) -> KnownBrowser | None:
    """The browser behind a request; None when nobody signed in there, or not for long, or the cookie is not ours."""
    written = connection.cookies.get(cookie_name(https), "")
    try:
        name, *people = _signer(secret_key).loads(written, max_age=int(LIFE.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    return KnownBrowser(str(name), tuple(people))


def remember_browser(
    response: Response, before: KnownBrowser | None, user_id: int, secret_key: str, https: bool
) -> None:
    """Let the browser keep that this person signed in there."""
    browser = (before or KnownBrowser(secrets.token_urlsafe(12), ())).with_person(user_id)
    response.set_cookie(
        cookie_name(https),
        _signer(secret_key).dumps([browser.name, *browser.people]),
        max_age=int(LIFE.total_seconds()),
        secure=https,
        httponly=True,
        samesite="lax",
    )


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="known-browser")

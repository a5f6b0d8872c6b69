"""How an answer and a refusal travel: JSON for programs, a page for people."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json, to_jsonable_python
from starlette.requests import Request
from starlette.responses import Response

from ...models.refused import NotFound, Phrase, Phrases, Refused
from ...web.i18n import Tongue
from ..identity.person import SignedIn
from .render import wrong_page

LONGEST_FIELD = 200


def plain(value: Any) -> Any:
    """The answer as JSON values: models, times and decimals become what travels."""
    return to_jsonable_python(value)


def json_answer(value: Any, status: int = 200) -> Response:
    """The answer; None is 204 with nothing in it."""
    if value is None:
        return Response(status_code=204)
    return Response(to_json(value), status, media_type="application/json")


def refusal_json(refused: Refused, tongue: Tongue) -> dict[str, Any]:
    """`{"code", "message", "field"}` and what else the refusal tells, in the person's language."""
    values = {name: _said(v, tongue) for name, v in refused.values.items()}
    said: dict[str, Any] = {
        "code": refused.code,
        "message": tongue.say(refused.message, **values),
        "field": _short(refused.field),
    }
    extra = dict(refused.extra)
    if "errors" in extra:
        extra["errors"] = [
            {**error, "field": _short(error["field"]), "message": tongue.say(error["message"])}
            for error in extra["errors"]
        ]
    return {**said, **plain(extra)}


def _short(field: str | None) -> str | None:
    """A field's name as it is told: somebody else may have made it up, as long as a body may be."""
    return field if field is None or len(field) <= LONGEST_FIELD else f"{field[:LONGEST_FIELD]}…"


def _said(value: Any, tongue: Tongue) -> Any:
    """A value of a sentence in the person's language."""
    if isinstance(value, Phrase):
        return tongue.say(value.sentence, **{name: _said(v, tongue) for name, v in value.values.items()})
    if isinstance(value, Phrases):
        return ", ".join(str(_said(v, tongue)) for v in value)
    return tongue.say(value) if value and isinstance(value, str) else value


def refusal_answer(
    request: Request, refused: Refused, tongue: Tongue, *, page: bool = False, user: SignedIn | None = None
) -> Response:
    """The refusal with its status."""
    response: Response
    if page:
        own = type(refused).sentence != refused.message and not isinstance(refused, NotFound)
        own = own or refused.status == 429  # it says how long
        sentence = str(refusal_json(refused, tongue)["message"]) if own else ""
        response = wrong_page(request, refused.status, user, sentence)
    else:
        response = json_answer(refusal_json(refused, tongue), refused.status)
    if refused.status == 429:
        response.headers["Retry-After"] = str(refused.values.get("seconds", 60))
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="atiende"'
    if refused.status == 503:
        response.headers["Retry-After"] = "2"
    return response

"""Pages: a template filled in, and the pages that say what went wrong."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ...models.permissions import Permission, may
from ...models.refused import N_
from ...web.i18n import Tongue
from ..identity.person import SignedIn
from ..web_process import tongue_of, web_of
from .route import Door

STEPS_COOKIE = "atiende-steps"  # the first steps are hidden, or done: they leave the rail
YEAR = 365 * 24 * 3600
WRONG = {
    429: (N_("Demasiadas peticiones"), N_("Espere un momento e intente de nuevo.")),
    403: (N_("No tiene permiso para ver esto"), N_("Su rol no permite abrir esta página.")),
    404: (N_("Esta página no existe"), N_("Puede que la dirección esté mal escrita o que se haya quitado.")),
    405: (N_("Esta página no existe"), N_("Puede que la dirección esté mal escrita o que se haya quitado.")),
    500: (N_("Algo falló de nuestro lado"), N_("Lo que guardó sigue guardado. Intente de nuevo en un momento.")),
    503: (
        N_("El servicio no responde"),
        N_("La base de datos no contesta. Lo guardado está a salvo; la página vuelve sola en unos segundos."),
    ),
}


def html(door: Door, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """The template `name` with `values`, in the person's language, with what every template knows."""
    tongue = tongue_of(door.request, door.user.locale if door.user else None)
    return _drawn(door.request, name, tongue, door.user, status, {"cursor": door.cursor, **values})


def without_steps(door: Door, response: Response) -> Response:
    """The answer, after which the first steps stay out of this browser's rail."""
    secure = web_of(door.request).https
    response.set_cookie(STEPS_COOKIE, "hidden", max_age=YEAR, samesite="lax", secure=secure, httponly=True)
    return response


def wrong_page(request: Request, status: int, user: SignedIn | None = None, sentence: str = "") -> HTMLResponse:
    """The page of an error. It needs neither the database nor a session."""
    tongue = tongue_of(request, user.locale if user else None)
    shown = status if status in WRONG else 404 if status < 500 else 500
    title, explanation = (tongue.say(part) for part in WRONG[shown])
    values = {
        "title": title,
        "explanation": sentence or explanation,
        "status": status,
        "work": request.scope.get("state", {}).get("work", ""),
        "retry": status == 503,
    }
    response = _drawn(request, "frame/wrong.html", tongue, user, status, values)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _drawn(
    request: Request, name: str, tongue: Tongue, user: SignedIn | None, status: int, values: dict[str, Any]
) -> HTMLResponse:
    def allowed(permission: str) -> bool:
        return user is not None and may(user.role, Permission(permission))

    known = {
        "me": user,
        "may": allowed,
        "nonce": request.scope.get("state", {}).get("nonce", ""),
        "path": request.url.path,
        "steps_hidden": STEPS_COOKIE in request.cookies,
        "cursor": "",
    }
    return HTMLResponse(web_of(request).templates.draw(name, tongue, known | values), status)

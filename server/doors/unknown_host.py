"""What a request under a name that is not ours is answered, before anything else looks at it."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

SENTENCE = "Este servidor no atiende con ese nombre. Quien administra puede agregarlo en ATIENDE_ALLOWED_HOSTS."


async def unknown_host(scope: Scope, receive: Receive, send: Send) -> None:
    """421, with nothing of what was sent in it; a socket is not accepted."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = JSONResponse({"code": "unknown-host", "message": SENTENCE, "field": None}, 421)
    answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"] = "no-store", "nosniff"
    await answer(scope, receive, send)

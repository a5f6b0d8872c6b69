"""`/metrics`: the figures of all processes, in Prometheus's text format."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from ...models.permissions import Permission
from ..doors.route import Door, Route
from ..metrics import others, own, together
from ..web_process import web_of


async def metrics(door: Door) -> Response:
    """Figures for Prometheus, asked with the key of somebody who may see the board."""
    web = web_of(door.request)
    texts = [own("web", web.metrics.registry), *await others(web.redis)]
    return Response(together(texts), media_type=CONTENT_TYPE_LATEST)


ROUTES = [Route("GET", "/metrics", metrics, Permission.SEE_WALLBOARD)]

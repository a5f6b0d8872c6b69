"""The web process as a server: its sockets, their limits, and how it ends."""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog
import uvicorn

from .app import App, build_app
from .listening.connections import Connections
from .listening.descriptors import ConnectionLimits, raise_descriptors
from .listening.http_protocol import LimitedHttp
from .live.protocol import LiveProtocol
from .settings import Settings
from .web_process import WebProcess

log = structlog.get_logger()
STOP_SECONDS = 3


class WebServer(uvicorn.Server):
    """uvicorn, except that being asked to stop is a normal end (status 0)."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """A signal asks us to stop."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


def web_config(app: App, limits: ConnectionLimits, **values: Any) -> uvicorn.Config:
    """How uvicorn serves the application within these limits; `values` add to or replace what it is told."""
    web: WebProcess = app.state.web
    connections = Connections(limits, web.proxies.holds)
    web.metrics.count(connections)
    told: dict[str, Any] = {
        "loop": "uvloop",
        "http": partial(LimitedHttp, connections=connections),
        "ws": LiveProtocol,
        "ws_per_message_deflate": False,
        "ws_max_size": 262144,  # more than the live socket takes, which says so by its own code
        "ws_ping_interval": 5.0,  # a line that broke silently is seen within 15 seconds
        "ws_ping_timeout": 8.0,
        "timeout_graceful_shutdown": STOP_SECONDS,
        "timeout_keep_alive": 75,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,  # `listening/forwarded.py` reads them
        "lifespan": "on",
    }
    return uvicorn.Config(app, **(told | values))


def run_web(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    limits = ConnectionLimits.fitting(raise_descriptors())
    log.info("web.limits", connections=limits.all, strangers=limits.strangers, of_address=limits.of_address)
    server = WebServer(web_config(build_app(settings), limits, host=settings.host, port=settings.port))
    server.run()
    return 0 if server.started else 1

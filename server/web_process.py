"""Everything one web process holds for as long as it runs; kept in `app.state.web`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from ..queue.work import House
from ..web.i18n import Tongue, Tongues
from ..web.static_files import BuildFiles
from ..web.templating import Templates
from .disk_space import DiskSpace
from .identity.passwords import Passwords
from .listening.budgets import Spending
from .listening.forwarded import TrustedProxies
from .listening.hosts import AllowedHosts
from .live.runtime import Live
from .pulse import Pulse
from .settings import Settings
from .web_metrics import WebMetrics


@dataclass(slots=True)
class WebProcess:
    """`server/app.py` builds it; `house`, `live`, `pulse` and `redis` are set when the process starts to serve."""

    settings: Settings
    passwords: Passwords
    tongues: Tongues
    files: BuildFiles
    templates: Templates
    disk: DiskSpace
    documents: dict[str, Any] = field(default_factory=dict)
    metrics: WebMetrics = field(default_factory=WebMetrics)
    _house: House | None = None
    _live: Live | None = None
    _pulse: Pulse | None = None
    redis: Any = None
    spending: Spending = field(default_factory=Spending)
    proxies: TrustedProxies = field(init=False)
    hosts: AllowedHosts = field(init=False)

    def __post_init__(self) -> None:
        ours = self.settings
        self.proxies = TrustedProxies.parse(ours.trusted_proxies)
        self.hosts = AllowedHosts.of(ours.allowed_hosts, ours.host, urlsplit(ours.public_url or "").netloc)

    @property
    def house(self) -> House:
        """The connections; only while the process serves."""
        assert self._house is not None, "the web process has not started"
        return self._house

    @house.setter
    def house(self, house: House) -> None:
        self._house = house

    @property
    def live(self) -> Live:
        """The stream and the sockets; only while the process serves."""
        assert self._live is not None, "the web process has not started"
        return self._live

    @live.setter
    def live(self, live: Live) -> None:
        self._live = live

    @property
    def pulse(self) -> Pulse:
        """Whether the database lives; only while the process serves."""
        assert self._pulse is not None, "the web process has not started"
        return self._pulse

    @pulse.setter
    def pulse(self, pulse: Pulse) -> None:
        self._pulse = pulse

    @property
    def https(self) -> bool:
        """Whether people reach us over https, so that cookies may be marked secure."""
        return self.settings.address.startswith("https:")


def web_of(connection: HTTPConnection) -> WebProcess:
    """The process that serves this connection."""
    web: WebProcess = connection.app.state.web
    return web


def tongue_of(connection: HTTPConnection, chosen: str | None = None) -> Tongue:
    """The language to answer in: the person's choice, else what the browser asks for."""
    return web_of(connection).tongues.choose(chosen, connection.headers.get("accept-language", ""))

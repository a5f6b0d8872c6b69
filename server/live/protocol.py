"""uvicorn's WebSocket protocol, which gives our socket its line: the transport, and whether it is congested.

What everybody hears is framed once and written straight to the transports. A client that reads nothing keeps an
ordinary close waiting behind what it did not read: only the transport can be cut. The kernel, too, would keep
megabytes for such a client.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ..listening.connections import Place

EXTENSION = "atiende.line"
KERNEL_BYTES = 128 * 1024  # Linux doubles it


def _nobody() -> None:
    """Before a socket is served, and after."""


class LiveProtocol(WebSocketsSansIOProtocol):
    """Give it to uvicorn as `ws`; `line_of(scope)` answers the protocol that serves a socket.

    `congested`, `flows_again` and `lost` are called when the line changes.
    """

    congested: Callable[[], None] = staticmethod(_nobody)
    flows_again: Callable[[], None] = staticmethod(_nobody)
    lost: Callable[[], None] = staticmethod(_nobody)

    def __init__(self, *args: Any, place: Place | None = None, **values: Any) -> None:
        """`place` is what the connection had before it became a socket."""
        super().__init__(*args, **values)
        self._place = place

    async def run_asgi(self) -> None:
        """Serve one socket; its scope carries the line."""
        if opened := self.transport.get_extra_info("socket"):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        extensions = self.scope.get("extensions") or {}
        self.scope["extensions"] = {**extensions, EXTENSION: {"line": self}}
        await super().run_asgi()

    def settle(self, who: str) -> None:
        """The socket is open and its person known: forget how it was opened, which is some kilobytes for each."""
        if self._place is not None:
            self._place.recognise(who)
        self.request = self.response = None  # type: ignore[assignment]

    @property
    def is_congested(self) -> bool:
        """Whether the other side does not read what is written."""
        return not self.writable.is_set()

    def pause_writing(self) -> None:
        """The transport holds more than it wants to."""
        super().pause_writing()
        self.congested()

    def resume_writing(self) -> None:
        """The transport takes more again."""
        super().resume_writing()
        self.flows_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing may be written from now on."""
        self.lost()
        if self._place is not None:
            self._place.leave()
        self.congested = self.flows_again = self.lost = _nobody
        super().connection_lost(exc)


def line_of(scope: Mapping[str, Any]) -> LiveProtocol | None:
    """The line of a socket; None behind another server."""
    line: LiveProtocol | None = scope.get("extensions", {}).get(EXTENSION, {}).get("line")
    return line

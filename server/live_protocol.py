"""uvicorn's WebSocket protocol, which lets our socket see its transport.

A client that reads nothing keeps an ordinary close waiting behind what it did not read: only the transport can be cut.
The kernel, too, would keep megabytes for such a client.
"""

from __future__ import annotations

import socket

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TRANSPORT = "atiende.transport"
KERNEL_BYTES = 128 * 1024  # Linux doubles it


class LiveProtocol(WebSocketsSansIOProtocol):
    """Give it to uvicorn as `ws`."""

    async def run_asgi(self) -> None:
        """Serve one socket; its scope carries the transport."""
        if opened := self.transport.get_extra_info("socket"):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        extensions = self.scope.get("extensions") or {}
        self.scope["extensions"] = {**extensions, TRANSPORT: {"transport": self.transport}}
        await super().run_asgi()

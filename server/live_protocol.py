"""uvicorn's WebSocket protocol, which lets our socket see its transport.

A client that reads nothing keeps an ordinary close waiting behind what it did not read: only the transport can be cut.
"""

from __future__ import annotations

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TRANSPORT = "atiende.transport"


class LiveProtocol(WebSocketsSansIOProtocol):
    """Give it to uvicorn as `ws`."""

    async def run_asgi(self) -> None:
        """Serve one socket; its scope carries the transport."""
        extensions = self.scope.get("extensions") or {}
        self.scope["extensions"] = {**extensions, TRANSPORT: {"transport": self.transport}}
        await super().run_asgi()

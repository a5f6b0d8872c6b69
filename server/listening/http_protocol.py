"""uvicorn's HTTP protocol with bounds on what a stranger may make us keep and wait for.

- A head has `HEAD_BYTES` and `HEAD_FIELDS` at most (431), and comes within `HEAD_SECONDS` (408).
- A stranger's whole request comes within that time, has `REST_BYTES` after its head, and its answer is taken away
  within `UNREAD_SECONDS`; of somebody who is signed in only the head is timed: bases are large, and lines slow.
- Requests that are sent without waiting for an answer queue up, `MOST_QUEUED` at most.
"""

from __future__ import annotations

from asyncio import Transport
from asyncio.events import TimerHandle
from collections.abc import MutableMapping
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .connections import Connections, Place

HEAD_BYTES = 32 * 1024
HEAD_FIELDS = 100
HEAD_SECONDS = 10.0
REST_BYTES = 1 << 20
UNREAD_SECONDS = 60.0
MOST_QUEUED = 16
EXTENSION = "atiende.connection"


class TooMuch(Exception):
    """More than a head may have; ends the connection."""


class LimitedHttp(HttpToolsProtocol):
    """Give it to uvicorn as `http`, with the connections of the process."""

    def __init__(self, *args: Any, connections: Connections, seconds: float = HEAD_SECONDS, **values: Any) -> None:
        super().__init__(*args, **values)
        self._connections, self._seconds = connections, seconds
        self._place: Place | None = None
        self._timer: TimerHandle | None = None  # of the request that is awaited
        self._reading: TimerHandle | None = None  # of the answer that is to be taken away
        self._in_head, self._heads = True, 0  # heads that came whole
        self._head = self._size = self._rest = 0  # bytes: of this head as they came, as they were read; after it
        self._too_large = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take a place, or none."""
        super().connection_made(transport)
        self._place = self._connections.enter(self.client[0] if self.client else "", transport.abort)
        if self._place is None:
            transport.abort()
        else:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._stop_timer()
        if self._reading is not None:
            self._reading.cancel()
        if self._place is not None:
            self._place.leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser no more of a head than a head may have."""
        if self._in_head:
            self._await_request()
        while data and self._in_head and not self.transport.is_closing():
            room, whole = HEAD_BYTES + 1 - self._head, self._heads
            super().data_received(data[:room])
            self._head = self._head + len(data[:room]) if whole == self._heads else 0
            data = data[room:]
            if self._in_head and self._head > HEAD_BYTES:
                return self._refuse_head()
        if data and not self.transport.is_closing() and self._takes(len(data)):
            super().data_received(data)
        return None

    def _takes(self, size: int) -> bool:
        """Whether this much more may follow a head."""
        self._rest += size
        if self._is_known or self._rest <= REST_BYTES:
            return True
        self._end("too_large")
        return False

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._size = self._rest = 0
        self.scope["extensions"] = {EXTENSION: {"connection": self}}

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._grows(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer."""
        self._grows(len(name) + len(value))
        if len(self.headers) >= HEAD_FIELDS:
            self._too_large = True
            raise TooMuch
        super().on_header(name, value)

    def _grows(self, size: int) -> None:
        self._size += size
        if self._size > HEAD_BYTES:
            self._too_large = True
            raise TooMuch

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head, self._heads = False, self._heads + 1
        if len(self.pipeline) >= MOST_QUEUED:
            raise TooMuch
        if self._place is not None:
            self._place.works()
        if self._is_known:
            self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole; another head may follow."""
        self._in_head = True
        self._stop_timer()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Keep nothing of what was sent; a stranger falls silent, and reads the answer in time."""
        super().on_response_complete()
        self.cycle.body = bytearray()
        if self._place is not None and not self._is_known and not self.pipeline:
            self._place.waits()
            if self.transport.get_write_buffer_size():
                self._reading = self._reading or self.loop.call_later(UNREAD_SECONDS, self._unread)

    def handle_websocket_upgrade(self) -> None:
        """The place goes on with the socket."""
        self._stop_timer()
        self.ws_protocol_class = partial(self.config.ws_protocol_class, place=self._place)  # type: ignore
        self._place = None
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Not HTTP, or too much of it."""
        if self._too_large:
            self._refuse_head()
        else:
            self._refuse(400, msg)

    def recognise(self, who: str) -> None:
        """Somebody is signed in on this connection."""
        if self._place is not None:
            self._place.recognise(who)
        if self._is_known and not self._in_head:
            self._stop_timer()

    @property
    def _is_known(self) -> bool:
        return self._place is not None and bool(self._place.known)

    def _await_request(self) -> None:
        self._timer = self._timer or self.loop.call_later(self._seconds, self._late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self._in_head and self._head:
            self._connections.ended["late"] += 1
            self._refuse(408, "The request did not come in time.")
        else:
            self._end("late")

    def _unread(self) -> None:
        self._reading = None
        if self.transport.get_write_buffer_size():
            self._end("late")

    def _refuse_head(self) -> None:
        self._connections.ended["too_large"] += 1
        self._refuse(431, "The head of the request is too large.")

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer and close; only close when another answer is under way."""
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()
            return
        head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + head % len(sentence) + sentence.encode())
        self.transport.close()

    def _end(self, why: Any) -> None:
        self._connections.ended[why] += 1
        self.transport.abort()


def recognise(scope: MutableMapping[str, Any], who: str) -> None:
    """Tell the connection of a request who is signed in on it; nothing behind another server."""
    connection: LimitedHttp | None = scope.get("extensions", {}).get(EXTENSION, {}).get("connection")
    if connection is not None:
        connection.recognise(who)

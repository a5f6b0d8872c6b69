"""A TLS connection that one thread reads while others write.

An SSL object must not be used by two threads at once, and a thread that waits for what comes would keep it for ever:
so the socket is never waited for inside of it.
"""

from __future__ import annotations

import io
import select
import socket
import ssl
from threading import Lock
from typing import Any


class TlsPipe(io.RawIOBase):
    """Reads and writes whole lines as pyst2 wants them. The socket is put into non-blocking mode."""

    def __init__(self, plug: ssl.SSLSocket) -> None:
        super().__init__()
        self._plug, self._lock = plug, Lock()
        plug.setblocking(False)

    def readable(self) -> bool:
        """It reads."""
        return True

    def writable(self) -> bool:
        """It writes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Wait for something that came; 0 at the end. Raises OSError."""
        while True:
            try:
                with self._lock:
                    return self._plug.recv_into(buffer)
            except ssl.SSLWantReadError:
                self._wait(reading=True)
            except ssl.SSLWantWriteError:
                self._wait(reading=False)
            except ssl.SSLEOFError:
                return 0

    def write(self, data: Any) -> int:
        """Write all of it. Raises OSError."""
        left = memoryview(data)
        while left:
            try:
                with self._lock:
                    left = left[self._plug.send(left) :]
            except ssl.SSLWantReadError:
                self._wait(reading=True)
            except ssl.SSLWantWriteError:
                self._wait(reading=False)
        return len(data)

    def _wait(self, *, reading: bool) -> None:
        number = self._plug.fileno()
        if number < 0:
            raise OSError("the line was cut")
        waiting = select.poll()
        waiting.register(number, select.POLLIN if reading else select.POLLOUT)
        waiting.poll()


def wrap(plug: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    """Agree on TLS within the socket's own timeout, and check that it is `host`. Raises OSError."""
    return context.wrap_socket(plug, server_hostname=host, suppress_ragged_eofs=True)

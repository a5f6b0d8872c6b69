"""One manager connection of pyst2, made safe to use: sockets with limits, headers that cannot hide another action,
answers that must name the question, and an end that never waits.

pyst2 waits without limit for every answer, gives answers out in the order they come, and writes headers as they are.
Only one thread at a time uses a line. Any thread may call `cut`, which frees the threads that wait.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
from collections.abc import Sequence
from itertools import count
from typing import Any

from asterisk.manager import Manager, ManagerException

from .address import Address
from .protocol import encode_action
from .tls_pipe import TlsPipe, wrap

Headers = Sequence[tuple[str, str]]


class LineBroken(ConnectionError):
    """The line gives no sensible answer any more: it must be cut. `sent`: the action may have reached the PBX."""

    def __init__(self, reason: str, *, sent: bool = True) -> None:
        self.sent = sent
        super().__init__(reason)


class ManagerLine(Manager):  # type: ignore[misc]  # pyst2 has no types
    """`dial`, then `ask` as often as wanted, then `cut`. Never used again after that."""

    def __init__(self) -> None:
        super().__init__()
        self._plug: socket.socket | None = None
        self._numbers = count(1)
        self._token = secrets.token_hex(6)

    def dial(self, to: Address, limit: float) -> None:
        """Connect and sign in without events. Raises LineBroken, PermissionError when the PBX refuses the account."""
        try:
            self._plug = socket.create_connection((to.host, to.port), limit)
            self._sock = self._open(self._plug, to)
        except OSError as failed:
            raise LineBroken(f"cannot connect: {failed}", sent=False) from failed
        self._connected.set()
        self._running.set()
        self.message_thread.start()
        self.event_dispatch_thread.start()
        if self._response_queue.get() is None:
            raise LineBroken("closed before a word was said", sent=False)
        answer = self.ask("Login", [("Username", to.user), ("Secret", to.secret), ("Events", "off")])
        if answer.get("Response") != "Success":
            raise PermissionError(answer.get("Message", "login refused"))

    def _open(self, plug: socket.socket, to: Address) -> Any:
        """What is read and written. Nothing limits a wait from now on: a thread that waits too long cuts the line."""
        if context := to.tls_context():
            self._plug = secured = wrap(plug, context, to.host)
            return TlsPipe(secured)
        plug.settimeout(None)
        return plug.makefile(mode="rwb", buffering=0)

    def ask(self, action: str, headers: Headers = ()) -> dict[str, str]:
        """Do one action and return its answer's headers. Raises UnsafeHeader before anything is sent, LineBroken."""
        encode_action(action, headers)  # refuses what would become another action
        wanted: dict[str, Any] = {"Action": action, "ActionID": f"{self._token}-{next(self._numbers)}"}
        for name, value in headers:
            wanted[name] = [*wanted.get(name, []), value] if name == "Variable" else value
        if not self._connected.is_set():
            raise LineBroken("the line is dead", sent=False)
        try:
            answer = self.send_action(wanted)
        except (ManagerException, OSError, ValueError) as failed:
            raise LineBroken(f"connection lost: {failed}") from failed
        if answer.get_header("ActionID") != wanted["ActionID"]:
            raise LineBroken("an answer to something else came")
        return dict(answer.headers)

    def cut(self) -> None:
        """Let go of everything at once, and free the threads that wait. Safe to call again."""
        self._connected.clear()
        self._running.clear()
        if self._plug is not None:
            with contextlib.suppress(OSError):
                self._plug.shutdown(socket.SHUT_RDWR)
            self._plug.close()
        for waiting in (self._message_queue, self._event_queue, self._response_queue):
            waiting.put(None)

    def close(self) -> None:
        """pyst2 would say goodbye and wait for the answer, even while Python deletes the object."""
        self.cut()

"""Thousands of WebSocket clients in one thread: they open, resume and count frames, as cheaply as possible.

A client that costs more than the server would measure itself. So there is no asyncio here, and frames of the expected
size are counted by the length of what came. Pings are answered.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

HELLO = b'"hello"'
AT_ONCE = 100  # connections being opened at the same time
PATIENCE = 60.0
_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
_TEXT, _PING, _PONG = 0x81, 0x89, 0x8A
_END = b"\r\n\r\n"


@dataclass(eq=False, slots=True)
class Screen:
    """One client. `ready_at`: when its `hello` was there."""

    number: int
    socket: socket.socket
    received: int = 0
    opening: bytearray | None = field(default_factory=bytearray)
    rest: bytes = b""  # of a frame that is not whole yet
    ready_at: float = 0.0
    lost: bool = False


@dataclass
class Screens:
    """`path(number)` and `cookie(number)` say what each asks for; `hello` is what it waits for at its opening."""

    host: str
    port: int
    path: Callable[[int], str]
    cookie: Callable[[int], str] = lambda _: ""
    hello: bytes = HELLO
    all: list[Screen] = field(default_factory=list)
    size: int = 0  # bytes of the frame that is expected, if it is always the same
    received: int = 0  # text frames after `hello`, of all together
    _poll: select.epoll = field(default_factory=select.epoll)
    _by_fd: dict[int, Screen] = field(default_factory=dict)

    def open(self, numbers: Iterable[int], then: Callable[[Screen], bytes] | None = None) -> float:
        """Open these, some at the same time; seconds until every `hello` was there. `then` is what each sends after."""
        began, waiting = time.monotonic(), list(numbers)[::-1]
        ready, wanted, opening = 0, len(waiting), 0
        while ready < wanted:
            while waiting and opening < AT_ONCE:
                self._connect(waiting.pop())
                opening += 1
            if time.monotonic() - began > PATIENCE:
                raise TimeoutError(f"{wanted - ready} of {wanted} screens did not come in")
            for screen in self._hear(1.0):
                if screen.lost:
                    raise ConnectionError("a screen was turned away")
                ready, opening = ready + 1, opening - 1
                if then is not None:
                    screen.socket.send(then(screen))
        return time.monotonic() - began

    def wait(self, total: int, seconds: float = PATIENCE) -> None:
        """Read until `total` frames have come in all (see `received`). Raises TimeoutError, ConnectionError."""
        deadline = time.monotonic() + seconds
        while self.received < total:
            self._hear(0.5)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{total - self.received} frames did not come, {self.lost} screens are lost")

    def quiet(self, seconds: float = 0.4) -> None:
        """Read until nothing came for a while."""
        before = -1
        while before != self.received:
            before = self.received
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                self._hear(0.05)

    def tend(self) -> None:
        """Read what there is, without waiting: while another side is measured, pings of this one are answered."""
        while self._waits():
            self._hear(0.0)

    def _waits(self) -> bool:
        return bool(select.select([self._poll.fileno()], [], [], 0)[0])

    @property
    def lost(self) -> int:
        """How many were closed by the other side."""
        return sum(screen.lost for screen in self.all)

    def close(self) -> None:
        """Close all, as a network that breaks."""
        for screen in self.all:
            screen.socket.close()
        self._poll.close()

    def _connect(self, number: int) -> None:
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex((self.host, self.port))
        screen = Screen(number, client)
        self.all.append(screen)
        self._by_fd[client.fileno()] = screen
        self._poll.register(client.fileno(), select.EPOLLOUT)

    def _ask(self, screen: Screen) -> None:
        cookie = self.cookie(screen.number)
        lines = [
            f"GET {self.path(screen.number)} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {_KEY}",
            "Sec-WebSocket-Version: 13",
            *([f"Cookie: {cookie}"] if cookie else []),
        ]
        screen.socket.send("\r\n".join(lines).encode() + _END)
        self._poll.modify(screen.socket.fileno(), select.EPOLLIN)

    def _hear(self, seconds: float) -> list[Screen]:
        """Read what there is; the screens that became ready or were lost while opening."""
        done = []
        for fd, what in self._poll.poll(seconds):
            screen = self._by_fd[fd]
            if what & select.EPOLLOUT:
                self._ask(screen)
                continue
            try:
                data = screen.socket.recv(262144)
            except ConnectionError:
                data = b""
            if not data:
                screen.lost = True
                self._poll.unregister(fd)
                if screen.opening is not None:
                    done.append(screen)
            elif screen.opening is None:
                self._count(screen, data)
            elif self._opened(screen, data):
                done.append(screen)
        return done

    def _count(self, screen: Screen, data: bytes) -> None:
        if self.size and not screen.rest and data[0] == _TEXT and len(data) % self.size == 0:
            frames = len(data) // self.size
        else:
            frames, screen.rest = _frames(screen.rest + data, screen.socket)
        screen.received += frames
        self.received += frames

    def _opened(self, screen: Screen, data: bytes) -> bool:
        assert screen.opening is not None
        screen.opening += data
        body = screen.opening.partition(_END)[2]
        if self.hello not in body:
            return False
        if not screen.opening.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(bytes(screen.opening[:60]))
        screen.ready_at = time.monotonic()
        screen.opening = None
        self._count(screen, bytes(body))
        return True


def _frames(data: bytes, answer: socket.socket) -> tuple[int, bytes]:
    """How many text frames there are, and the rest; pings are answered."""
    at = frames = 0
    while len(data) - at >= 2:
        kind, size, head = data[at], data[at + 1], 2
        if size >= 126:
            head = 4 if size == 126 else 10
            size = int.from_bytes(data[at + 2 : at + head], "big")
        if len(data) - at < head + size:
            break
        frames += kind == _TEXT
        if kind == _PING:
            answer.send(bytes((_PONG, 0x80 | size)) + bytes(4) + data[at + head : at + head + size])
        at += head + size
    return frames, data[at:]


def masked(text: bytes) -> bytes:
    """A client's text frame of up to 65,535 bytes, with a mask of zeros."""
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else bytes((0x81, 0xFE)) + size.to_bytes(2, "big")
    return head + bytes(4) + text

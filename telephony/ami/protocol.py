"""The manager protocol of Asterisk as bytes and messages, without any I/O.

A message is lines `Header: value`, ended by an empty line; the first line of a connection is a banner. Nothing that
arrives can stop the parser: what makes no sense is skipped and counted, and what is too long is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .forgery import ForgeryGuard
from .message import Message

__all__ = ["AmiParser", "Message", "UnsafeHeader", "encode_action"]

MAX_MESSAGE = 256 * 1024  # bytes; Asterisk's own longest are a few KiB, except the output of a command
MAX_VALUE = 8 * 1024  # bytes of one line
END = b"\r\n\r\n"
BANNER = b"Asterisk Call Manager/"
FOLLOWS = b"Response: Follows\r\n"  # Asterisk before 14: raw lines up to a mark, not up to an empty line
FOLLOWS_END = b"--END COMMAND--\r\n\r\n"
FOLLOWS_HEADERS = frozenset({"Response", "Privilege", "ActionID", "Message"})


class UnsafeHeader(ValueError):
    """An action's header or value holds CR, LF or NUL (or a colon in its name): it would become another action."""


class AmiParser:
    """Feed it what the socket gave, in pieces of any size; it gives back the messages that became whole.

    `banner` is the protocol's version once the first line has come; `skipped` counts lines and messages
    that were dropped or cut.
    """

    def __init__(self, max_message: int = MAX_MESSAGE, max_value: int = MAX_VALUE) -> None:
        self.banner: str | None = None
        self.skipped = 0
        self._max_message = max_message
        self._max_value = max_value
        self._buffer = bytearray()
        self._scanned = 0  # up to here the buffer holds no end mark
        self._drowning = False  # in the middle of a message that is too long
        self._end = END
        self._begun = False
        self._guard = ForgeryGuard()

    def feed(self, data: bytes) -> list[Message]:
        """The messages completed by `data`, in order. Never raises."""
        self._buffer += data
        if not self._begun and not self._take_banner():
            return []
        blocks = []
        while (block := self._next_block()) is not None:
            blocks.append((len(block), self._parse(block)))
        return self._guard.admit(blocks)

    @property
    def forged(self) -> int:
        """Events dropped because a caller seems to have written them (see `forgery`)."""
        return self._guard.forged

    def _take_banner(self) -> bool:
        """Whether the first line is decided: a banner is taken off, anything else is left as a message."""
        line_end = self._buffer.find(b"\n")
        if line_end < 0 and len(self._buffer) <= self._max_value:
            return False
        self._begun = True
        if self._buffer.startswith(BANNER):
            self.banner = _text(bytes(self._buffer[len(BANNER) : line_end])).strip()
            del self._buffer[: line_end + 1]
        return True

    def _next_block(self) -> bytes | None:
        """The next whole message without its end mark (b"" for one too long), or None: more must be read first."""
        if not self._drowning:
            self._end = FOLLOWS_END if self._buffer.startswith(FOLLOWS) else END
        at = self._buffer.find(self._end, max(0, self._scanned - len(self._end)))
        if at < 0:
            self._scanned = len(self._buffer)
            self._cut()
            return None
        too_long = self._drowning or at > self._max_message
        self.skipped += too_long
        block = b"" if too_long else bytes(self._buffer[:at])
        del self._buffer[: at + len(self._end)]
        self._scanned = 0
        self._drowning = False
        return block

    def _cut(self) -> None:
        """Keep the memory bounded: of a message that is too long only the last bytes stay, to find its end."""
        if self._drowning or len(self._buffer) > self._max_message + len(self._end):
            self._drowning = True
            del self._buffer[: -len(self._end)]
            self._scanned = 0

    def _parse(self, block: bytes) -> Message | None:
        message = Message()
        try:
            lines = block.decode().split("\r\n")
        except UnicodeDecodeError:  # one header in another encoding must not spoil the others
            lines = [_text(line) for line in block.split(b"\r\n")]
        for line in lines:
            if len(line) > self._max_value:
                self.skipped += 1
                line = line[: self._max_value]
            name, colon, value = line.partition(":")
            if not colon or (name not in FOLLOWS_HEADERS and message.get("Response") == "Follows"):
                self._not_a_header(message, line)
                continue
            message.add(name, value[1:] if value[:1] == " " else value)
        if "Event" in message or "Response" in message:
            return message
        self.skipped += bool(message)
        return None

    def _not_a_header(self, message: Message, line: str) -> None:
        if message.get("Response") == "Follows":
            for output in line.split("\n"):
                message.add("Output", output)
        elif line:
            self.skipped += 1


def _text(raw: bytes) -> str:
    """Asterisk passes on whatever bytes a phone sent: UTF-8 mostly, else what Windows and old exchanges write."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def encode_action(name: str, headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> bytes:
    """An action as bytes for the socket. Headers may repeat when given as pairs. Raises UnsafeHeader."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = []
    for header, value in (("Action", name), *pairs):
        if any(mark in header + value for mark in "\r\n\0") or ":" in header:
            raise UnsafeHeader(f"refused header {header!r}")
        lines.append(f"{header}: {value}\r\n")
    return ("".join(lines) + "\r\n").encode()

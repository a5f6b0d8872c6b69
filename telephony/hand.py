"""The hand at an Asterisk: does commands over pyst2, on a connection of its own that hears no events.

One command at a time; each has a limit, after which the line is cut and the next command gets a new one. A line that
lies idle is asked now and then whether anybody is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

from .ami.address import Address
from .ami.manager_line import Headers, LineBroken, ManagerLine
from .ami.protocol import UnsafeHeader
from .commands import AddMember, Command, CommandRefused, HandLost, HangUp, Originate, PauseMember, RemoveMember

log = structlog.get_logger()

CONNECT_LIMIT = 2.5  # seconds
ANSWER_LIMIT = 3.0
PING_AFTER = 5.0  # seconds a line lay idle
ALREADY = ("already there", "not there", "no such channel", "interface not found")  # the wish was fulfilled before

T = TypeVar("T")


class Hand:
    """`await do(command)`, and `close` at the end. Safe to use from several tasks."""

    def __init__(self, url: str, answer_limit: float = ANSWER_LIMIT) -> None:
        self._address = Address.parse(url)
        self._limit = answer_limit
        self._lock = asyncio.Lock()
        self._line: ManagerLine | None = None
        self._used_at = 0.0

    async def do(self, command: Command, before: float | None = None) -> None:
        """Do one command; after `before` (time.monotonic) it is not begun any more.

        Raises CommandRefused, HandLost, and UnsafeHeader when a value would become another action.
        """
        action, headers = encode(command)
        async with self._lock:
            line = await self._ready()
            answer = await self._within(self._limit, line, lambda: _ask_in_time(line, action, headers, before))
        if answer.get("Response") == "Success":
            return
        words = answer.get("Message", "")
        if isinstance(command, Originate | PauseMember) or not words.lower().endswith(ALREADY):
            raise CommandRefused(words)

    async def ping(self) -> None:
        """Notice a dead line before somebody needs it. Raises HandLost."""
        async with self._lock:
            await self._ready(idle=0.0)

    async def close(self) -> None:
        """Let go of the line, whatever it is doing."""
        self._drop()

    async def _ready(self, idle: float = PING_AFTER) -> ManagerLine:
        """A line that was good a moment ago: the one in use, asked when it lay idle, or a new one."""
        line = self._line
        if line is not None and line.connected() and time.monotonic() - self._used_at < idle:
            return line
        if line is not None and line.connected():
            with contextlib.suppress(HandLost):
                await self._within(self._limit, line, lambda: line.ask("Ping"))
                return line
        return await self._dial()

    async def _dial(self) -> ManagerLine:
        self._drop()
        line = self._line = ManagerLine()
        to = self._address
        try:
            await self._within(CONNECT_LIMIT + 0.5, line, lambda: line.dial(to, CONNECT_LIMIT))
        except HandLost as lost:
            raise HandLost(str(lost), sent=False) from lost
        return line

    async def _within(self, limit: float, line: ManagerLine, act: Callable[[], T]) -> T:
        """Have a thread do something with the line, and cut the line when it does not come to an end."""
        doing = asyncio.get_running_loop().run_in_executor(None, act)
        done: set[asyncio.Future[T]] = set()
        try:
            done, _ = await asyncio.wait({doing}, timeout=limit)
            if not done:
                raise HandLost(f"no answer in {limit:g} s", sent=True)
            answer = doing.result()
        except LineBroken as broken:
            self._drop()
            raise HandLost(str(broken), sent=broken.sent) from broken
        except PermissionError as refused:
            self._drop()
            raise HandLost(f"login refused: {refused}", sent=False) from refused
        finally:
            if not done:  # too late, or nobody waits any more: the thread comes back with LineBroken
                self._drop()
                doing.add_done_callback(_forget)
        self._used_at = time.monotonic()
        return answer

    def _drop(self) -> None:
        if self._line is not None:
            self._line.cut()
        self._line = None


def encode(command: Command) -> tuple[str, Headers]:
    """A command as an action of the manager and its headers. Raises UnsafeHeader."""
    match command:
        case Originate():
            return "Originate", _originate(command)
        case HangUp():
            return "Hangup", [("Channel", _plain(command.call)), ("Cause", "16")]
        case AddMember():
            paused = [("Paused", "true" if command.paused else "false"), ("Reason", command.reason)]
            where = [*_member(command), ("MemberName", command.interface), ("Penalty", "0")]
            state = [("StateInterface", _interface(command.state))] if command.state else []
            return "QueueAdd", [*where, *state, *paused]
        case PauseMember():
            paused = [("Paused", "true" if command.paused else "false"), ("Reason", command.reason)]
            return "QueuePause", [*_member(command), *paused]
        case RemoveMember():
            return "QueueRemove", _member(command)


def _originate(command: Originate) -> list[tuple[str, str]]:
    headers = [
        ("ActionID", command.call),  # the ear hears it in OriginateResponse, where the call may have no other name
        ("Channel", _interface(command.phone)),
        ("Context", command.context),
        ("Exten", _plain(command.number)),
        ("Priority", "1"),
        ("CallerID", command.shown),
        ("Timeout", str(int(command.ring_for * 1000))),
        ("Async", "true"),
        ("ChannelId", _plain(command.call)),
    ]
    for name, value in command.variables.items():
        if "," in value:
            raise UnsafeHeader(f"a comma would end the variable {name!r}")
        headers.append(("Variable", f"{name}={value}"))
    return headers


def _member(command: AddMember | PauseMember | RemoveMember) -> list[tuple[str, str]]:
    return [("Queue", command.queue), ("Interface", _interface(command.interface))]


def _interface(word: str) -> str:
    """What a queue rings, `PJSIP/1001` or `Local/1001@from-queue/n`: more signs than a plain word has."""
    return word if _plain(re.sub("[/@:]", ".", word)) else ""


def _plain(word: str) -> str:
    """A word that names one thing: no separator of the PBX may widen what it names."""
    if not word or not word.isascii() or not all(sign.isalnum() or sign in "+*#._-" for sign in word):
        raise UnsafeHeader(f"refused {word!r}")
    return word


def _ask_in_time(line: ManagerLine, action: str, headers: Headers, before: float | None) -> dict[str, str]:
    """In the thread, at the last moment: a process that was stopped for a while must not act on old wishes."""
    if before is not None and time.monotonic() > before:
        raise HandLost("the time for it has passed", sent=False)
    return line.ask(action, headers)


def _forget(done: asyncio.Future[Any]) -> None:
    if not done.cancelled():
        done.exception()

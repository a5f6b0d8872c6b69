"""One signed-in connection to an Asterisk manager: asks and is answered, hears events, knows when nobody is there.

Nothing here waits without a limit: a PBX that is frozen keeps its sockets open and says nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from .address import Address
from .protocol import AmiParser, Message, encode_action

CONNECT_LIMIT = 2.5  # seconds
ANSWER_LIMIT = 5.0
PING_EVERY = 4.0
READ_SIZE = 64 * 1024
MAX_LIST = 100_000  # entries of one answer that are kept

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


class AmiLost(ConnectionError):
    """The connection is gone, or the PBX did not answer in time. Its text is for the log."""


class LoginRefused(AmiLost):
    """User or secret are wrong, or this address may not sign in: trying again at once is of no use."""


class AskRefused(Exception):
    """The PBX answered an action with an error, which is its text; the connection goes on."""


@dataclass
class _Asked:
    """An action under way and the list entries that came for it."""

    answer: asyncio.Future[list[Message]]
    entries: list[Message] = field(default_factory=list)


class AmiConnection:
    """Use `await open(...)`, then `ask`, and `await lost()` which raises AmiLost when it is over; always `close`.

    `hear` is called for each event in the order they came, before any `ask` returns it; the second value says whether
    it is the entry of a list that was asked for here. `event_classes` are Asterisk's names of the kinds of events that
    it is to tell; without `system` it does not say that it has booted.
    """

    def __init__(self, address: Address, hear: Callable[[Message, bool], None], event_classes: Iterable[str]) -> None:
        self.address = address
        self.booted = asyncio.Event()
        self._hear = hear
        self._classes = tuple(event_classes)
        self._parser = AmiParser()
        self._asked: dict[str, _Asked] = {}
        self._numbers = count(1)
        self._token = secrets.token_hex(8)  # a caller who forges messages must not guess our numbers
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._over: AmiLost | None = None

    @property
    def version(self) -> str:
        """Of the manager's protocol, from its first line."""
        return self._parser.banner or ""

    @property
    def skipped(self) -> int:
        """Lines and messages that made no sense."""
        return self._parser.skipped

    @property
    def forged(self) -> int:
        """Events that a caller wrote, as far as they gave themselves away; they were not heard."""
        return self._parser.forged

    async def open(self) -> None:
        """Connect and sign in. Raises AmiLost, or LoginRefused."""
        try:
            async with asyncio.timeout(CONNECT_LIMIT):
                to = self.address
                reader, self._writer = await asyncio.open_connection(to.host, to.port, ssl=to.tls_context())
        except (OSError, TimeoutError) as failed:
            raise AmiLost(f"cannot connect: {failed or 'no answer'}") from failed
        self._tasks = [asyncio.create_task(self._listen(reader)), asyncio.create_task(self._keep_alive())]
        login = {"Username": self.address.user, "Secret": self.address.secret, "Events": ",".join(self._classes)}
        try:
            await self.ask("Login", login)
        except AskRefused as refused:
            raise LoginRefused(f"login refused: {refused}") from refused

    async def ask(self, action: str, headers: Headers = (), limit: float = ANSWER_LIMIT) -> list[Message]:
        """Do an action: its response first, then the entries of its list if it has one.

        Raises AskRefused for an error, AmiLost after `limit` seconds without the whole answer.
        """
        number = f"{self._token}-{next(self._numbers)}"
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        data = encode_action(action, [("ActionID", number), *pairs])
        asked = self._asked[number] = _Asked(asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(limit):
                await self._send(data)
                return await asked.answer
        except TimeoutError as late:
            raise AmiLost(f"no answer to {action} in {limit:g} s") from late
        finally:
            del self._asked[number]

    async def lost(self) -> None:
        """Wait until the connection is over; raises AmiLost with the reason."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def close(self) -> None:
        """Let go of the socket at once. Safe to call again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._writer is not None:
            self._writer.transport.abort()  # never wait for a peer that may be frozen

    async def _send(self, data: bytes) -> None:
        if self._over or self._writer is None:
            raise self._over or AmiLost("not connected")
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as failed:
            raise AmiLost(f"connection lost: {failed}") from failed

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        reason = "closed by the PBX"
        try:
            while data := await reader.read(READ_SIZE):
                for message in self._parser.feed(data):
                    self._take(message)
                await asyncio.sleep(0)  # a flood must not starve the other tasks of this process
        except OSError as failed:
            reason = f"connection lost: {failed}"
        finally:
            self._fail_all(AmiLost(reason))
        raise AmiLost(reason)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY)
            with contextlib.suppress(AskRefused):
                await self.ask("Ping")

    def _take(self, message: Message) -> None:
        if message.event == "FullyBooted":
            self.booted.set()
        asked = self._asked.get(message.get("ActionID", ""))
        if message.event:
            self._hear(message, asked is not None)
        if asked is None or asked.answer.done():
            return
        if message.get("Response") == "Error":
            asked.answer.set_exception(AskRefused(message.get("Message", "")))
            return
        if len(asked.entries) < MAX_LIST:
            asked.entries.append(message)
        starts = message.get("EventList") == "start"
        if message.get("EventList") == "Complete" or ("Response" in message and not starts):
            asked.answer.set_result(asked.entries)

    def _fail_all(self, why: AmiLost) -> None:
        self._over = why
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(why)

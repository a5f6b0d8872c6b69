"""The ear: what one PBX says, as facts in order, for as long as anybody listens.

1. Connect and sign in, wait until the PBX has booted.
2. Read what it says of itself while events already flow into the same tables: one PbxBack.
3. Tell every fact as it comes.
4. When somebody forged events (see ami_forgery): again from 2, without losing anything else.
5. When the connection ends or answers stop: one PbxLost, a pause, and again from 1.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from time import monotonic

import structlog

from .ami_connection import Address, AmiConnection, AmiLost, AskRefused, LoginRefused
from .ami_protocol import Message
from .facts import Fact, PbxBack
from .translate import Translator

log = structlog.get_logger()

BOOT_LIMIT = 5.0  # seconds; an account that may not read `system` never hears FullyBooted
LIST_LIMIT = 10.0
READ_AGAIN_AFTER = 2.0  # between two readings that forged events cause
READ_EVERY = 60.0  # seconds: an event that was missed is made up for
MAX_UNHEARD = 50_000  # facts; a listener so far behind gets a fresh PbxBack instead


@dataclass(frozen=True)
class Patience:
    """Seconds between tries: doubled from `first` up to `most`; `refused` after a wrong secret."""

    first: float = 0.25
    most: float = 2.0
    refused: float = 30.0


class PbxEar:
    """Hears one PBX. `is_agent` says which extensions are agents' (None: two to six digits)."""

    def __init__(
        self,
        pbx: str,
        url: str,
        is_agent: Callable[[str], bool] | None = None,
        patience: Patience = Patience(),
        read_every: float = READ_EVERY,
    ) -> None:
        self.pbx = pbx
        self.connected = False
        self._address = Address.parse(url)
        self._translator = Translator(pbx, is_agent)
        self._patience = patience
        self._read_every = read_every

    async def facts(self) -> AsyncGenerator[Fact, None]:
        """Facts in order, without end; use `contextlib.aclosing`. A lost PBX is a fact, not an exception."""
        delay, told_lost = self._patience.first, False
        while True:
            try:
                async with aclosing(self._while_connected()) as connected:
                    async for fact in connected:
                        delay, told_lost = self._patience.first, False
                        yield fact
            except AmiLost as lost:
                if isinstance(lost, LoginRefused):
                    delay = self._patience.refused
                if not told_lost:
                    log.warning("pbx lost", pbx=self.pbx, reason=str(lost))
                    yield self._translator.lost(str(lost))
                told_lost = True
            await asyncio.sleep(delay)
            delay = min(delay * 2, max(self._patience.most, self._patience.first))

    async def _while_connected(self) -> AsyncGenerator[Fact, None]:
        """PbxBack and what follows it, until AmiLost."""
        self._translator.read()
        heard = _Heard(self._translator)
        connection = AmiConnection(self._address, heard.hear)
        ending: asyncio.Task[None] | None = None
        try:
            await connection.open()
            back = await self._read_all(connection)
            yield back
            self.connected = True
            forged, read_at = connection.forged if back.complete else -1, monotonic()
            ending = asyncio.create_task(connection.lost())
            ending.add_done_callback(lambda _: heard.more.set())
            while True:
                for fact in heard.take():
                    yield fact
                if ending.done():
                    ending.result()
                since = monotonic() - read_at
                if since > self._read_every or (connection.forged != forged and since > READ_AGAIN_AFTER):
                    if connection.forged != forged:
                        log.warning("a caller's number forged events", pbx=self.pbx, forged=connection.forged)
                    self._translator.read()
                    back = await self._read_all(connection)
                    yield back
                    # Lists that a forger spoiled are read again until they are whole.
                    forged, read_at = connection.forged if back.complete else -1, monotonic()
                with suppress(TimeoutError):
                    async with asyncio.timeout(READ_AGAIN_AFTER):  # wait_for of 3.11 may swallow a cancellation
                        await heard.more.wait()
        finally:
            self.connected = False
            await connection.close()
            if ending is not None:
                await asyncio.gather(ending, return_exceptions=True)
            if connection.skipped:
                log.warning("pbx said things that made no sense", pbx=self.pbx, skipped=connection.skipped)

    async def _read_all(self, connection: AmiConnection) -> PbxBack:
        """Have the PBX list channels, phones and queues, which the translator hears."""
        await self._wait_for_boot(connection)
        forged = connection.forged
        await self._list(connection, "CoreShowChannels")
        if not await self._list(connection, "DeviceStateList"):
            await self._list(connection, "PJSIPShowEndpoints")
        await self._list(connection, "QueueStatus")  # after the channels: its callers are named by them
        version = await self._version(connection)
        return self._translator.done(version, complete=connection.forged == forged)

    async def _version(self, connection: AmiConnection) -> str:
        try:
            settings = (await connection.ask("CoreSettings"))[0]
        except AskRefused:
            return connection.version
        return settings.get("AsteriskVersion", connection.version)

    async def _wait_for_boot(self, connection: AmiConnection) -> None:
        try:
            async with asyncio.timeout(BOOT_LIMIT):
                await connection.booted.wait()
        except TimeoutError:
            log.warning("no FullyBooted: let the manager account read `system`", pbx=self.pbx)

    async def _list(self, connection: AmiConnection, action: str) -> bool:
        try:
            await connection.ask(action, limit=LIST_LIMIT)
        except AskRefused as refused:
            log.warning("pbx refused a list", pbx=self.pbx, action=action, reason=str(refused))
            return False
        return True


class _Heard:
    """Facts not yet taken, in order, at most MAX_UNHEARD."""

    def __init__(self, translator: Translator) -> None:
        self.more = asyncio.Event()
        self._translator = translator
        self._facts: list[Fact] = []

    def hear(self, message: Message) -> None:
        """Of a message, whatever it says; when too many wait, none is kept: `take` will say so."""
        facts = self._translator.hear(message)
        if facts and len(self._facts) <= MAX_UNHEARD:
            self._facts += facts
            self.more.set()

    def take(self) -> list[Fact]:
        """All that wait. Raises AmiLost when some were not kept: the PBX must be read anew."""
        if len(self._facts) > MAX_UNHEARD:
            raise AmiLost("the listener is too far behind")
        facts, self._facts = self._facts, []
        self.more.clear()
        return facts

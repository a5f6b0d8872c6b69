"""The ear: what one PBX says, as facts in order, for as long as anybody listens.

1. Connect and sign in, wait until the PBX has booted.
2. Read what it says of itself while events already flow into the same tables: one PbxBack.
3. Tell every fact as it comes.
4. Do step 2 again every minute, and when somebody forged events (see `ami/forgery`). Step 3 goes on meanwhile.
5. When the connection ends or answers stop, tell one PbxLost, pause, and begin again with step 1.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import structlog

from .ami.address import Address
from .ami.connection import AmiConnection, AmiLost, AskRefused, LoginRefused
from .ami.protocol import Message
from .calls.translator import EVENT_CLASSES, Translator
from .facts import Fact, PbxBack, PbxLost

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
        self._is_agent = is_agent
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
                    yield PbxLost(self.pbx, datetime.now(UTC), str(lost))
                told_lost = True
            await asyncio.sleep(delay)
            delay = min(delay * 2, max(self._patience.most, self._patience.first))

    async def _while_connected(self) -> AsyncGenerator[Fact, None]:
        """PbxBack and what follows it, until AmiLost."""
        heard = _Heard(lambda: Translator(self.pbx, self._is_agent))
        connection = AmiConnection(self._address, heard.hear, EVENT_CLASSES)
        ending: asyncio.Task[None] | None = None
        try:
            await connection.open()
            back = await self._read_all(connection, heard)
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
                    heard.begin()
                    back = await self._read_all(connection, heard)
                    for fact in heard.take():  # told until the lists were whole: older than what they say
                        yield fact
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

    async def _read_all(self, connection: AmiConnection, heard: _Heard) -> PbxBack:
        """Have the PBX list channels, phones and queues, which the book that is being read hears."""
        await self._wait_for_boot(connection)
        forged = connection.forged
        await self._list(connection, "CoreShowChannels")
        if not await self._list(connection, "DeviceStateList"):
            await self._list(connection, "PJSIPShowEndpoints")
        await self._list(connection, "QueueStatus")  # after the channels: its callers are named by them
        version = await self._version(connection)
        return heard.done(version, complete=connection.forged == forged)

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
    """Facts not yet taken, in order, at most MAX_UNHEARD.

    While the PBX is read again, the translator that told goes on telling, so that no end of a call and no cause is
    missed; another one takes in the lists and the events beside them, and tells from their end on.
    """

    def __init__(self, new: Callable[[], Translator]) -> None:
        self.more = asyncio.Event()
        self._new = new
        self._reading: Translator | None = new()
        self._telling: Translator | None = None
        self._facts: list[Fact] = []

    def begin(self) -> None:
        """The PBX is being read again."""
        self._reading = self._new()

    def done(self, version: str, *, complete: bool) -> PbxBack:
        """The PBX was read: what it says of itself. Facts that were told before and not taken yet are older."""
        assert self._reading is not None
        self._telling, self._reading = self._reading, None
        return self._telling.done(version, complete)

    def hear(self, message: Message, listed: bool) -> None:
        """Take in one message. When too many facts wait, no more are kept; `take` then says so."""
        if self._reading is not None:
            self._reading.hear(message)
        facts = self._telling.hear(message) if self._telling is not None and not listed else []
        if facts and len(self._facts) <= MAX_UNHEARD:
            self._facts += facts
            self.more.set()

    def take(self) -> list[Fact]:
        """All that wait. Raises AmiLost when some were not kept: the PBX must be read again."""
        if len(self._facts) > MAX_UNHEARD:
            raise AmiLost("the listener is too far behind")
        facts, self._facts = self._facts, []
        self.more.clear()
        return facts

"""The managers who hear the simulated PBX: each event goes to all of them, unless the PBX is frozen or has faults."""

from __future__ import annotations

import asyncio

from .equipment import Pairs
from .faults import Faults

MAX_UNSENT = 8 * 1024 * 1024  # bytes; a manager that does not read is let go


def packet(pairs: Pairs) -> bytes:
    """Headers as bytes; line ends inside a value become spaces, so that a name cannot add a header."""
    lines = (f"{key}: {value.translate({13: ' ', 10: ' ', 0: ' '})}\r\n" for key, value in pairs)
    return ("".join(lines) + "\r\n").encode("utf-8", "surrogateescape")


class Managers:
    """Connections that signed in and want events; `running` is clear while the PBX is frozen."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.running = asyncio.Event()
        self.running.set()
        self._hearing: set[asyncio.StreamWriter] = set()
        self._kept: list[bytes] = []  # events told while frozen

    def add(self, writer: asyncio.StreamWriter) -> None:
        """It hears every event from now on."""
        self._hearing.add(writer)

    def discard(self, writer: asyncio.StreamWriter) -> None:
        """It hears no more; nothing is done where it did not hear before."""
        self._hearing.discard(writer)

    def clear(self) -> None:
        """Nobody hears any more, nor what was kept."""
        self._hearing.clear()
        self._kept.clear()

    def tell(self, pairs: Pairs) -> None:
        """Send an event to each, or keep it while frozen."""
        data = packet(pairs)
        if not self.running.is_set():
            self._kept.append(data)
            return
        sent = b"".join(self.faults.spoil(data))
        for writer in list(self._hearing):
            writer.write(sent)
            if writer.transport.get_write_buffer_size() > MAX_UNSENT:
                writer.transport.abort()
                self._hearing.discard(writer)

    def freeze(self) -> None:
        """Nothing is told until `thaw`."""
        self.running.clear()

    def thaw(self) -> None:
        """Go on, with what was kept first."""
        self.running.set()
        kept, self._kept = self._kept, []
        for writer in self._hearing:
            writer.writelines(kept)

"""Events that a caller forged are kept out.

Asterisk (22 too) writes a caller's number as the caller sent it, line ends included. So a caller can end the event
early and write forged events after it. Three signs betray them: a channel's headers that stop after a number, headers
that come twice, and the rest of the true event, which has no `Event`. Everything from such a stop to such a rest is
dropped, true events between them too. `forged` counts it, and the reader should then ask the PBX what is true.
"""

from __future__ import annotations

from collections.abc import Iterable

from .message import Message

MAX_FORGERY = 128 * 1024  # bytes; no caller's number is longer, so a doubt ends there


class ForgeryGuard:
    """`admit` what came together: one write of Asterisk, forged parts included, mostly arrives in one piece."""

    def __init__(self) -> None:
        self.forged = 0
        self._doubt = 0  # bytes since a true event was cut short, 0 when all is well

    def admit(self, blocks: Iterable[tuple[int, Message | None]]) -> list[Message]:
        """The messages that no sign speaks against, in order. A block is its length and its message, if it is one."""
        admitted: list[Message] = []
        sure = 0  # up to here nothing is doubtful
        healed = False  # a rest has come; if another comes, what is between was forged too
        for length, message in blocks:
            if self._doubt:
                self._doubt += length
            if self._doubt and length and (message is None or message.is_rest):
                del admitted[sure:]
                healed = True
            elif message is not None and message.is_cut:
                sure = sure if self._doubt else len(admitted)
                self._doubt, healed = self._doubt or 1, False
                self.forged += 1
            elif message is not None and message.is_doubled:
                self.forged += 1
            elif message is not None:
                admitted.append(message)
        if self._doubt and not healed:
            del admitted[sure:]
        if healed or self._doubt > MAX_FORGERY:
            self._doubt = 0
        return admitted

"""Events as they go on the wire, encoded once for everybody, and the recent ones of this process."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from .stream import Cursor, Entry


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as text, `{"id": "<cursor>", "type": …}`. `passing`: not worth repeating."""

    number: int
    topics: frozenset[str]
    text: str
    passing: bool

    @classmethod
    def of(cls, entry: Entry) -> Frame:
        """The payload is a JSON object already; only the cursor is put in front."""
        text = f'{{"id":"{entry.cursor}",{entry.payload[1:].decode()}' if entry.payload else ""
        return cls(entry.number, frozenset(entry.topics), text, entry.passing)


def encode(kind: str, **values: Any) -> str:
    """A frame that is no event: hello, resync, pong."""
    return orjson.dumps({"type": kind, **values}).decode()


class Ring:
    """The last frames, by count and by bytes; those still here are replayed without asking Redis."""

    def __init__(self, frames: int = 4096, size: int = 16 * 1024 * 1024) -> None:
        self._frames: deque[Frame] = deque()
        self._most = frames
        self._room = size
        self._first = 0  # number of the first frame that a replay can begin with

    def begin(self, at: Cursor) -> None:
        """Forget everything: the stream goes on after `at`."""
        self._room += sum(len(frame.text) for frame in self._frames)
        self._frames.clear()
        self._first = at.number + 1

    def add(self, frame: Frame) -> None:
        """Keep one more. Passing ones are not kept: who comes back gets the next."""
        if frame.passing:
            return
        self._frames.append(frame)
        self._room -= len(frame.text)
        while self._room < 0 or len(self._frames) > self._most:
            gone = self._frames.popleft()
            self._room += len(gone.text)
            self._first = gone.number + 1

    def reaches(self, since: int) -> bool:
        """Whether everything after `since` is here."""
        return since + 1 >= self._first

    def after(self, since: int) -> Iterator[Frame]:
        """The frames after `since`, in order."""
        newest_first: list[Frame] = []
        for frame in reversed(self._frames):
            if frame.number <= since:
                break
            newest_first.append(frame)
        return reversed(newest_first)

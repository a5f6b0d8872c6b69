"""Who hears which topic, and the handing out of frames: the hot loop of a web process.

A socket whose line flows stands in the `hot` dict of its topics with its transport's `write`; the loop over it has no
checks. One that is held, congested or written by somebody else stands in `cold` and gets its frames one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .frames import Frame
from .listener import Listener, Write


class _Topic:
    __slots__ = ("cold", "hot")

    def __init__(self) -> None:
        self.hot: dict[Listener, Write] = {}
        self.cold: set[Listener] = set()


class Hearers:
    """`listen` says what a socket hears, `place` that its line changed, `hand_out` gives frames to all at once."""

    def __init__(self) -> None:
        self._topics: dict[str, _Topic] = {}

    def __contains__(self, topic: str) -> bool:
        return topic in self._topics

    def listen(self, listener: Listener, topics: frozenset[str]) -> None:
        """From now on it hears these and no others."""
        for name in listener.topics - topics:
            topic = self._topics[name]
            topic.hot.pop(listener, None)
            topic.cold.discard(listener)
            if not topic.hot and not topic.cold:
                del self._topics[name]
        fresh = topics - listener.topics
        listener.topics = topics
        self._place(listener, fresh)

    def place(self, listener: Listener) -> None:
        """Stand where its line allows now."""
        self._place(listener, listener.topics)

    def _place(self, listener: Listener, topics: Iterable[str]) -> None:
        write = listener.write if listener.flows else None
        for name in topics:
            topic = self._topics.setdefault(name, _Topic())
            if write is not None:
                topic.cold.discard(listener)
                topic.hot[listener] = write
            else:
                topic.hot.pop(listener, None)
                topic.cold.add(listener)

    def hand_out(self, frames: Sequence[Frame]) -> None:
        """Give each socket the frames of its topics, each once and in this order, by one write."""
        by_topics: dict[frozenset[str], int] = {}
        for at, frame in enumerate(frames):
            by_topics[frame.topics] = by_topics.get(frame.topics, 0) | 1 << at
            self._give_cold(frame)
        if len(by_topics) == 1:
            (topics,) = by_topics
            return _write_all(self._hot(topics).values(), b"".join([frame.wire for frame in frames]))
        return self._hand_out_parts(frames, by_topics)

    def _hand_out_parts(self, frames: Sequence[Frame], by_topics: dict[frozenset[str], int]) -> None:
        """Sockets hear different ones: those that hear the same (bits of `frames`) get the same bytes."""
        heard: dict[Write, int] = {}
        for topics, bits in by_topics.items():
            for write in self._hot(topics).values():
                heard[write] = heard.get(write, 0) | bits
        same: dict[int, list[Write]] = {}
        for write, bits in heard.items():
            same.setdefault(bits, []).append(write)
        for bits, writes in same.items():
            _write_all(writes, b"".join([frame.wire for at, frame in enumerate(frames) if bits >> at & 1]))

    def _hot(self, topics: frozenset[str]) -> dict[Listener, Write]:
        hot = [self._topics[name].hot for name in topics if name in self._topics]
        if len(hot) == 1:
            return hot[0]
        together: dict[Listener, Write] = {}
        for some in hot:
            together |= some
        return together

    def _give_cold(self, frame: Frame) -> None:
        cold = [topic.cold for name in frame.topics if (topic := self._topics.get(name)) and topic.cold]
        for listener in set().union(*cold):
            if not listener.held:
                listener.put(frame.wire)


def _write_all(writes: Iterable[Write], wire: bytes) -> None:
    """Write to all. A line that closed meanwhile does not keep the others from hearing."""
    left = iter(tuple(writes))  # a write may congest its line, which then leaves the dict
    while True:
        try:
            for write in left:
                write(wire)
            return
        except RuntimeError:
            continue

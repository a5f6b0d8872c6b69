"""One message of the manager protocol, and the signs that somebody else wrote a part of it."""

from __future__ import annotations

ONCE = frozenset(
    f"{prefix}{name}"
    for prefix in ("", "Dest")
    for name in ("Event", "Channel", "CallerIDName", "ConnectedLineNum", "ConnectedLineName", "Uniqueid", "Linkedid")
)


class Message(dict[str, str]):
    """One event or response. A header that comes twice keeps its first value here, and all of them in `every`."""

    __slots__ = ("_every",)

    def __init__(self) -> None:
        super().__init__()
        self._every: dict[str, list[str]] | None = None

    @property
    def event(self) -> str:
        """The event's name, "" for a response."""
        return self.get("Event", "")

    @property
    def is_doubled(self) -> bool:
        """Whether a header came twice that Asterisk writes once."""
        return self._every is not None and bool(self.event) and not ONCE.isdisjoint(self._every)

    @property
    def is_cut(self) -> bool:
        """Whether it stops after a number, where Asterisk always goes on with a name."""
        last = next(reversed(self))
        if not last.endswith(("CallerIDNum", "ConnectedLineNum")) or not self.event:
            return False
        prefix = last.removesuffix("CallerIDNum").removesuffix("ConnectedLineNum")
        return f"{prefix}Channel" in self and f"{prefix}Linkedid" not in self

    @property
    def is_rest(self) -> bool:
        """Whether it looks like the rest of an event that was cut: a name without its number, or doubled headers."""
        return self.is_doubled or ("CallerIDName" in self and "CallerIDNum" not in self and bool(self.event))

    def every(self, name: str) -> list[str]:
        """All values of a header that may come more than once (`Variable`, `ChanVariable`, `Output`), in order."""
        if self._every and name in self._every:
            return list(self._every[name])
        return [self[name]] if name in self else []

    def add(self, name: str, value: str) -> None:
        """Take in one header line."""
        if name not in self:
            self[name] = value
            return
        if self._every is None:
            self._every = {}
        self._every.setdefault(name, [self[name]]).append(value)

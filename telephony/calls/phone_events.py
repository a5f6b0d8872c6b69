"""Events of phones and queue members."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from .. import facts as f
from .leg_book import Fields
from .notation import extension_of, number_text, phone_state

MAX_KNOWN = 50_000  # phones, and members

_MEMBER_EVENTS = ("QueueMember", "QueueMemberStatus", "QueueMemberAdded", "QueueMemberPause", "QueueMemberRemoved")


class PhoneEvents:
    """Handlers by event name. `phones` by extension; `members` by queue and interface: extension and whether paused."""

    def __init__(self, pbx: str, is_agent: Callable[[str], bool], now: Callable[[], datetime]) -> None:
        self.pbx = pbx
        self.now = now
        self.phones: dict[str, f.PhoneState] = {}
        self.members: dict[tuple[str, str], tuple[str, bool]] = {}
        self._is_agent = is_agent
        self._devices: set[str] = set()  # extensions whose state the device itself reports, so no queue need
        self.handlers: dict[str, Callable[[Fields], Iterator[f.Fact]]] = {
            "DeviceStateChange": self._device,
            "EndpointList": self._endpoint,
            **dict.fromkeys(_MEMBER_EVENTS, self._member),
        }

    def _device(self, m: Fields) -> Iterator[f.Fact]:
        device = m.get("Device", "")
        extension = extension_of(device)
        if self._is_agent(extension) and not device.startswith("Local/"):  # a way to a phone is in use while it rings
            if len(self._devices) < MAX_KNOWN:
                self._devices.add(extension)
            yield from self._phone(extension, m.get("State", ""))

    def _endpoint(self, m: Fields) -> Iterator[f.Fact]:
        yield from self._phone(m.get("ObjectName", "").partition("/")[0], m.get("DeviceState", ""))

    def _phone(self, extension: str, state_word: str) -> Iterator[f.Fact]:
        state = phone_state(state_word)
        known = self.phones.get(extension)
        if state == known or not self._is_agent(extension) or (known is None and len(self.phones) >= MAX_KNOWN):
            return
        self.phones[extension] = state
        yield f.PhoneChanged(self.pbx, self.now(), extension, state)

    def _member(self, m: Fields) -> Iterator[f.Fact]:
        queue, interface = m.get("Queue", ""), m.get("Interface") or m.get("Location", "")
        extension = self._extension(m, interface)
        if not queue or not extension or len(self.members) >= MAX_KNOWN:
            return
        present, paused = m.get("Event") != "QueueMemberRemoved", m.get("Paused") == "1"
        known = self.members.pop((queue, interface), None)
        if present:
            self.members[queue, interface] = (extension, paused)
        if known != ((extension, paused) if present else None):
            reason = number_text(m.get("PausedReason", ""))
            yield f.MemberChanged(self.pbx, self.now(), queue, extension, interface, present, paused, reason)
        if present and extension not in self._devices and "Status" in m:
            yield from self._phone(extension, m["Status"])

    def _extension(self, m: Fields, interface: str) -> str:
        """Whose member it is: an agent's where the state, the way to it or its name says so; else as the state says."""
        said = [extension_of(word) for word in (m.get("StateInterface", ""), interface)]
        said += [number_text(m.get("MemberName") or m.get("Name", ""))]
        return next((word for word in said if word and self._is_agent(word)), next(filter(None, said[:2]), ""))

    def listed_members(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Every member: queue, extension, interface, whether paused."""
        members = self.members.items()
        return tuple(sorted((queue, ext, interface, paused) for (queue, interface), (ext, paused) in members))

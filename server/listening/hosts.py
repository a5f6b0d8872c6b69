"""Under which names this server answers.

A page of another site can have its own name point at us (DNS rebinding) and then read what we answer to whom it thinks
we are. It needs a name that anybody can register for that, so without a list every address and every name that only
exists within a house is ours, and of the others the one of `ATIENDE_PUBLIC_URL`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from .forwarded import address_of

_HOUSE = (".localhost", ".local", ".lan", ".internal", ".home.arpa")  # nobody can register a name below these
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def name_of(host: str) -> str:
    """The name or address of a `Host` header, without its port, in lower case; empty when it is none."""
    try:
        parts = urlsplit(f"//{host.strip()}")
        _ = parts.port  # what is no number raises here
    except ValueError:
        return ""
    plain = parts.netloc == host.strip() and "@" not in host
    return (parts.hostname or "").rstrip(".") if plain else ""


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """`names` empty: the rule above. `*.example.com` is every name below it, `*` is every name."""

    names: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()  # allowed whatever the list says: loopback, where we listen, the public address

    @classmethod
    def of(cls, listed: str, *own: str) -> AllowedHosts:
        """Names with commas between them, and those that are ours anyhow."""
        names = frozenset(part.strip().lower() for part in listed.split(",") if part.strip())
        return cls(names, _LOOPBACK | {name_of(each) for each in own if each})

    def allows(self, *host: str) -> bool:
        """Whether a request with this `Host` is meant for us; one with none, or with several, is not."""
        name = name_of(host[0]) if len(host) == 1 else ""
        if not name or name in self.own or "*" in self.names:
            return bool(name)
        if self.names:
            return name in self.names or any(name.endswith(each[1:]) for each in self.names if each.startswith("*."))
        return address_of(name) is not None or "." not in name or name.endswith(_HOUSE)

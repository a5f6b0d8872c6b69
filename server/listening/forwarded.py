"""Who stands behind a proxy of ours: `X-Forwarded-For` and `X-Forwarded-Proto`, believed from named networks only.

Each proxy adds the address it was called from at the end of the header, so it is read from there: as long as the last
known address is a proxy of ours, what it wrote is true. What is no address ends the reading; it is never passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
_SCHEMES = {"http": ("http", "ws"), "https": ("https", "wss")}


def address_of(text: str) -> Address | None:
    """The address in `text` (`10.0.0.7`, `10.0.0.7:443`, `2001:db8::1`, `[2001:db8::1]:443`); None when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def network_of(text: str) -> str:
    """What one caller has: the address, or of IPv6 the network in which they have every address."""
    found = address_of(text)
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else text


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The networks in which our proxies stand."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> TrustedProxies:
        """Networks or addresses with commas between them. Raises ValueError."""
        return cls(tuple(ip_network(part.strip()) for part in text.split(",") if part.strip()))

    def holds(self, text: str) -> bool:
        """Whether this is the address of a proxy of ours."""
        address = address_of(text) if self.networks else None
        return address is not None and any(address in network for network in self.networks)

    def caller(self, peer: str, written: Iterable[str]) -> str:
        """Who called, when `peer` is connected to us and sent these values of `X-Forwarded-For`."""
        caller = peer
        for hop in reversed(",".join(written).split(",")):
            address = address_of(hop) if self.holds(caller) else None
            if address is None:
                break
            caller = str(address)
        return caller

    def apply(self, scope: MutableMapping[str, Any]) -> None:
        """Put who really called, and by which scheme, into the scope of a request."""
        client = scope.get("client")
        if not self.networks or not client or not self.holds(client[0]):
            return
        scope["client"] = (self.caller(client[0], _values(scope, b"x-forwarded-for")), client[1])
        scheme = ",".join(_values(scope, b"x-forwarded-proto")).rpartition(",")[2].strip().lower()
        if scheme in _SCHEMES:
            scope["scheme"] = _SCHEMES[scheme][scope["type"] == "websocket"]


def _values(scope: MutableMapping[str, Any], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]

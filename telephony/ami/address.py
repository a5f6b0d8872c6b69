"""Where a manager listens, and how a line to it is protected."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"ami": 5038, "amis": 5039}


@dataclass(frozen=True)
class Address:
    """A manager and who signs in: `ami://user:secret@host:port`, or `amis://user:secret@host:port?ca=/pbx.pem` by TLS.

    The certificate is always checked, and that it is this host's: against the file `ca`, else against the authorities
    that the machine trusts. Raises ValueError when it is not written so.
    """

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    tls: bool = False
    ca_file: str | None = None

    @classmethod
    def parse(cls, url: str) -> Address:
        """The address in a URL."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("a manager's address is written ami://user:secret@host:port, or amis:// by TLS")
        user, secret = unquote(parts.username or ""), unquote(parts.password or "")
        ca_file = parse_qs(parts.query).get("ca", [None])[0]
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.hostname, port, user, secret, parts.scheme == "amis", ca_file)

    def tls_context(self) -> ssl.SSLContext | None:
        """How to check whom we talk to; None for a line in the clear. Raises OSError when the file cannot be used."""
        return ssl.create_default_context(cafile=self.ca_file) if self.tls else None

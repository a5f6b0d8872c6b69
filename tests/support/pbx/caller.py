"""A customer with a telephone of their own, who hangs up when a test says so. (sipp hangs up by its clock alone.)"""

from __future__ import annotations

import asyncio
import re
import uuid

SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
)


class Caller(asyncio.DatagramProtocol):
    """One call by SIP over UDP: `await Caller.dial(server, "soporte", "3001234567")`, later `hang_up()`."""

    transport: asyncio.DatagramTransport

    def __init__(self, server: str, to: str, number: str) -> None:
        self.server, self.number = server, number
        self.target, self.id, self.tag = f"sip:{to}@{server}", uuid.uuid4().hex, uuid.uuid4().hex[:8]
        self.to = f"<{self.target}>"
        self.answered = asyncio.Event()

    @classmethod
    async def dial(cls, server: str, to: str, number: str) -> Caller:
        host, _, port = server.partition(":")
        loop = asyncio.get_running_loop()
        _, made = await loop.create_datagram_endpoint(lambda: cls(server, to, number), remote_addr=(host, int(port)))
        made._send("INVITE", 1, SDP.format(port=40_000))
        return made

    def hang_up(self) -> None:
        """As a person puts the receiver down in a call that was answered."""
        self._send("BYE", 2)

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, _from: object) -> None:
        text = data.decode()
        first = text.partition("\r\n")[0]
        if not first.startswith("SIP/2.0"):
            self._agree(text)
        elif first.startswith("SIP/2.0 200") and "INVITE" in _header(text, "CSeq"):
            self.to = _header(text, "To")
            self.target = re.sub(r"^.*<([^>]+)>.*$", r"\1", _header(text, "Contact"))
            self._send("ACK", 1)
            self.answered.set()

    def _agree(self, text: str) -> None:
        """The PBX asks something of us, to hang up for example: yes."""
        kept = [line for line in text.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.IGNORECASE)]
        if not text.startswith("ACK"):
            self.transport.sendto(("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0"]) + "\r\n\r\n").encode())

    def _send(self, method: str, number: int, body: str = "") -> None:
        host, port = self.transport.get_extra_info("sockname")
        lines = [
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{uuid.uuid4().hex}",
            f'From: "Cliente" <sip:{self.number}@{host}>;tag={self.tag}',
            f"To: {self.to}",
            f"Call-ID: {self.id}",
            f"CSeq: {number} {method}",
            "Max-Forwards: 70",
            f"Contact: <sip:{self.number}@{host}:{port}>",
            "X-Carrier: yes",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self.transport.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


def _header(text: str, name: str) -> str:
    found = re.search(rf"^{name}:[ \t]*(.*?)\r?$", text, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""

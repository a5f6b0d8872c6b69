"""How fast the ear is, held well below what it does, so that a busy machine does not fail it."""

from __future__ import annotations

from time import process_time

from atiende.telephony.ami.protocol import AmiParser
from atiende.telephony.calls.translator import Translator
from atiende.telephony.simulated_pbx import IncomingCall, SimulatedPbx
from atiende.telephony.simulated_pbx.managers import packet

LEAST = 10_000  # events per second of one core


def recorded(calls: int) -> tuple[bytes, int]:
    """What a manager hears of so many answered queue calls, and how many events that is."""
    pbx = SimulatedPbx(("1001",), {"soporte": ("1001",)})
    said: list[bytes] = []
    pbx.managers.tell = lambda pairs: said.append(packet(pairs))  # type: ignore[method-assign]
    for _ in range(calls):
        call = IncomingCall(pbx, "3001112233", "Ana Muñoz", "soporte", pbx.queues["soporte"])
        call.ring(pbx.phones["1001"])
        call.answer()
        call.hang_up()
    return b"".join(said), len(said)


def test_ten_thousand_events_a_second_are_parsed_and_translated_on_one_core() -> None:
    data, events = recorded(1000)
    parser, translator, facts = AmiParser(), Translator("centro"), 0
    translator.done("22")
    parser.feed(b"Asterisk Call Manager/11.0.0\r\n")
    began = process_time()
    for at in range(0, len(data), 65536):
        for message in parser.feed(data[at : at + 65536]):
            facts += len(translator.hear(message))
    rate = events / (process_time() - began)
    print(f"{rate:,.0f} events/s, {events / 1000:.0f} events and {facts / 1000:.0f} facts a call")
    assert facts >= 8_000
    assert rate > LEAST

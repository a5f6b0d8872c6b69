"""A thousand calls, heard in pieces as a network brings them: every one is read and understood."""

from __future__ import annotations

from atiende.scripts.benches.telephony.recorded import recorded
from atiende.telephony.ami.protocol import AmiParser
from atiende.telephony.calls.translator import Translator


def test_a_thousand_calls_are_read_and_understood_whole() -> None:
    data, _ = recorded(1000)
    parser, translator, facts = AmiParser(), Translator("centro"), 0
    translator.done("22")
    parser.feed(b"Asterisk Call Manager/11.0.0\r\n")
    for at in range(0, len(data), 65536):
        for message in parser.feed(data[at : at + 65536]):
            facts += len(translator.hear(message))
    assert facts >= 8_000

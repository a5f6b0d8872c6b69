"""How Asterisk writes an extension, a caller and a phone's state, read into ours."""

from __future__ import annotations

import re

from ..facts import PhoneState

MAX_TEXT = 200  # characters of a caller's name or number that are kept

_INSTANCE = re.compile(r"-[0-9a-f]{8,}(?:;[12])?$")  # what tells one channel of a phone from its next
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPE = re.compile(r"\\([abfnrtv\\'\"?])")
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

_STATES = {
    "NOT_INUSE": PhoneState.IDLE,
    "INUSE": PhoneState.IN_USE,
    "BUSY": PhoneState.IN_USE,
    "RINGING": PhoneState.RINGING,
    "RINGINUSE": PhoneState.IN_USE,
    "ONHOLD": PhoneState.ON_HOLD,
    "UNAVAILABLE": PhoneState.UNAVAILABLE,
    "INVALID": PhoneState.UNAVAILABLE,
}
_STATE_NUMBERS = ("UNKNOWN", "NOT_INUSE", "INUSE", "BUSY", "INVALID", "UNAVAILABLE", "RINGING", "RINGINUSE", "ONHOLD")


def extension_of(name: str) -> str:
    """`1001` of a channel, device or queue member: PJSIP/1001-0000001f, SIP/1001, Local/1001@from-queue/n,
    hint:1001@ext-local.

    "" for what is not a phone: a number reached through a trunk (PJSIP/300@carrier), the far end of a Local pair.
    """
    if name.startswith("hint:"):
        return name.removeprefix("hint:").partition("@")[0]
    kind, slash, rest = name.partition("/")
    if not slash or ":" in kind or rest.endswith(";2"):  # `Queue:soporte_pause_PJSIP/1001` is no phone
        return ""
    if kind == "Local":
        return rest.partition("@")[0]
    return "" if "@" in rest else _INSTANCE.sub("", rest)


def looks_like_extension(text: str) -> bool:
    """The guess where nobody told which extensions are agents': two to six digits."""
    return 2 <= len(text) <= 6 and text.isascii() and text.isdigit()


def number_text(value: str) -> str:
    """A caller's number as it was sent, without control characters and at most MAX_TEXT long; "" when unknown."""
    return "" if value == "<unknown>" else _CONTROL.sub("", value)[:MAX_TEXT]


def name_text(value: str) -> str:
    """As number_text, for a display name: Asterisk writes those with the escapes of C."""
    if "\\" in value:
        value = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), value)
    return number_text(value)


def phone_state(word: str) -> PhoneState:
    """Of a device state: its name (`NOT_INUSE`), its number (`1`) or as people read it (`Not in use`)."""
    if word.isascii() and word.isdigit():
        word = _STATE_NUMBERS[int(word)] if len(word) == 1 and int(word) < len(_STATE_NUMBERS) else "UNKNOWN"
    word = word.upper().replace("NOT IN USE", "NOT_INUSE").replace("IN USE", "INUSE").replace(" ", "")
    return _STATES.get(word, PhoneState.UNKNOWN)


def whole_number(value: str) -> int:
    """0 where it is none."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def dialled_number(dial_string: str) -> str:
    """The number in what was dialled through a trunk: `3001234567@carrier`, `PJSIP/carrier/3001234567`."""
    before, at, _ = dial_string.partition("@")
    return number_text(before.rpartition("/")[2].rpartition(":")[2]) if at else ""

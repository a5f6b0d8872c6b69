"""Cursors of lists: where a page begins, as a text that is handed back as it came.

Whatever comes back is read by what each part must be, so that nothing odd reaches a statement.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from .refused import BadInput

LARGEST = 1 << 63  # what a bigint column holds
# from "never" in the order of a list (`cases/case.py`), and so that sums with what it is read beside stay dates
_YEARS = range(1000, 9000)

Part = Callable[[Any], Any]


def write_cursor(*parts: Any) -> str:
    """Texts, whole numbers, moments and lists of them as a cursor."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_cursor(cursor: str, *parts: Part) -> list[Any]:
    """The parts of a cursor, each as its reader has it. Raises BadInput for what we cannot have written."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(parts):
            raise ValueError("not a cursor of this list")
        return [part(value) for part, value in zip(parts, values, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error) as why:
        raise BadInput(field="next") from why


def text(value: Any) -> str:
    """A text that a column can hold. Raises ValueError."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    return value


def number(least: int = -LARGEST, most: int = LARGEST - 1) -> Part:
    """A reader of whole numbers from `least` to `most`."""

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:  # True is no number here
            raise ValueError("not a number of this list")
        return value

    return read


def moment(value: Any) -> datetime:
    """A moment with its offset. Raises ValueError, OverflowError."""
    read = datetime.fromisoformat(text(value))
    if read.tzinfo is None or read.astimezone(UTC).year not in _YEARS:
        raise ValueError("not a moment of this list")
    return read


def items(*parts: Part) -> Part:
    """A reader of a list of so many parts."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != len(parts):
            raise ValueError("not a key of this list")
        return [part(each) for part, each in zip(parts, value, strict=True)]

    return read

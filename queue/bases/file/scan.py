"""One pass over the bytes of an upload while they arrive: how many, how many lines, how many of them are UTF-8.

Knowing the whole file matters: the first accent of a Windows-1252 base may stand in its last line.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from ....models.refused import N_, FileRefused

HEAD = 262_144  # bytes kept to look at closely
_ACCENTED_LINES = 40
_MAGIC: list[tuple[bytes, str]] = [
    (b"PK\x03\x04", N_("Es un libro de Excel o un archivo comprimido. Guárdelo como CSV y súbalo de nuevo.")),
    (b"\xd0\xcf\x11\xe0", N_("Es un libro de Excel antiguo. Guárdelo como CSV y súbalo de nuevo.")),
    (b"%PDF", N_("Es un PDF, no un archivo de clientes.")),
    (b"\x1f\x8b", N_("Está comprimido. Descomprímalo y súbalo de nuevo.")),
    (b"\x89PNG", N_("Es una imagen, no un archivo de clientes.")),
    (b"\xff\xd8\xff", N_("Es una imagen, no un archivo de clientes.")),
]
_COUNTED = 200_000  # lines with bytes above 127: enough to know the bulk of a file
_ABOVE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def _decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")("strict")


@dataclass(slots=True)
class FileScan:
    """Feed it every block, then ask."""

    size: int = 0
    lines: int = 0
    utf8: bool = True
    head: bytes = b""
    accented: list[bytes] = field(default_factory=list)  # some lines with bytes above 127
    others: list[bytes] = field(default_factory=list)  # some of those that are not UTF-8
    utf8_lines: int = 0  # with bytes above 127
    other_lines: int = 0
    _decode: codecs.IncrementalDecoder = field(default_factory=_decoder)
    _last: bytes = b""

    def feed(self, block: bytes) -> None:
        """Take the next block of the file."""
        self.size += len(block)
        self.lines += block.count(b"\n") or block.count(b"\r")
        if len(self.head) < HEAD:
            self.head += block[: HEAD - len(self.head)]
        if not block.isascii():
            self._count_accented(block)
        if self.utf8 and not (block.isascii() and self._last.isascii()):
            self._try_utf8(block)
        self._last = block[-4:]

    def finish(self) -> None:
        """The file ended. Raises FileRefused when it is empty or is not text at all."""
        if self.utf8:
            self._try_utf8(b"", final=True)
        if self._last and not self._last.endswith((b"\n", b"\r")):
            self.lines += 1
        if not self.head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
            raise FileRefused(field="file", sentence=N_("El archivo está vacío."))
        for magic, sentence in _MAGIC:
            if self.head.startswith(magic):
                raise FileRefused(field="file", sentence=sentence)
        if len(_CONTROLS.findall(self.head)) > len(self.head) // 50:
            raise FileRefused(field="file", sentence=N_("No es un archivo de texto."))

    def _try_utf8(self, block: bytes, final: bool = False) -> None:
        try:
            self._decode.decode(block, final)
        except UnicodeDecodeError:
            self.utf8 = False

    def _count_accented(self, block: bytes) -> None:
        # Lines cut by the borders of the block are left out: half a letter would look like a wrong encoding.
        first, last = 0, len(block)
        if self.size > len(block):
            first = block.find(b"\n") + 1
        if not block.endswith((b"\n", b"\r")):
            last = block.rfind(b"\n") + 1 or last
        for found in _ABOVE.finditer(block, first, last):
            if self.utf8_lines + self.other_lines >= _COUNTED:
                return
            self._count_line(found[0][:2000])

    def _count_line(self, line: bytes) -> None:
        if len(self.accented) < _ACCENTED_LINES:
            self.accented.append(line)
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as why:
            if why.end < len(line) or len(line) < 2000:
                self.other_lines += 1
                if len(self.others) < _ACCENTED_LINES:
                    self.others.append(line)
                return
        self.utf8_lines += 1

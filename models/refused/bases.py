"""Refusals about a base and its files."""

from __future__ import annotations

from .general import BadInput
from .refusal import N_


class FileRefused(BadInput):
    """An uploaded file cannot be read; the sentence says why."""

    code = "file-refused"
    sentence = N_("El archivo no se pudo leer.")

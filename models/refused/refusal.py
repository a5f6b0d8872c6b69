"""What every refusal is, and the sentences it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogues without translating it here."""
    return sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence with values of its own; it is translated before the whole."""

    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class Phrases(tuple[Phrase, ...]):
    """Several, read one after the other."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(map(str, self))


class Refused(Exception):
    """An action was not done, for a reason that its asker can understand. Nothing was changed."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = N_("No se pudo hacer.")

    def __init__(
        self,
        *,
        field: str | None = None,
        sentence: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        self.field = field
        self.message = sentence or self.sentence
        self.values = values
        self.extra = dict(extra or {})
        super().__init__(self.message % values if values else self.message)

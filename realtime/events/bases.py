"""How an upload of a base goes on."""

from __future__ import annotations

from typing import Any

from .. import topics as to
from .event import Event


class ImportProgressed(Event):
    """An upload went on, ended or failed (S4-02). `job` is the answer of `GET /jobs/{id}`."""

    type = "import.progressed"
    job: dict[str, Any]

    def topics(self) -> frozenset[str]:
        return frozenset({to.SUPERVISORS})

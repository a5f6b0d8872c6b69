"""What every event is."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Something that happened, told after its commit. `at` is the database's time of it (UTC)."""

    model_config = ConfigDict(frozen=True)
    type: ClassVar[str]
    at: datetime

    def topics(self) -> frozenset[str]:
        """Who hears it."""
        raise NotImplementedError(type(self).__name__)

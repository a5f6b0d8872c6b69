"""The settings of a campaign as a form sends them, and the columns they set."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ...models.campaigns.campaign import AssignmentMode, Mode
from ...models.campaigns.results import Name
from ...models.contact.pressure import PressureRule
from ...models.refused import N_
from ...models.time_zones import TimeZoneName


class CampaignChanges(BaseModel):
    """What may be changed of a campaign; what is not named stays. `version` is the one that was seen."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = None
    name: Name | None = None
    type: int | str | None = None  # id or code
    priority: int | None = Field(default=None, ge=1, le=9)
    mode: Mode | None = None
    assignment_mode: AssignmentMode | None = None
    queue: str | None = Field(default=None, max_length=80)
    pbx: str | None = Field(default=None, min_length=1, max_length=40)
    time_zone: TimeZoneName = None
    wrap_up_seconds: int | None = Field(default=None, ge=0, le=3600)
    pressure: dict[str, Any] | None = None
    rule_pack: int | None = None  # null = no contact is refused
    agents: list[int] | None = None
    archived: bool | None = None

    @field_validator("pressure")
    @classmethod
    def _is_pressure(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is not None:
            _check_pressure(value)
        return value


class NewCampaign(CampaignChanges):
    """A campaign to create. It gets the ready-made result tree of its type, if there is one (S2-01)."""

    name: Name
    type: int | str = "support"
    mode: Mode = Mode.MANUAL
    priority: int = Field(default=5, ge=1, le=9)
    assignment_mode: AssignmentMode = AssignmentMode.MIXED


_COLUMNS = {
    "name": "name",
    "priority": "priority",
    "mode": "mode",
    "assignment_mode": "assignment_mode",
    "queue": "queue_name",
    "pbx": "pbx_id",
    "time_zone": "time_zone",
    "wrap_up_seconds": "wrap_up_seconds",
    "pressure": "pressure",
    "rule_pack": "rule_pack_id",
}
_MAY_BE_EMPTY = frozenset({"queue", "time_zone", "rule_pack"})


def columns_of(changes: CampaignChanges) -> dict[str, Any]:
    """Columns that `changes` sets. What may not be empty and came as null stays as it is."""
    wanted = changes.model_dump(exclude_unset=not isinstance(changes, NewCampaign))
    wanted = {name: wanted[name] for name in _COLUMNS if name in wanted}
    if "queue" in wanted:
        wanted["queue"] = (wanted["queue"] or "").strip() or None
    return {_COLUMNS[name]: value for name, value in wanted.items() if value is not None or name in _MAY_BE_EMPTY}


def _check_pressure(stored: dict[str, Any]) -> None:
    """Window of 1…60 days and limits that climb, as the rule reads them. Raises ValueError."""
    if not set(stored) <= {"window_days", "media", "total"}:
        raise ValueError(N_("La presión de contacto tiene campos desconocidos."))
    try:
        rule = PressureRule.of(stored)
        limits = [*dict(rule.media).values(), rule.total]
    except (TypeError, ValueError, AttributeError):
        raise ValueError(N_("Cada medio lleva tres umbrales en números.")) from None
    if not 1 <= rule.window_days <= 60:
        raise ValueError(N_("La ventana de contactos es de 1 a 60 días."))
    if any(not 1 <= low < medium < high <= 999 for low, medium, high in limits):
        raise ValueError(N_("Cada umbral debe ser mayor que el anterior."))

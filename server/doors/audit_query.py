"""Which rows of the audit are asked for: the same in the page, in JSON and in the file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from ...models.audit.actions import AuditKind
from ...models.audit.entries import AuditFilter
from .input import Input


def _day_or_moment(value: Any) -> date | datetime:
    try:
        is_day = isinstance(value, str) and len(value) == 10
        given = date.fromisoformat(value) if is_day else datetime.fromisoformat(str(value))
        if not 1970 <= given.year <= 9000:
            raise ValueError("far from any row")
    except ValueError:
        raise PydanticCustomError("date_parsing", "neither a day nor a moment") from None
    if isinstance(given, datetime) and given.tzinfo is None:
        raise PydanticCustomError("timezone_aware", "a moment without a zone")
    return given


DayOrMoment = Annotated[
    date,
    PlainValidator(_day_or_moment),
    PlainSerializer(lambda given: given.isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "description": "a day, or a moment"}),
]


class AuditQuery(Input):
    """`actor` a person's id (0: the server), `subject` a thing (`user:3`) or a sort of things (`user`), `from` and `to`
    days of the installation (both included) or moments; `q` words in the values."""

    actor: Annotated[int | None, Field(ge=0)] = None
    action: Annotated[str, Field(max_length=60)] | None = None
    kind: AuditKind | None = None
    subject: Annotated[str, Field(max_length=200)] | None = None
    since: Annotated[DayOrMoment | None, Field(alias="from")] = None
    until: Annotated[DayOrMoment | None, Field(alias="to")] = None
    q: Annotated[str, Field(max_length=100)] = ""
    next: Annotated[str, Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    @model_validator(mode="before")
    @classmethod
    def _given(cls, values: Any) -> Any:
        """An empty field of the form asks for nothing."""
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values

    def filter(self, zone: ZoneInfo) -> AuditFilter:
        """As the database is asked; days begin and end by `zone`."""
        return AuditFilter(
            actor=self.actor,
            action=self.action,
            kind=self.kind,
            subject=self.subject,
            since=_begin(self.since, zone),
            until=_begin(self.until, zone, after=True),
            text=self.q,
        )


def _begin(value: date | None, zone: ZoneInfo, *, after: bool = False) -> datetime | None:
    """The moment itself, or where the day begins (`after`: where it ends)."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value + timedelta(days=int(after)), time(), zone)

"""The table of fields as pydantic sees it: what a row shows of each field, and what a program may give for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field as Limits

from .fields import Field, Kind
from .service_states import ServiceState


def shown_types(fields: Iterable[Field]) -> dict[str, Any]:
    """{column: (type, required)} of a row that shows these fields, for `create_model`."""
    return {field.column.name: (_or_none(_SHOWN.get(field.kind, str), field), ...) for field in fields}


def given_types(fields: Iterable[Field], day: Any, *, changes: bool) -> dict[str, Any]:
    """{column: (type, default)} of a body that gives these fields, for `create_model`.

    `day` is the type of a date. With `changes` every field may be left out or None; otherwise a field that is left out
    has the default of its column, and one that has none must be given.
    """
    return {field.column.name: _given(field, day, changes) for field in fields}


_SHOWN: dict[Kind, Any] = {Kind.DATE: date, Kind.AMOUNT: Decimal}


def _or_none(kind: Any, field: Field) -> Any:
    return kind | None if field.column.nullable else kind


def _given(field: Field, day: Any, changes: bool) -> tuple[Any, Any]:
    kind = _taken(field, day)
    if changes or field.column.nullable:
        return kind | None, None
    default = field.column.default
    if default is None:
        return Annotated[kind, Limits(min_length=1)], ...
    return kind, default.arg  # type: ignore[attr-defined]


def _taken(field: Field, day: Any) -> Any:
    match field.kind:
        case Kind.DATE:
            return day
        case Kind.AMOUNT:
            return Annotated[Decimal, Limits(max_digits=14, decimal_places=2)]
        case Kind.SERVICE_STATE:
            return ServiceState
    return Annotated[str, Limits(max_length=field.max_length)]

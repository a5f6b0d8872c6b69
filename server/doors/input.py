"""What came in: JSON, queries and path parameters, read into the route's models or refused with the field's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, get_origin

import orjson
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.types import Message, Receive

from ...models.refused import N_, BadInput, NotFound, TooLarge

DEEPEST = 32  # levels of nesting that a body may have
MOST_VALUES = 20_000  # keys and values of a body, all levels together
MOST_ASKED = 200  # parts of a query
MOST_ERRORS = 20  # wrong fields that are told, so that an answer does not grow with what was sent
_LARGEST = 1 << 63  # what a bigint column holds


class Input(BaseModel):
    """A body or query that refuses what it does not know and takes off the spaces around texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _written(value: Any) -> Any:
    if isinstance(value, int | float):
        raise PydanticCustomError("datetime_parsing", "a number is no date")
    return value


# Dates and times are written out: a number is not taken for seconds since 1970.
WRITTEN = BeforeValidator(_written)
Moment = Annotated[AwareDatetime, WRITTEN]
Day = Annotated[date, WRITTEN]

SENTENCES = {
    "missing": N_("Falta este dato."),
    "extra_forbidden": N_("Este dato no se conoce aquí."),
    "string_too_short": N_("Es demasiado corto."),
    "string_too_long": N_("Es demasiado largo."),
    "too_short": N_("Elija al menos uno."),
    "too_long": N_("Son demasiados."),
    "int_type": N_("Debe ser un número entero."),
    "int_parsing": N_("Debe ser un número entero."),
    "bool_type": N_("Debe ser sí o no."),
    "bool_parsing": N_("Debe ser sí o no."),
    "string_type": N_("Debe ser un texto."),
    "list_type": N_("Debe ser una lista."),
    "enum": N_("No es una de las opciones."),
    "literal_error": N_("No es una de las opciones."),
    "greater_than_equal": N_("Es demasiado pequeño."),
    "greater_than": N_("Es demasiado pequeño."),
    "less_than_equal": N_("Es demasiado grande."),
    "less_than": N_("Es demasiado grande."),
    "datetime_parsing": N_("Debe ser una fecha y hora como 2026-11-26T10:42:00-05:00."),
    "datetime_from_date_parsing": N_("Debe ser una fecha y hora como 2026-11-26T10:42:00-05:00."),
    "timezone_aware": N_("La hora debe decir su zona, como 2026-11-26T10:42:00-05:00."),
    "date_parsing": N_("Debe ser una fecha como 2026-11-26."),
    "date_from_datetime_parsing": N_("Debe ser una fecha como 2026-11-26."),
}
UNKNOWN = N_("Este valor no se acepta.")


def limited(receive: Receive, limit: int) -> Receive:
    """`receive` that raises TooLarge once more than `limit` bytes came."""
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > limit:
            raise too_large(limit)
        return message

    return counted


def too_large(limit: int) -> TooLarge:
    """The refusal of more than `limit` bytes."""
    bits, unit = next((pair for pair in ((30, "GB"), (20, "MB")) if limit >> pair[0]), (10, "KB"))
    return TooLarge(limit=f"{limit >> bits} {unit}")


async def read_json(request: Request) -> Any:
    """The body as JSON; an empty one is an empty object. Raises BadInput, TooLarge."""
    raw = await request.body()
    if not raw:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise BadInput(sentence=N_("Se espera JSON (Content-Type: application/json)."))
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadInput(sentence=N_("No es JSON válido.")) from None
    check_plain(value)
    return value


def check_plain(value: Any) -> None:
    """Refuse what no row can hold: a NUL in a text, a number past 64 bits, nesting without end."""
    left: list[tuple[Any, int, str | None]] = [(value, 0, None)]
    seen = 0
    while left:
        item, depth, field = left.pop()
        seen += 1
        if seen + (len(item) if isinstance(item, list | dict) else 0) > MOST_VALUES:
            raise BadInput(field=field, sentence=SENTENCES["too_long"])
        if depth > DEEPEST:
            raise BadInput(field=field, sentence=N_("Tiene demasiados niveles."))
        if isinstance(item, dict):
            left += [(key, depth + 1, field) for key in item]
            left += [(inner, depth + 1, field or key) for key, inner in item.items()]
        elif isinstance(item, list):
            left += [(inner, depth + 1, field) for inner in item]
        elif isinstance(item, str) and "\0" in item:
            raise BadInput(field=field, sentence=N_("Tiene un carácter que no se puede guardar."))
        elif isinstance(item, int | float) and not -_LARGEST <= item < _LARGEST:
            raise BadInput(field=field, sentence=N_("Es demasiado grande."))


def validated(model: type[BaseModel], value: Any) -> BaseModel:
    """`value` as the model has it; a BadInput that names the first wrong field, with all of them in `errors`."""
    try:
        return model.model_validate(value)
    except ValidationError as why:
        raise validation_refusal(why) from None


def validation_refusal(why: ValidationError) -> BadInput:
    """A validation error as a refusal: field, sentence, and in `errors` the first wrong fields."""
    errors = [
        {"field": ".".join(str(part) for part in error["loc"]) or None, "message": _sentence(error)}
        for error in why.errors(include_url=False, include_input=False)[:MOST_ERRORS]
    ]
    first = errors[0]
    return BadInput(field=first["field"], sentence=first["message"], extra={"errors": errors})


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":  # raised by one of our validators, with our own sentence
        return str(error["ctx"]["error"])
    return SENTENCES.get(error["type"], UNKNOWN)


def read_query(request: Request, model: type[BaseModel] | None) -> BaseModel | None:
    """The query as the route's model has it. Raises BadInput."""
    if request.scope["query_string"].count(b"&") >= MOST_ASKED:
        raise BadInput(sentence=SENTENCES["too_long"])
    for name, value in request.query_params.multi_items():
        if "\0" in name or "\0" in value:
            raise BadInput(field=name.replace("\0", ""), sentence=N_("Tiene un carácter que no se puede guardar."))
    if model is None:
        return None
    several = _lists(model)
    params = request.query_params
    query = validated(model, {name: params.getlist(name) if name in several else params[name] for name in params})
    check_plain(query.model_dump(mode="json"))
    return query


def _lists(model: type[BaseModel]) -> frozenset[str]:
    """The fields of a query that may be given several times."""
    many: Iterable[str] = (
        field.alias or name
        for name, field in model.model_fields.items()
        if get_origin(field.annotation) in (list, tuple, set, frozenset)
    )
    return frozenset(many)


def check_path(path: Mapping[str, Any]) -> None:
    """No row has a name with a NUL in it. Raises NotFound."""
    if any(isinstance(value, str) and "\0" in value for value in path.values()):
        raise NotFound

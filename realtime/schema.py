"""The JSON Schema of everything that comes down the live socket, from the catalogue."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from .events import CATALOGUE, Event

_FRAMES: dict[str, tuple[str, dict[str, Any]]] = {
    "hello": (
        "The first frame: where the stream stands (empty while it cannot be read), who is signed in, and whether this "
        "tab is the person's active one.",
        {"cursor": {"type": "string"}, "user": {"type": "object"}, "active": {"type": "boolean"}},
    ),
    "resync": ("Something may have been missed: refetch what is shown. `id` is the cursor to go on from.", {}),
    "stream.lost": ("No events can come for now; a `resync` follows when they can again.", {}),
    "pong": ("The answer to a ping.", {}),
}


@cache
def event_schema() -> dict[str, Any]:
    """Each event as it is on the wire, by its type; `oneOf` tells them apart by `type`."""
    events = list(CATALOGUE.values())
    _, schema = models_json_schema([(event, "serialization") for event in events], ref_template="#/$defs/{model}")
    definitions = schema["$defs"]
    for event in events:
        _as_on_the_wire(definitions[event.__name__], event.type)
    names = {event.type: event.__name__ for event in events}
    for kind, (text, properties) in _FRAMES.items():
        names[kind] = kind
        definitions[kind] = {"title": kind, "description": text, "type": "object", "properties": dict(properties)}
        _as_on_the_wire(definitions[kind], kind)
    refs = {kind: f"#/$defs/{name}" for kind, name in names.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Atiende: what comes down /api/v1/live",
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "type", "mapping": refs},
        "$defs": definitions,
    }


def meaning(event: type[Event]) -> str:
    """What an event says, from its docstring, on one line."""
    return " ".join(inspect.cleandoc(event.__doc__ or "").split())


def _as_on_the_wire(definition: dict[str, Any], kind: str) -> None:
    """Events have their cursor in front; `hello`, `pong` and `stream.lost` have none."""
    properties: dict[str, Any] = {"type": {"const": kind, "type": "string"}}
    if kind in CATALOGUE or kind == "resync":
        properties["id"] = {"type": "string", "description": "Cursor `epoch:number`, to resume from."}
    if kind in ("hello", "pong"):
        properties["at"] = {"type": "string", "format": "date-time"}
    definition["properties"] = properties | definition.get("properties", {})
    definition["required"] = [*properties, *(name for name in definition.get("required", []) if name not in properties)]

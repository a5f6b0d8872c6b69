"""The OpenAPI 3.1 document of the JSON interface, made from the route table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import TypeAdapter

from ... import __version__
from ...models.permissions import Permission
from ...models.refused import (
    BadInput,
    Conflict,
    CrossSite,
    KeyReused,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from .route import Door, Route

API = "/api/v1"
_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")
_REF = "#/components/schemas/{model}"

REFUSAL_SCHEMA = {
    "type": "object",
    "description": "Why it was not done. Some codes tell more beside these three.",
    "required": ["code", "message", "field"],
    "properties": {
        "code": {"type": "string", "description": "stable, for programs"},
        "message": {"type": "string", "description": "a sentence in the person's language"},
        "field": {"type": ["string", "null"], "description": "what it is about"},
    },
}
_ROW = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}  # what the address of a row may be
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key gives the same answer and acts once; with another body it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """The whole document; only what lies under /api/v1 is in it."""
    public = [route for route in routes if route.path.startswith(API)]
    schemas, definitions = _schemas(public)
    paths: dict[str, dict[str, Any]] = {}
    for route in public:
        place = _PLACE.sub(r"{\1}", route.path)
        paths.setdefault(place, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Atiende", "version": __version__, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Refusal": REFUSAL_SCHEMA},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "atiende"},
            },
        },
    }


Schemas = dict[tuple[Any, Any], dict[str, Any]]


def _schemas(routes: list[Route]) -> tuple[Schemas, dict[str, Any]]:
    """The schema of every model, and the definitions they refer to."""
    used: dict[tuple[Any, Any], None] = {}
    for route in routes:
        for model in (route.body, route.query):
            if model is not None:
                used[model, "validation"] = None
        if route.answer is not None:
            used[route.answer, "serialization"] = None
    asked: list[tuple[Any, Any, TypeAdapter[Any]]] = [(model, mode, TypeAdapter(model)) for model, mode in used]
    found, definitions = TypeAdapter.json_schemas(asked, ref_template=_REF)
    schemas: Schemas = {**found}
    return schemas, definitions.get("$defs", {})


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    summary, _, more = (route.handler.__doc__ or route.handler.__name__).strip().partition("\n")
    operation: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}.{route.handler.__name__}",
        "summary": summary.rstrip("."),
        "parameters": _parameters(route, schemas),
        "responses": _responses(route, schemas),
        "security": [] if route.permission is None else [{"session": []}, {"token": []}],
    }
    if more.strip():
        operation["description"] = re.sub(r"\s+", " ", more).strip()
    if route.tags:
        operation["tags"] = list(route.tags)
    if route.permission is not None:
        operation["x-permission"] = route.permission.value
    if route.upload:
        operation["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": _form(route)}},
        }
    elif route.body is not None:
        schema = schemas[route.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _parameters(route: Route, schemas: Schemas) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _ROW if kind == "int" else {"type": "string"},
        }
        for name, kind in _PLACE.findall(route.path)
    ]
    if route.query is not None:
        shape = route.query.model_json_schema(ref_template=_REF)
        required = shape.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": schema}
            for name, schema in shape.get("properties", {}).items()
        ]
    if route.method != "GET" and route.permission is not None and not route.own_work:
        found.append(KEY)
    return found


def _form(route: Route) -> dict[str, Any]:
    texts = {name: {"type": "string", "description": what} for name, what in route.form.items()}
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {"type": "object", "required": ["file"], "properties": {"file": file, **texts}}


def _responses(route: Route, schemas: Schemas) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Hecho."}
    if route.answer is not None:
        done["content"] = {"application/json": {"schema": schemas[route.answer, "serialization"]}}
    elif route.media:
        done["content"] = {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in route.media}
    responses: dict[str, Any] = {str(route.status): done}
    for status, codes in sorted(_refusals(route).items()):
        responses[str(status)] = {
            "description": ", ".join(sorted(codes)),
            "content": {"application/json": {"schema": {"$ref": _REF.format(model="Refusal")}}},
        }
    return responses


def _refusals(route: Route) -> dict[int, set[str]]:
    """Every refusal by its status: the route's own, and those of the door it passes."""
    kinds: list[type[Exception]] = [*route.refusals, Unavailable]
    if route.permission is not None:
        kinds += [NotSignedIn, *([] if route.permission is Permission.SEE_SELF else [NotAllowed])]
    if "{" in route.path:
        kinds.append(NotFound)
    if route.cost is not None:
        kinds.append(TooManyRequests)
    if route.body is not None or route.query is not None or route.upload:
        kinds.append(BadInput)
    if route.method != "GET":
        kinds += [
            CrossSite,
            TooLarge,
            Conflict,
            *([] if route.own_work or route.permission is None else [BadInput, KeyReused]),
        ]
    found: dict[int, set[str]] = {}
    for kind in kinds:
        if issubclass(kind, Refused):
            found.setdefault(kind.status, set()).add(kind.code)
    return found


def document_route(routes: Callable[[], list[Route]]) -> Route:
    """The route that gives out the document of all routes."""

    async def openapi(_door: Door) -> dict[str, Any]:
        """This document."""
        return document(routes())

    return Route("GET", f"{API}/openapi.json", openapi, None, answer=dict[str, Any], tags=("documentos",))

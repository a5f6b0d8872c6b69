"""Every route there is: the `ROUTES` of each file in `routes/` and `pages/`, folders included, and their document."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from . import pages, routes
from .doors import openapi
from .doors.route import Route


def all_routes() -> list[Route]:
    """The whole table, in the order in which paths are tried: no two of its paths fit one address."""
    return [*_of(routes), *_of(pages), openapi.document_route(all_routes)]


def _of(folder: ModuleType) -> Iterator[Route]:
    for file in sorted(iter_modules(folder.__path__), key=lambda found: found.name):
        module = import_module(f"{folder.__name__}.{file.name}")
        yield from _of(module) if file.ispkg else module.ROUTES

"""Every route there is, and the one place that knows them all."""

from __future__ import annotations

from . import session_pages, session_routes
from .route import Route


def all_routes() -> list[Route]:
    """The whole table, in the order in which paths are tried."""
    return [
        *session_routes.ROUTES,
        *session_pages.ROUTES,
    ]

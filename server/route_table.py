"""Every route there is, and the one place that knows them all."""

from __future__ import annotations

from . import (
    agent_pages,
    agent_routes,
    assignment_routes,
    base_routes,
    board_routes,
    call_routes,
    campaign_routes,
    case_routes,
    customer_routes,
    event_routes,
    first_password_pages,
    import_pages,
    job_routes,
    metrics_routes,
    openapi,
    rule_pack_routes,
    rule_pages,
    session_pages,
    session_routes,
    supervisor_pages,
    user_pages,
    user_routes,
)
from .route import Route


def all_routes() -> list[Route]:
    """The whole table, in the order in which paths are tried."""
    return [
        *session_routes.ROUTES,
        *agent_routes.ROUTES,
        *case_routes.ROUTES,
        *customer_routes.ROUTES,
        *call_routes.ROUTES,
        *session_pages.ROUTES,
        *agent_pages.ROUTES,
        *first_password_pages.ROUTES,
        *base_routes.ROUTES,
        *job_routes.ROUTES,
        *import_pages.ROUTES,
        *user_routes.ROUTES,
        *user_pages.ROUTES,
        *board_routes.ROUTES,
        *campaign_routes.ROUTES,
        *rule_pack_routes.ROUTES,
        *rule_pages.ROUTES,
        *assignment_routes.ROUTES,
        *supervisor_pages.ROUTES,
        *event_routes.ROUTES,
        openapi.document_route(all_routes),
        *metrics_routes.ROUTES,
    ]

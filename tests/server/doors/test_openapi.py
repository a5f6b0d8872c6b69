"""The document of the JSON interface."""

from __future__ import annotations

from openapi_spec_validator import validate

from atiende.server.doors.api_markdown import PAGE, page
from atiende.server.doors.openapi import document
from atiende.server.route_table import all_routes


def test_the_document_is_valid_openapi_and_holds_every_route() -> None:
    routes = all_routes()
    made = document(routes)
    validate(made)
    operations = [operation for path in made["paths"].values() for operation in path.values()]
    assert len(operations) == sum(route.path.startswith("/api/v1") for route in routes)
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))


def test_every_route_says_what_it_does() -> None:
    for route in all_routes():
        assert (route.handler.__doc__ or "").strip(), f"{route.method} {route.path}"


def test_the_page_for_people_is_current() -> None:
    assert PAGE.read_text() == page(all_routes()), "run scripts/write_api"


def test_no_name_in_the_document_says_in_which_file_a_class_stands() -> None:
    """Two classes of one name would be told apart by their modules."""
    schemas = document(all_routes())["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []

"""The last part of `docs/API.md`: every call with its permission and refusals, from the route table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ...models.refused import Refused
from .openapi import API
from .route import Route

PAGE = Path(__file__).parents[2] / "docs" / "API.md"
MARK = "<!-- made by scripts/write_api -->\n"


def page(routes: Iterable[Route]) -> str:
    """The whole page: what people wrote, and below the mark what the table says."""
    written = PAGE.read_text().partition(MARK)[0]
    lines = [_line(route) for route in routes if route.path.startswith(API)]
    return "\n".join([written + MARK, "| call | does | permission | refusals |", "|---|---|---|---|", *lines, ""])


def _line(route: Route) -> str:
    path = re.sub(r"\{(\w+)(:\w+)?\}", r"{\1}", route.path.removeprefix(API))
    does = (route.handler.__doc__ or "").strip().partition("\n")[0].rstrip(".").replace("|", "\\|")
    codes = " ".join(f"`{kind.code}`" for kind in route.refusals if issubclass(kind, Refused))
    return f"| `{route.method} {path}` | {does} | {route.permission or 'everyone'} | {codes} |"

"""Statements over many rows at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, Executable

from .work import Work


async def change_many(work: Work, statement: Executable, values: dict[str, Any] | None = None) -> int:
    """Run an UPDATE, INSERT or DELETE without refreshing loaded objects; how many rows it changed."""
    result = await work.session.execute(statement, values, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount

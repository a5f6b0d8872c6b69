"""`/tablero`: the wall board as first painted; then `wallboard.figures` brings each second's (M-06)."""

from __future__ import annotations

from typing import Any

from ...models.rows.wallboard import Wallboard


def gather_wallboard(board: Wallboard) -> dict[str, Any]:
    """The figures as the board's module takes them."""
    return {"board": board.model_dump(mode="json")}

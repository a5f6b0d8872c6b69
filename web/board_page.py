"""`/tablero`: the wall board as first painted; then `wallboard.figures` brings each second's (M-06)."""

from __future__ import annotations

from typing import Any

from ..realtime.board_rows import Board

# What each rate is measured against: a rate is never shown without its limit.
LIMITS = {"wait_seconds": 90, "service_percent": 80, "abandoned_percent": 5}


def gather_board(board: Board) -> dict[str, Any]:
    """The figures and the limits as the board's module takes them."""
    return {"board": board.model_dump(mode="json"), "limits": LIMITS}

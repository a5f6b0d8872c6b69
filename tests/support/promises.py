"""Promised times, measured on a machine that may be full of other work."""

from __future__ import annotations

import os

LIMIT = 30.0  # seconds a test waits for what must come; it goes on as soon as it is there


def promised(seconds: float) -> float:
    """So long may it take now: the promise itself while every task has a core, in proportion longer when they share."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

"""Every topic an event can be told on, in one place. A topic is an audience."""

from __future__ import annotations

EVERYONE = "everyone"
SUPERVISORS = "supervisors"
WALLBOARD = "wallboard"


def user(user_id: int) -> str:
    """One person's screens."""
    return f"user:{user_id}"


def campaign(campaign_id: int) -> str:
    """Everyone who works in a campaign."""
    return f"campaign:{campaign_id}"


def case(number: int) -> str:
    """Everyone who looks at a case now."""
    return f"case:{number}"

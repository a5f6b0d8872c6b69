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


# Who hears a topic, in the words of `docs/EVENTS.md`: one line for each name above.
HEARERS = {
    "user": "the person it is about",
    "campaign": "everyone who works in the campaign",
    "case": "everyone who looks at the case now",
    "SUPERVISORS": "supervisors",
    "EVERYONE": "everyone",
    "WALLBOARD": "who watches the wall board",
}

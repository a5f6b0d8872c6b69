"""`/primeros-pasos`: what a new installation needs, each step ticked by what exists."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.overview.installation import Installation, installation
from ...models.rows.call import pbx_lost_since

STEPS = ("administrator", "people", "campaign", "base", "share", "pbx")
_NEEDED = STEPS[:-1]  # a PBX may come later, or never


async def gather_first_steps(session: AsyncSession, *, has_pbx: bool) -> dict[str, Any]:
    """What exists, which steps are done, and the first that is not."""
    found = await installation(session)
    connected = has_pbx and await pbx_lost_since(session) is None
    done = {step for step, is_done in _done(found, connected).items() if is_done}
    return {
        "found": found,
        "connected": connected,
        "has_pbx": has_pbx,
        "steps": STEPS,
        "done": done,
        "current": next((step for step in STEPS if step not in done), None),
        "ready": done.issuperset(_NEEDED),
    }


async def is_set_up(session: AsyncSession) -> bool:
    """Whether every step that work needs is done."""
    return all(is_done for step, is_done in _done(await installation(session), False).items() if step in _NEEDED)


def _done(found: Installation, connected: bool) -> dict[str, bool]:
    return {
        "administrator": found.first is not None,
        "people": found.agents > 0,
        "campaign": found.campaign is not None,
        "base": found.customers > 0,
        "share": found.shared,
        "pbx": connected,
    }

"""The desktop: one section of cases (S2-10…S2-15) as its page shows it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.cases.sections import SECTIONS, Section
from ...models.permissions import Role
from ...models.rows.case_list import anybodys_due, list_cases
from ..shell import Shell

ROWS = 50  # as many as one answer of the list has


def first_section(role: Role) -> Section:
    """Where a person begins: an agent at their own cases, others at the active ones."""
    return Section.ASSIGNED if role == Role.AGENT else Section.ACTIVE


async def gather_desk(
    session: AsyncSession, around: Shell, section: Section, campaign: int | None = None
) -> dict[str, Any]:
    """What `desk/desk.html` needs besides `shell`; titles are msgids."""
    page = await list_cases(session, around.viewer, section, around.now, campaign=campaign, limit=ROWS)
    mine = section is Section.ASSIGNED
    due = await anybodys_due(session, around.viewer.id, around.now) if mine else []
    return {
        "anybodys": due,
        "due": [row.model_dump(mode="json") for row in due],
        "shown": section.value,
        "section": section.value if around.viewer.role == Role.AGENT else "cases",
        "page": page,
        "rows": [row.model_dump(mode="json") for row in page.items],
        "title_id": SECTIONS[section].name,
        "empty_title_id": SECTIONS[section].empty,
    }

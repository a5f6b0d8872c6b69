"""Changing a case from outside its form: priority, description, set aside (S2-11, S3-31, S3-33)."""

from __future__ import annotations

from typing import Any

from ...models.cases.case import Case, CaseStatus
from ...models.cases.priorities import Priority
from ...models.locking import lock
from ...models.refused import CaseClosed
from ...models.rows.case import case_row
from ...realtime.events import CaseMoved
from ..stale import stale
from ..work import Work


async def change_case(work: Work, number: int, version: int | None, changes: dict[str, Any]) -> None:
    """Change priority or description, or set a case aside and take it up again (S2-11, S3-31, S3-33).

    Raises NotFound, CaseClosed, Stale (with both values).
    """
    case = await lock(work.session, Case, number)
    if case.status is CaseStatus.CLOSED:
        raise CaseClosed(number=number)
    wanted = {name: value for name, value in changes.items() if value is not None}
    if version is not None and version != case.version:
        stored = {"priority": Priority.of_rank(case.priority), "status": case.status, "description": case.description}
        raise await stale(work, f"case:{number}", "case.changed", version=case.version, stored=stored, yours=wanted)
    if "priority" in wanted:
        case.priority = Priority(wanted["priority"]).rank
    if "status" in wanted:
        case.status = CaseStatus(wanted["status"])
    if "description" in wanted:
        case.description = wanted["description"]
    case.version += 1
    await work.session.flush()
    row = await case_row(work.session, number, work.now)
    work.tell(CaseMoved(at=work.now, case=row, by=work.actor.named))

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
from .owning import refuse_stranger


async def change_case(work: Work, number: int, version: int | None, changes: dict[str, Any]) -> None:
    """Change priority or description, or set a case aside and take it up again (S2-11, S3-31, S3-33).

    Raises NotFound, CaseClosed, CaseTaken or NotHolder (somebody else's case), Stale (with both values).
    """
    case = await lock(work.session, Case, number)
    if case.status is CaseStatus.CLOSED:
        raise CaseClosed(number=number)
    await refuse_stranger(work, case)
    wanted = {name: value for name, value in changes.items() if value is not None}
    stored = {"priority": Priority.of_rank(case.priority), "status": case.status, "description": case.description}
    if version is not None and version != case.version:
        raise await stale(work, f"case:{number}", "case.changed", version=case.version, stored=stored, yours=wanted)
    if "priority" in wanted:
        case.priority = Priority(wanted["priority"]).rank
    if "status" in wanted:
        case.status = CaseStatus(wanted["status"])
    if "description" in wanted:
        case.description = wanted["description"]
    case.version += 1
    await work.session.flush()
    changed = {name: value for name, value in wanted.items() if value != stored[name]}
    if changed:
        before = {name: stored[name] for name in changed}
        await work.audit("case.changed", f"case:{number}", before=before, after=changed)
    row = await case_row(work.session, number, work.now)
    work.tell(CaseMoved(at=work.now, case=row, by=work.actor.named))

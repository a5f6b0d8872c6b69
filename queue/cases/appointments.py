"""Appointments that are attended or cancelled, together with the case's own `due_at`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, case, update

from ...models.cases.case import Appointment, Case
from ..work import Work

_ALL: Any = Appointment.__table__
_NOW = bindparam("now", type_=_ALL.c.at.type)
_HAS_COME = _ALL.c.at <= _NOW
# The open appointment of one case. Built once, like all statements that run for every gestión.
_PROMISED = update(_ALL).where(
    _ALL.c.case_number == bindparam("number"), _ALL.c.done_at.is_(None), _ALL.c.cancelled_at.is_(None)
)
_ATTEND = _PROMISED.where(_HAS_COME).values(done_at=_NOW, version=_ALL.c.version + 1)
_END = _PROMISED.values(
    done_at=case((_HAS_COME, _NOW)), cancelled_at=case((~_HAS_COME, _NOW)), version=_ALL.c.version + 1
)
_CANCEL = _PROMISED.values(cancelled_at=_NOW, version=_ALL.c.version + 1)

NOTHING_DUE: dict[str, Any] = {"due_at": None, "due_agent_id": None}


async def attend(work: Work, number: int, *, last: bool) -> None:
    """The gestión that is saved now attends an appointment whose hour has come.

    With `last`, an appointment that still lies ahead is cancelled; the caller must then make the case itself
    NOTHING_DUE, or due at another time (S4-27).
    """
    await work.session.execute(_END if last else _ATTEND, {"number": number, "now": work.now})


async def cancel(work: Work, number: int) -> None:
    """Cancel the next contact of a case that is closed."""
    await work.session.execute(_CANCEL, {"number": number, "now": work.now})
    await work.session.execute(update(Case).where(Case.number == number).values(NOTHING_DUE))

"""Next contacts that are promised: attended, or taken back, together with the case's own `due_at`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, case, update

from ...models.cases.case import Appointment, Case
from ..work import Work

_ALL: Any = Appointment.__table__
_NOW = bindparam("now", type_=_ALL.c.at.type)
_HAS_COME = _ALL.c.at <= _NOW
# Of one case, neither attended nor taken back. Built once, as all that runs for every gestión.
_PROMISED = update(_ALL).where(
    _ALL.c.case_number == bindparam("number"), _ALL.c.done_at.is_(None), _ALL.c.cancelled_at.is_(None)
)
_ATTEND = _PROMISED.where(_HAS_COME).values(done_at=_NOW, version=_ALL.c.version + 1)
_END = _PROMISED.values(
    done_at=case((_HAS_COME, _NOW)), cancelled_at=case((~_HAS_COME, _NOW)), version=_ALL.c.version + 1
)
_TAKE_BACK = _PROMISED.values(cancelled_at=_NOW, version=_ALL.c.version + 1)

NOTHING_DUE: dict[str, Any] = {"due_at": None, "due_agent_id": None}


async def attend(work: Work, number: int, *, last: bool) -> None:
    """An appointment whose hour has come is attended by the gestión that is saved now; the others are taken back when
    it is the `last`: then the case itself must become NOTHING_DUE, or due at another time (S4-27)."""
    await work.session.execute(_END if last else _ATTEND, {"number": number, "now": work.now})


async def take_back(work: Work, number: int) -> None:
    """No next contact is promised any more: a closed case."""
    await work.session.execute(_TAKE_BACK, {"number": number, "now": work.now})
    await work.session.execute(update(Case).where(Case.number == number).values(NOTHING_DUE))

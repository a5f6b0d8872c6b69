"""Next contacts that are promised: attended, or taken back, together with the case's own `due_at`."""

from __future__ import annotations

from sqlalchemy import Update, update

from ..models.case import Appointment, Case
from .work import Work


def open_appointments(number: int) -> Update:
    """An UPDATE of the appointments of a case that are neither attended nor taken back."""
    a = Appointment
    return update(a).where(a.case_number == number, a.done_at.is_(None), a.cancelled_at.is_(None))


async def attend_due(work: Work, number: int) -> None:
    """An appointment whose hour has come is attended by the gestión that is saved now."""
    due = open_appointments(number).where(Appointment.at <= work.now)
    await work.session.execute(due.values(done_at=work.now, version=Appointment.version + 1))


async def take_back(work: Work, number: int) -> None:
    """No next contact is promised any more: a closed case, another date, a result that clears them (S4-27)."""
    ended = open_appointments(number).values(cancelled_at=work.now, version=Appointment.version + 1)
    await work.session.execute(ended)
    await work.session.execute(update(Case).where(Case.number == number).values(due_at=None, due_agent_id=None))

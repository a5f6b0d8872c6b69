"""What becomes due: appointments, wrap-up limits, agents whose screens are gone, uploads that stand still or are old.

Once a second one process, which holds the lease, asks PostgreSQL what is due. A clock that was away thus catches up
with all it missed. Each thing due is its own work: one that fails is tried again at the next tick and delays no other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from ..models.cases.case import Appointment, Case, CaseStatus
from ..models.locking import lock_keys
from ..models.people.agent import Agent, State
from ..models.people.presence import is_gone
from ..models.people.user import Session, SignInLink, SignInTry
from ..models.records import AnswerGiven
from ..models.rows.case import case_rows
from ..realtime.events import AppointmentDue
from .audit.retention import forget_old_rows
from .bases.uploads.forgetting import forget_changes, is_late
from .bases.uploads.lifecycle import stands_still, wake_still_imports
from .calls.dialling import give_up_unheard, is_unheard
from .lease import hold
from .people.agents import after_case, let_go, lock_agent
from .people.watching import past_limit, sign_off, tell_overrun
from .work import House, Work

log = structlog.get_logger()

LEASE = "clock"
LEASE_SECONDS = 4.0
KEPT = timedelta(days=1)  # answers given, ended sessions, failed sign-ins
BATCH = 200


async def tick(house: House) -> None:
    """Do all that is due now, if nobody else does it. When nothing is, one question is all it costs."""
    async with house.at_once.connect() as connection:
        if not await connection.scalar(_ANYTHING):
            return
    if await hold(house.engine, LEASE, LEASE_SECONDS) is None:
        return
    await _each(house, "appointment.due", _tell_due_appointments)
    for user_id in await _agents(house, _past_wrap_up()):
        await _each(house, "wrap_up.over", partial(end_wrap_up, user_id=user_id))
    for user_id in await _agents(house, past_limit()):
        await _each(house, "pause.over", partial(tell_overrun, user_id=user_id))
    for user_id in await _agents(house, is_gone()):
        await _each(house, "agent.gone", partial(sign_off, user_id=user_id))
    await _each(house, "calls.unheard", give_up_unheard)
    await _each(house, "import.still", wake_still_imports)
    await _each(house, "import.forget", forget_changes)
    await _each(house, "old", _forget_what_is_over)


async def end_wrap_up(work: Work, user_id: int) -> None:
    """TIPIFICANDO took too long: the case is left as it is, open and the agent's own, and the agent is EN ESPERA."""
    agent = await lock_agent(work, user_id)
    if agent.state is not State.WRAP_UP or agent.wrap_up_until is None or agent.wrap_up_until > work.now:
        return
    if agent.case_number is not None:
        await let_go(work, agent, owed=True)
    await after_case(work, agent)


async def _each(house: House, name: str, act: Callable[[Work], Awaitable[object]]) -> None:
    try:
        async with house.work() as work:
            await act(work)
    except Exception:
        log.exception("clock.failed", what=name)


async def _tell_due_appointments(work: Work) -> None:
    """Raise the cases whose hour has come to the top of their lists (S3-79); each appointment is told once.

    Cases are locked before their appointments, as they are when a gestión is saved.
    """
    due = _is_due(work.now)
    oldest = select(Appointment.case_number).where(due).order_by(Appointment.at).limit(BATCH)
    numbers = sorted(await work.session.scalars(oldest))
    if not numbers:
        return
    await lock_keys(work.session, Case, Case.number.in_(numbers))
    told = update(Appointment).where(Appointment.case_number.in_(numbers), due)
    told = told.values(told_at=work.now, version=Appointment.version + 1)
    found = (await work.session.execute(told.returning(Appointment.id, Appointment.case_number))).all()
    touched = [appointment.case_number for appointment in found]
    live = update(Case).where(Case.number.in_(touched), Case.status != CaseStatus.CLOSED)
    await work.session.execute(live.values(version=Case.version + 1))
    rows = {row.number: row for row in await case_rows(work.session, touched, work.now)}
    for appointment in found:
        row = rows[appointment.case_number]
        if row.status != "closed":
            work.tell(AppointmentDue(at=work.now, case=row, appointment_id=appointment.id))


async def _forget_what_is_over(work: Work) -> None:
    """Delete kept answers, ended sessions, failed sign-ins, links and rows of the audit that are too old to matter."""
    if work.now.second != 0:  # once a minute is often enough
        return
    await forget_old_rows(work)
    day_ago = work.now - KEPT
    over = [
        (AnswerGiven, AnswerGiven.at < day_ago),
        (Session, or_(Session.expires_at < day_ago, Session.revoked_at < day_ago)),
        (SignInTry, SignInTry.at < day_ago),
        (SignInLink, SignInLink.expires_at < day_ago),
    ]
    for table, condition in over:
        await work.session.execute(delete(table).where(condition))


def _is_due(now: Any) -> ColumnElement[bool]:
    open_one = and_(Appointment.done_at.is_(None), Appointment.cancelled_at.is_(None))
    return and_(Appointment.at <= now, Appointment.told_at.is_(None), open_one)


def _past_wrap_up() -> ColumnElement[bool]:
    return and_(Agent.state == State.WRAP_UP, Agent.wrap_up_until <= func.clock_timestamp())


_NOW = func.clock_timestamp()
_ANYTHING = select(
    or_(
        exists().where(_is_due(_NOW)),
        exists().where(_past_wrap_up()),
        exists().where(is_gone()),
        exists().where(past_limit()),
        exists().where(is_unheard(_NOW)),
        exists().where(stands_still(_NOW)),
        exists().where(is_late(_NOW)),
        func.extract("second", _NOW) < 1,  # see _forget_what_is_over
    )
)


async def _agents(house: House, due: ColumnElement[bool]) -> list[int]:
    async with house.look() as session:
        return list((await session.execute(select(Agent.user_id).where(due).order_by(Agent.user_id))).scalars())

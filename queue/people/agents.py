"""The agent's state, decided here and nowhere else (`docs/AGENT_STATES.md`; S3-03, S3-28, X13, M-02).

Every action first locks the agent's row, so that two things that happen to one agent happen one after the other. Rows
of cases are locked after it, never before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.cases.case import Case
from ...models.locking import lock
from ...models.people.agent import GIVEN_REASONS, MAY_FOLLOW, Agent, AgentStateSpan, CallState, PauseReason, State
from ...models.people.presence import ScreenSeen
from ...models.people.user import User
from ...models.refused import N_, BadInput, StateRefused
from ...models.rows.case import case_row
from ...models.rows.person import person_row
from ...models.rows.values import CaseRow
from ...realtime.events import AgentStateChanged, CaseLeft
from ..work import Work

STATE_WORDS = {
    State.OFFLINE: N_("DESCONECTADO"),
    State.WAITING: N_("EN ESPERA"),
    State.HANDLING: N_("EN GESTIÓN"),
    State.WRAP_UP: N_("TIPIFICANDO"),
    State.PAUSED: N_("EN PAUSA"),
}
NOT_CHOSEN = N_("El motivo «%(name)s» lo pone el sistema. Elija otro.")

# Built once, like all statements that run for every ring: putting one together takes as long as running it.
_THERE = (User.pbx_id == bindparam("pbx"), User.extension == bindparam("extension"), User.active)
_LOCK_AT = (
    select(Agent)
    .join(User, User.id == Agent.user_id)
    .where(*_THERE)
    .with_for_update(of=Agent)
    .execution_options(populate_existing=True)
)

_PHONE_OF = select(User.pbx_id, User.extension).where(User.id == bindparam("id"))
_SPANS: Any = AgentStateSpan.__table__
_OPEN_SPAN = (_SPANS.c.user_id == bindparam("agent"), _SPANS.c.until_at.is_(None))
_END_SPAN = update(_SPANS).where(*_OPEN_SPAN).values(until_at=bindparam("now"))
_BEGIN_SPAN = insert(_SPANS)

# Who opened a free case got it at the moment of opening it (`queue/cases/taking.py`).
_taken_by_opening = and_(Case.assigned_by == Case.holder_id, Case.assigned_at == Case.held_at)
_RELEASED: dict[str, Any] = {"holder_id": None, "held_at": None}
_NOBODYS_AGAIN: dict[str, Any] = {
    column.key: sql_case((_taken_by_opening, None), else_=column)
    for column in (Case.agent_id, Case.assigned_at, Case.assigned_by)
}

# The agent whose phone is at `extension` of `pbx`.
AGENT_AT = select(Agent.user_id).join(User, User.id == Agent.user_id).where(*_THERE)


async def lock_agent(work: Work, user_id: int) -> Agent:
    """The agent's row, locked until the end of the work. Raises NotFound."""
    return await lock(work.session, Agent, user_id)


async def lock_agent_at(work: Work, pbx: str, extension: str) -> Agent | None:
    """The row of the agent whose phone this is, locked until the end of the work; None when it is nobody's."""
    found = await work.session.execute(_LOCK_AT, {"pbx": pbx, "extension": extension})
    return found.scalar_one_or_none()


async def sign_in(work: Work, user_id: int) -> None:
    """A person signed in: DESCONECTADO becomes EN ESPERA; another state (a second browser) stays."""
    await work.session.execute(upsert(Agent).values(user_id=user_id).on_conflict_do_nothing())
    agent = await lock_agent(work, user_id)
    seen = upsert(ScreenSeen).values(user_id=user_id, at=work.now)
    await work.session.execute(seen.on_conflict_do_update(index_elements=["user_id"], set_={"at": work.now}))
    if agent.state is State.OFFLINE:
        await change_state(work, agent, State.WAITING)


async def sign_out(work: Work, user_id: int) -> None:
    """A person signed out, or the browser is gone: DESCONECTADO. The open case is left; its draft is in the browser."""
    agent = await lock_agent(work, user_id)
    if agent.case_number is not None:
        await let_go(work, agent)
    agent.pending_reason_id = None
    if agent.state is not State.OFFLINE:
        await change_state(work, agent, State.OFFLINE)


async def choose_state(
    work: Work, user_id: int, wanted: State, reason_code: str | None = None, *, given: bool = False
) -> None:
    """What agents may choose themselves: EN ESPERA out of a pause or wrap-up, or a pause with a reason.

    A pause that is asked for while a case or a call is open is kept as *pending*. It may be replaced, or taken back by
    EN ESPERA, and takes effect at the way out. Raises StateRefused for anything else, because EN GESTIÓN is never
    chosen by hand, and BadInput for a reason that no agent chooses, unless a supervisor has `given` it.
    """
    agent = await lock_agent(work, user_id)
    if wanted is State.PAUSED:
        reason = await pause_reason(work, reason_code)
        if reason.code in GIVEN_REASONS and not given:
            raise BadInput(field="reason", sentence=NOT_CHOSEN, name=reason.name)
        await ask_pause(work, agent, reason)
    elif wanted is State.WAITING and agent.case_number is not None:
        if agent.pending_reason_id is None:
            raise refusal(agent.state, wanted)
        agent.pending_reason_id = None
        await tell_state(work, agent)
    elif wanted is State.WAITING and (agent.state is not State.HANDLING or agent.call is CallState.NONE):
        agent.pending_reason_id, agent.missed_calls = None, 0
        await change_state(work, agent, State.WAITING)
    else:
        raise refusal(agent.state, wanted)


async def ask_pause(work: Work, agent: Agent, reason: PauseReason) -> None:
    """Pause now, or at the way out of what is open."""
    if agent.case_number is not None or agent.call is not CallState.NONE or agent.state is State.WRAP_UP:
        agent.pending_reason_id = reason.id
        await tell_state(work, agent)
    elif agent.state is State.OFFLINE:
        raise refusal(agent.state, State.PAUSED)
    else:
        await change_state(work, agent, State.PAUSED, reason_id=reason.id)


async def force_state(work: Work, user_id: int, wanted: State, reason_code: str | None = None) -> None:
    """A supervisor pauses an agent, ends the pause, or signs the agent out."""
    if wanted is State.OFFLINE:
        await sign_out(work, user_id)
    else:
        await choose_state(work, user_id, wanted, reason_code or "supervisor", given=True)
    await work.audit("agent.state_forced", f"user:{user_id}", state=wanted.value)


async def pause_reason(work: Work, code: str | None) -> PauseReason:
    """The reason of this code. Raises BadInput when there is none (a pause always has a reason)."""
    statement = select(PauseReason).where(PauseReason.code == (code or ""), PauseReason.active)
    reason = (await work.session.execute(statement)).scalar_one_or_none()
    if reason is None:
        raise BadInput(field="reason", sentence=N_("Elija el motivo de la pausa."))
    return reason


async def after_case(work: Work, agent: Agent) -> None:
    """The way out of a case or of wrap-up: the pending pause, else EN ESPERA (X13)."""
    pending, agent.pending_reason_id = agent.pending_reason_id, None
    agent.wrap_up_until = None
    if pending is not None and agent.call is CallState.NONE:
        await change_state(work, agent, State.PAUSED, reason_id=pending)
    else:
        agent.pending_reason_id = pending
        await change_state(work, agent, State.WAITING)


async def begin_wrap_up(work: Work, agent: Agent, seconds: int) -> None:
    """TIPIFICANDO for at most `seconds`; the clock ends it."""
    agent.wrap_up_until = work.now + timedelta(seconds=seconds)
    await change_state(work, agent, State.WRAP_UP)


async def let_go(work: Work, agent: Agent, *, owed: bool = False) -> CaseRow:
    """Release the case an agent holds, without touching the agent's state.

    A case that became the agent's only by being opened is anybody's again: nothing was saved in it, and a look would
    else leave it with somebody who never asked for it. A gestión that is `owed` keeps it the agent's.
    """
    number, agent.case_number = agent.case_number, None
    released = update(Case).where(Case.number == number, Case.holder_id == agent.user_id)
    values = _RELEASED if owed else _RELEASED | _NOBODYS_AGAIN
    await work.session.execute(released.values(values | {"version": Case.version + 1}))
    await work.session.flush()
    row = await case_row(work.session, number or 0, work.now)
    former = agent.user_id if row.agent is None else None
    work.tell(CaseLeft(at=work.now, case=row, by=work.actor.named, former_agent_id=former))
    return row


async def change_state(
    work: Work, agent: Agent, state: State, *, reason_id: int | None = None, healed: str | None = None
) -> None:
    """Write a state and its span of time, and tell it. Raises StateRefused for a state that may not follow."""
    if (agent.state, agent.reason_id) != (state, reason_id):
        if state is not agent.state and state not in MAY_FOLLOW[agent.state]:
            raise refusal(agent.state, state)
        if state is not State.WRAP_UP:
            agent.wrap_up_until = None
        agent.state, agent.reason_id, agent.since, agent.overran_at = state, reason_id, work.now, None
        span = {"user_id": agent.user_id, "state": state, "reason_id": reason_id, "from_at": work.now}
        with work.session.no_autoflush:
            await work.session.execute(_END_SPAN, {"agent": agent.user_id, "now": work.now})
            await work.session.execute(_BEGIN_SPAN, span)
            await keep_queues(work, agent.user_id)
    await tell_state(work, agent, healed)


async def keep_queues(work: Work, user_id: int) -> None:
    """Let the PBX's queues follow this agent. The bridge looks up the state when it acts: asking twice does no harm."""
    phone = (await work.session.execute(_PHONE_OF, {"id": user_id})).one()
    if phone.extension:
        work.command(phone.pbx_id, "members", within=60.0, agent=user_id)


async def tell_state(work: Work, agent: Agent, healed: str | None = None) -> None:
    """Raise the version and tell the agent's whole state."""
    agent.version += 1
    await work.session.flush()
    row = await person_row(work.session, agent.user_id)
    work.tell(AgentStateChanged(at=work.now, agent=row, healed=healed))
    if healed:
        await work.audit("agent.healed", f"user:{agent.user_id}", why=healed, state=agent.state.value)


def refusal(state: State, wanted: State) -> StateRefused:
    """The refusal that names both states."""
    return StateRefused(field="state", state=STATE_WORDS[state], wanted=STATE_WORDS[wanted])

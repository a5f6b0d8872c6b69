"""What becomes of a call here: the screen pop, answering, ending, and who it was (M-05, S4-78, S4-80).

The order of locks is call, agents, case. Every change raises the call's version and tells its whole row, so that a
screen needs only the newest one to know whether its pop is up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.calls.call import Call, CallOffer, CallPhase
from ...models.calls.failures import ANSWERED, failure_sentence
from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case, ContactAttempt
from ...models.customers.customer import Customer
from ...models.locking import lock
from ...models.people.agent import Agent, CallState, State
from ...models.refused import CallOver, NotFound
from ...models.rows.call import call_row
from ...models.rows.values import CaseRow
from ...realtime.events import CallAnswered, CallEnded, CallEvent, CallFailed, CallMatched, CallRinging
from ..cases.taking import open_for_call
from ..customers.customers import tell_cases_of
from ..people.agents import after_case, begin_wrap_up, change_state, lock_agent, lock_agent_at, pause_reason, tell_state
from ..work import Work
from .callers import case_for_call, customers_with_phone, open_case_of

MISSED_UNTIL_PAUSE = 3  # rings unanswered in a row before EN PAUSA "no contesta"
WRAP_UP_WITHOUT_CASE = 120  # seconds to say who it was when no case was open


_OFFERS: Any = CallOffer.__table__
_OFFER = upsert(_OFFERS).values(
    call_id=bindparam("call"), agent_id=bindparam("agent"), rang_at=bindparam("now"), answered_at=bindparam("answered")
)
_KEY = ["call_id", "agent_id"]
_OFFER_AGAIN = _OFFER.on_conflict_do_update(
    index_elements=_KEY, set_={"gone_at": None, "outcome": None, "rang_at": _OFFER.excluded.rang_at}
)
_OFFER_TAKEN = _OFFER.on_conflict_do_update(
    index_elements=_KEY, set_={"gone_at": None, "outcome": None, "answered_at": _OFFER.excluded.answered_at}
)


async def ring(work: Work, call: Call, extension: str) -> None:
    """A phone rings for a call: its agent gets the screen pop. Repeated facts change nothing.

    While one agent talks, another's phone may ring for a transfer.
    """
    agent = await lock_agent_at(work, call.pbx_id, extension)
    if agent is None or call.phase is CallPhase.ENDED:
        return
    if call.phase is CallPhase.TALKING and call.agent_id == agent.user_id:
        return
    with work.session.no_autoflush:  # one UPDATE of the call for all that becomes known of it
        await work.session.execute(_OFFER_AGAIN, _offer(work, call, agent.user_id))
        if call.phase is not CallPhase.TALKING:
            call.phase = CallPhase.RINGING
        await _match(work, call, agent.user_id)
    call.version += 1
    if agent.call is CallState.NONE:
        agent.call, agent.call_id, agent.call_since = CallState.RINGING, call.id, work.now
        await tell_state(work, agent)
    await _tell(work, CallRinging, call, [agent.user_id])


def _offer(work: Work, call: Call, agent_id: int, answered: datetime | None = None) -> dict[str, Any]:
    return {"call": call.id, "agent": agent_id, "now": work.now, "answered": answered}


async def stop_ringing(work: Work, call: Call, agent_id: int, outcome: str) -> None:
    """A phone stopped ringing unanswered: the pop goes; the third miss in a row pauses the agent."""
    if call.asked_here:
        return  # his own call: its end says why
    agent = await lock_agent(work, agent_id)
    gone = update(CallOffer).where(
        CallOffer.call_id == call.id,
        CallOffer.agent_id == agent_id,
        CallOffer.gone_at.is_(None),
        CallOffer.answered_at.is_(None),
    )
    touched = await work.session.execute(gone.values(gone_at=work.now, outcome=outcome).returning(CallOffer.agent_id))
    if touched.scalar_one_or_none() is None:
        return
    await _forget(work, agent, call)
    await _count_miss(work, agent, outcome)
    await tell_call(work, CallEnded, call, [agent_id])


async def answer(work: Work, call: Call, agent_id: int) -> None:
    """An agent answered: the other pops go, his case opens, he is EN GESTIÓN."""
    if call.phase is CallPhase.ENDED or (call.phase is CallPhase.TALKING and call.agent_id == agent_id):
        return
    people = await _close_other_offers(work, call, agent_id)
    agent = await lock_agent(work, agent_id)
    await work.session.execute(_OFFER_TAKEN, _offer(work, call, agent_id, work.now))
    await _match(work, call, agent_id)
    call.phase, call.agent_id = CallPhase.TALKING, agent_id
    call.answered_at = call.answered_at or work.now
    agent.call, agent.call_id, agent.call_since, agent.missed_calls = CallState.TALKING, call.id, work.now, 0
    if call.direction == "inbound":
        await _open_what_it_is_about(work, call, agent)
    else:
        await tell_state(work, agent)
    await tell_call(work, CallAnswered, call, [agent_id, *people])


async def hold(work: Work, call: Call, agent_id: int, *, held: bool) -> None:
    """The agent put the other side on hold, or took it back."""
    agent = await lock_agent(work, agent_id)
    wanted = CallState.HELD if held else CallState.TALKING
    if agent.call_id == call.id and agent.call in {CallState.TALKING, CallState.HELD} - {wanted}:
        agent.call = wanted
        await tell_state(work, agent)


async def leave_call(work: Work, call: Call, agent_id: int, healed: str | None = None) -> None:
    """The agent's part in a call is over: TIPIFICANDO when no case is open or the campaign asks for it."""
    if await _leave(work, call, agent_id, healed):
        await tell_call(work, CallEnded, call, [agent_id])


async def end(work: Work, call: Call, cause: int | None, healed: str | None = None, outcome: str | None = None) -> None:
    """A call is over: every pop of it goes and every agent in it is free of it.

    `outcome` says of a call that an agent asked for why it was not answered.
    """
    if call.phase is CallPhase.ENDED:
        return
    offered = select(CallOffer.agent_id).where(CallOffer.call_id == call.id, CallOffer.gone_at.is_(None))
    in_it = select(Agent.user_id).where(Agent.call_id == call.id)
    people = sorted(set((await work.session.execute(offered.union(in_it))).scalars()))
    for agent_id in people:
        await _leave(work, call, agent_id, healed)
    call.abandoned = call.abandoned or (call.answered_at is None and call.direction == "inbound")
    call.phase, call.ended_at, call.cause = CallPhase.ENDED, work.now, cause
    still_open = update(CallOffer).where(CallOffer.call_id == call.id, CallOffer.gone_at.is_(None))
    await work.session.execute(still_open.values(gone_at=work.now, outcome="ended"))
    if call.asked_here:
        await _end_asked(work, call, outcome or ("lost" if healed else "failed"), people)
    else:
        await tell_call(work, CallEnded, call, people)


async def _end_asked(work: Work, call: Call, why: str, people: list[int]) -> None:
    """The end of a call that an agent asked for: what became of it stays with the call and with its contact."""
    call.outcome = ANSWERED if call.answered_at else "failed" if why == ANSWERED else why
    counted = update(ContactAttempt).where(ContactAttempt.call_id == call.id)
    await work.session.execute(counted.values(outcome=call.outcome))
    people = sorted({*people, call.agent_id or 0} - {0})
    if call.answered_at:
        await tell_call(work, CallEnded, call, people)
    else:
        await tell_call(work, CallFailed, call, people, reason=call.outcome, words=failure_sentence(call.outcome))


async def say_who(work: Work, call_id: str, customer_id: int) -> CaseRow | None:
    """The agent says which customer is on the line (several have the number, or none had). When he has answered, the
    case opens. Raises NotFound, CallOver (not his call)."""
    call = await lock(work.session, Call, call_id)
    if await work.session.get(Customer, customer_id) is None:
        raise NotFound
    agent = await lock_agent(work, work.actor.id or 0)
    offer = await work.session.get(CallOffer, (call_id, agent.user_id))
    if offer is None or call.agent_id not in (None, agent.user_id):
        raise CallOver
    talks_of_it = agent.state in (State.WRAP_UP, State.HANDLING) and agent.case_number in (None, call.case_number)
    if call.phase is CallPhase.ENDED and not talks_of_it:
        raise CallOver
    call.customer_id = customer_id
    call.case_number = await open_case_of(work, call, customer_id, agent.user_id)
    row = None
    if call.agent_id == agent.user_id:
        call.case_number = await case_for_call(work, call, customer_id, agent.user_id)
        row = await open_for_call(work, agent, call.case_number) if call.case_number else None
        if row is None:
            await tell_state(work, agent)  # what he had open was left, though this case could not be had
    await tell_call(work, CallMatched, call, [agent.user_id])
    return row


async def _match(work: Work, call: Call, agent_id: int) -> None:
    """Find the customers who have the caller's number; one alone is him."""
    if call.customer_id is not None or call.direction != "inbound" or call.caller_phone is None:
        return
    call.matches = await customers_with_phone(work, call.caller_phone, agent_id)
    if len(call.matches) == 1:
        call.customer_id = call.matches[0]
        call.case_number = await open_case_of(work, call, call.customer_id, agent_id)


async def _open_what_it_is_about(work: Work, call: Call, agent: Agent) -> None:
    """Open the known customer's case; without one, EN GESTIÓN with an empty or a chosen form to come."""
    before, opened = agent.case_number, None
    if call.customer_id is not None:
        called = {"last_contact_at": work.now, "last_contact_channel": "call", "last_contact_outcome": "inbound"}
        await work.session.execute(update(Customer).where(Customer.id == call.customer_id).values(**called))
        await tell_cases_of(work, call.customer_id)
        call.case_number = await case_for_call(work, call, call.customer_id, agent.user_id)
        opened = await open_for_call(work, agent, call.case_number) if call.case_number else None
    if opened is None or opened.number == before:
        await change_state(work, agent, State.HANDLING)


async def _leave(work: Work, call: Call, agent_id: int, healed: str | None) -> bool:
    """Free an agent of a call; whether his phone only rang, so that his pop must go."""
    agent = await lock_agent(work, agent_id)
    mine = (CallOffer.call_id == call.id, CallOffer.agent_id == agent_id, CallOffer.gone_at.is_(None))
    gone = update(CallOffer).where(*mine).values(gone_at=work.now).returning(CallOffer.answered_at)
    rang = None in (await work.session.execute(gone)).scalars().all()
    if agent.call_id != call.id:
        return rang
    talked = agent.call in (CallState.TALKING, CallState.HELD)
    await _forget(work, agent, call)
    if not talked or agent.call is not CallState.NONE or agent.state is not State.HANDLING:
        await _take_pending_pause(work, agent, healed)
    elif seconds := await _wrap_up_seconds(work, agent):
        await begin_wrap_up(work, agent, seconds)
    else:
        await tell_state(work, agent, healed)
    return rang


async def _wrap_up_seconds(work: Work, agent: Agent) -> int:
    if agent.case_number is None:
        return WRAP_UP_WITHOUT_CASE
    seconds = select(Campaign.wrap_up_seconds).join(Case, Case.campaign_id == Campaign.id)
    return (await work.session.execute(seconds.where(Case.number == agent.case_number))).scalar_one()


async def _take_pending_pause(work: Work, agent: Agent, healed: str | None = None) -> None:
    """A pause asked during a call without a case takes effect when the call is over."""
    if agent.pending_reason_id is not None and agent.case_number is None and agent.state is State.WAITING:
        await after_case(work, agent)
    else:
        await tell_state(work, agent, healed)


async def _count_miss(work: Work, agent: Agent, outcome: str) -> None:
    if outcome == "no_answer":
        agent.missed_calls += 1
    if agent.missed_calls >= MISSED_UNTIL_PAUSE and agent.state is State.WAITING:
        reason = await pause_reason(work, "no_answer")
        await change_state(work, agent, State.PAUSED, reason_id=reason.id)
    else:
        await _take_pending_pause(work, agent)


async def _close_other_offers(work: Work, call: Call, agent_id: int) -> list[int]:
    others = update(CallOffer).where(
        CallOffer.call_id == call.id, CallOffer.agent_id != agent_id, CallOffer.gone_at.is_(None)
    )
    closed = others.values(gone_at=work.now, outcome="elsewhere").returning(CallOffer.agent_id)
    people = sorted((await work.session.execute(closed)).scalars())
    for other in people:
        agent = await lock_agent(work, other)
        if agent.call_id == call.id and agent.call is CallState.RINGING:
            await _forget(work, agent, call)
            await _take_pending_pause(work, agent)
    return people


async def _forget(work: Work, agent: Agent, call: Call) -> None:
    """Take a call off an agent; another that he is still in, or that still rings him, is his call again."""
    if agent.call_id != call.id:
        return
    others = (
        select(CallOffer)
        .join(Call, Call.id == CallOffer.call_id)
        .where(CallOffer.agent_id == agent.user_id, CallOffer.gone_at.is_(None), CallOffer.call_id != call.id)
        .where(Call.phase != CallPhase.ENDED)
        .order_by(CallOffer.answered_at.desc().nulls_last(), CallOffer.rang_at.desc())
        .limit(1)
    )
    other = (await work.session.execute(others.execution_options(populate_existing=True))).scalar_one_or_none()
    if other is None:
        agent.call, agent.call_id, agent.call_since = CallState.NONE, None, None
    else:
        agent.call = CallState.TALKING if other.answered_at else CallState.RINGING
        agent.call_id, agent.call_since = other.call_id, other.answered_at or other.rang_at


async def tell_call(work: Work, event: type[CallEvent], call: Call, agents: list[int], **more: str) -> None:
    """Raise the version and tell the whole call."""
    call.version += 1
    await _tell(work, event, call, agents, **more)


async def _tell(work: Work, event: type[CallEvent], call: Call, agents: list[int], **more: str) -> None:
    await work.session.flush()
    if call.direction != "internal":
        work.tell(event(at=work.now, call=await call_row(work.session, call.id, work.now), agents=agents, **more))

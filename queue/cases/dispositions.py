"""Saving a gestión: comment or result, what follows, and the next case (S0-10, S0-14…S0-22, S3-75…S3-79).

What a saved gestión does to its case, in this order:
1. it is stored as a record, with the names of its results as they read then; a due appointment is attended by it;
2. only a comment (S0-21): the case stays open and the agent's own, and no result counts;
3. finished with a next date: the case waits for it, "Para mí" or for whoever the assignment mode says (X10);
4. finished with *Rellamar*: the case goes to the end of the list, *alternativo* with the next phone (S4-21, S4-22);
5. finished otherwise: the case is closed, but not for good (X1); *No volver a llamar* also closes the channel (S4-24).
Then the agent gets the next case, or goes to EN ESPERA or to the pause that was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.campaigns.campaign import AssignmentMode, Campaign
from ...models.campaigns.result_actions import RESULT_ACTIONS, ResultAction
from ...models.campaigns.results import Choice, check_path
from ...models.cases.case import Appointment, Case, Disposition
from ...models.contact.channels import PHONES, Channel
from ...models.customers.customer import ContactPoint, DoNotContact
from ...models.customers.lines import line_of
from ...models.customers.phones import kept_as_dialled, read_phone
from ...models.locking import lock
from ...models.people.agent import Agent, CallState
from ...models.refused import N_, BadInput, DateInThePast, NotHolder, ResultRequired
from ...models.rows.case import case_row
from ...models.rows.result import result_nodes
from ...models.rows.values import CaseRow
from ...realtime.events import CaseClosed, CaseMoved
from ..contact.booking import refuse_booking
from ..customers.telling import tell_cases_of
from ..people.agents import after_case, lock_agent
from ..work import Work
from .appointments import NOTHING_DUE, attend
from .closing import closed_values
from .taking import open_next

_CASES: Any = Case.__table__
_DISPOSITIONS: Any = Disposition.__table__
_STORE = insert(_DISPOSITIONS)


@dataclass(frozen=True, slots=True)
class Filled:
    """The right-hand form as filled. `result` is the chosen path, level 1 first; `go_on` asks for a next case."""

    result: tuple[int, ...] = ()
    observations: str = ""
    finish: bool = False
    next_contact_at: datetime | None = None
    mine: bool = False
    phone: str | None = None
    go_on: bool = True


@dataclass(frozen=True, slots=True)
class Saved:
    """The case after the gestión, and the next one; `why_none` says why there is none."""

    case: CaseRow
    next_case: CaseRow | None
    why_none: str | None  # nothing-left, pause, in-call, not-asked


async def save_disposition(work: Work, number: int, form: Filled) -> Saved:
    """Save a gestión of the case the agent has open.

    Raises NotHolder, ResultRequired (`finish` without one), ResultUnknown, DateInThePast, BadInput, and ContactRefused
    for a next contact at an hour or day that the campaign's rules forbid.
    """
    agent = await lock_agent(work, work.me)
    if agent.case_number != number:
        raise NotHolder(number=number)
    case = await lock(work.session, Case, number)
    campaign = await work.session.get_one(Campaign, case.campaign_id)
    choice = await _choice(work, case, form)
    _check(work, form, choice)
    if form.next_contact_at is not None:
        await refuse_booking(work.session, case, form.next_contact_at, work.now)
    await _store(work, agent, case, form, choice)
    row = await _settle(work, case, campaign, form, choice)
    agent.case_number = None
    next_case, why_none = await _go_on(work, agent, form, besides=number)
    return Saved(row, next_case, why_none)


async def _choice(work: Work, case: Case, form: Filled) -> Choice | None:
    if not form.finish:
        return None  # what was chosen before it became a comment counts nothing
    if not form.result:
        raise ResultRequired(field="result")
    nodes = await result_nodes(work.session, case.campaign_id)
    return check_path(nodes, form.result, since=case.held_at)


def _check(work: Work, form: Filled, choice: Choice | None) -> None:
    if form.next_contact_at is not None and form.next_contact_at <= work.now:
        raise DateInThePast(field="next_contact_at")
    if form.next_contact_at is not None and choice and choice.action not in (None, ResultAction.NONE):
        # Agenda and action exclude each other (S4-26).
        raise BadInput(field="next_contact_at", sentence=N_("Este resultado no permite agendar."))
    if not form.finish and not form.observations.strip() and form.next_contact_at is None:
        raise BadInput(field="observations", sentence=N_("Escriba un comentario."))


async def _store(work: Work, agent: Agent, case: Case, form: Filled, choice: Choice | None) -> None:
    values: dict[str, Any] = {
        "case_number": case.number,
        "customer_id": case.customer_id,
        "campaign_id": case.campaign_id,
        "agent_id": agent.user_id,
        "created_by": agent.user_id,
        "result_path": list(choice.path) if choice else [],
        "result_id": choice.result_id if choice else None,
        "result_name": " › ".join(choice.names) if choice else "",
        "effective": bool(choice and choice.successful),
        "observations": form.observations.strip(),
        "finished": form.finish,
        "next_contact_at": form.next_contact_at,
        "mine": form.mine,
        "phone": form.phone,
        "call_id": agent.call_id,
        "seconds": int((work.now - case.held_at).total_seconds()) if case.held_at else None,
        "created_at": work.now,
    }
    await work.session.execute(_STORE, values)


async def _settle(work: Work, case: Case, campaign: Campaign, form: Filled, choice: Choice | None) -> CaseRow:
    """Bring the case to where the gestión leaves it, and tell it."""
    agent_before = case.agent_id
    last = bool(choice and choice.clears_appointments) or form.finish or form.next_contact_at is not None
    await attend(work, case.number, last=last)
    action = choice.action if choice else None
    values: dict[str, Any] = {"holder_id": None, "held_at": None, "version": Case.version + 1}
    if last:
        values |= NOTHING_DUE
    if choice:
        values["last_result_id"] = choice.result_id
    if form.next_contact_at is not None:
        values |= await _promise(work, case, campaign, form)
    elif action in (ResultAction.REDIAL, ResultAction.REDIAL_ALTERNATIVE):
        values |= {"last_contact_at": work.now, "next_phone": None}
        if action is ResultAction.REDIAL_ALTERNATIVE:
            values["next_phone"] = await _alternative(work, case)
    elif form.finish and (action is None or RESULT_ACTIONS[action].closes):
        values |= closed_values(work)
        if action is ResultAction.NEVER_AGAIN:
            await _never_again(work, case, choice)
    elif case.due_at is not None and case.due_at <= work.now:
        values |= NOTHING_DUE  # attended, even if only with a comment
    await work.session.execute(update(_CASES).where(_CASES.c.number == case.number).values(values))
    row = await case_row(work.session, case.number, work.now)
    event = CaseClosed if row.status == "closed" else CaseMoved
    former = agent_before if row.agent is None or row.agent.id != agent_before else None
    work.tell(event(at=work.now, case=row, by=work.actor.named, former_agent_id=former))
    if action is ResultAction.NEVER_AGAIN:
        await tell_cases_of(work, case.customer_id)
    return row


async def _promise(work: Work, case: Case, campaign: Campaign, form: Filled) -> dict[str, Any]:
    """Store the next contact (S3-78) and answer what it changes in the case.

    "Para mí" keeps it with this agent (S4-86); otherwise whoever the campaign's assignment mode says gets it (X10).
    """
    phone = await _phone(work, case, form.phone)
    whose = work.actor.id if form.mine else None
    appointment = {
        "case_number": case.number,
        "at": form.next_contact_at,
        "agent_id": whose,
        "phone": phone,
        "note": form.observations.strip()[:500],
        "created_by": work.actor.id,
    }
    await work.session.execute(insert(Appointment).values(appointment))
    values: dict[str, Any] = {"due_at": form.next_contact_at, "due_agent_id": whose, "next_phone": phone}
    if form.mine:
        values |= {"agent_id": whose}
    elif campaign.assignment_mode is not AssignmentMode.DIRECTED:
        values |= {"agent_id": None, "assigned_at": None, "assigned_by": None}
    return values


async def _phone(work: Work, case: Case, raw: str | None) -> str | None:
    if not raw:
        return None
    if phone := read_phone(raw, work.house.region):
        return phone.value
    # A number that no plan knows, but the customer has.
    theirs = ContactPoint.customer_id == case.customer_id, ContactPoint.line == kept_as_dialled(raw)
    kept: str | None = (await work.session.execute(select(ContactPoint.value).where(*theirs).limit(1))).scalar()
    if kept is None:
        raise BadInput(field="phone", sentence=N_("El teléfono no es válido."))
    return kept


async def _alternative(work: Work, case: Case) -> str | None:
    """The customer's phone after the one that was asked for last; after the last phone, the principal one (S4-22)."""
    statement = (
        select(ContactPoint.value)
        .where(ContactPoint.customer_id == case.customer_id, ContactPoint.kind.in_(PHONES))
        .order_by(ContactPoint.position, ContactPoint.id)
    )
    phones = list((await work.session.execute(statement)).scalars())
    if not phones:
        return None
    lines = [line_of(phone) for phone in phones]
    asked = line_of(case.next_phone or "")
    last = lines.index(asked) if asked in lines else 0
    return phones[(last + 1) % len(phones)]


async def _never_again(work: Work, case: Case, choice: Choice | None) -> None:
    row = {
        "customer_id": case.customer_id,
        "channel": Channel.CALL,
        "reason": choice.name if choice else "",
        "source": f"case:{case.number}",
        "created_by": work.actor.id,
    }
    await work.session.execute(upsert(DoNotContact).values(row))
    await work.audit("customer.do_not_contact", f"customer:{case.customer_id}", channel="call", case=case.number)


async def _go_on(work: Work, agent: Agent, form: Filled, *, besides: int) -> tuple[CaseRow | None, str | None]:
    """The next case, unless it was not asked for, a pause is pending or the agent still talks."""
    why_none = None
    if not form.go_on:
        why_none = "not-asked"
    elif agent.pending_reason_id is not None:
        why_none = "pause"
    elif agent.call is not CallState.NONE:
        why_none = "in-call"
    else:
        following = await open_next(work, agent, besides=besides)
        if following is not None:
            return following, None
        why_none = "nothing-left"
    await after_case(work, agent)
    return None, why_none

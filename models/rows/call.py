"""Builds rows of calls: who calls, which customers have that number, which case is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, func, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..calls.call import Call, CallOffer, CallPhase
from ..campaigns.campaign import Campaign
from ..cases.case import Case, CaseStatus
from ..customers.customer import Account, Customer
from ..customers.phones import show_phone
from ..people.user import User
from ..refused import NotFound
from .case import case_rows, customer_ref, last_contact
from .values import AccountRow, CallerMatch, CallRow, CampaignRef, Named

_ringing = (
    select(func.array_agg(aggregate_order_by(CallOffer.agent_id, CallOffer.agent_id)))
    .where(CallOffer.call_id == Call.id, CallOffer.gone_at.is_(None), CallOffer.answered_at.is_(None))
    .where(Call.phase != CallPhase.ENDED)
    .correlate(Call)
    .scalar_subquery()
)
_CALLS = (
    select(Call, Campaign.name, Campaign.priority, Customer, User.name, _ringing)
    .select_from(Call)
    .outerjoin(Campaign, Campaign.id == Call.campaign_id)
    .outerjoin(Customer, Customer.id == Call.customer_id)
    .outerjoin(User, User.id == Call.agent_id)
    .execution_options(populate_existing=True)
)
_CALL = _CALLS.where(Call.id == bindparam("id"))

# The customers who have a number, each with his first account and the case that would be opened.
_first = select(Account).where(Account.customer_id == Customer.id).order_by(Account.id).limit(1).lateral()
_account = aliased(Account, _first)
_open = (
    select(Case.number, Case.agent_id, User.name.label("agent"))
    .outerjoin(User, User.id == Case.agent_id)
    .where(Case.customer_id == Customer.id, Case.status != CaseStatus.CLOSED)
    .order_by((Case.agent_id == bindparam("agent", type_=BigInteger)).desc().nulls_last(), Case.number.desc())
    .limit(1)
    .lateral()
)
_MATCHES = (
    select(Customer, _account, _open.c.number, _open.c.agent_id, _open.c.agent)
    .select_from(Customer)
    .outerjoin(_account, true())
    .outerjoin(_open, true())
    .where(Customer.id.in_(bindparam("ids", expanding=True)))
)


async def call_row(session: AsyncSession, call_id: str, now: datetime) -> CallRow:
    """One call as it is in this transaction. Raises NotFound."""
    found = (await session.execute(_CALL, {"id": call_id})).one_or_none()
    if found is None:
        raise NotFound
    return await _row(session, found, now)


async def calls_of_agent(session: AsyncSession, agent_id: int, now: datetime) -> list[CallRow]:
    """The calls that ring an agent's phone, that he is in or asked for, newest first."""
    offered = select(CallOffer.call_id).where(CallOffer.agent_id == agent_id, CallOffer.gone_at.is_(None))
    asked = and_(Call.agent_id == agent_id, Call.begin_before.is_not(None))
    his = _CALLS.where(or_(Call.id.in_(offered), asked), Call.phase != CallPhase.ENDED)
    calls = (await session.execute(his.order_by(Call.started_at.desc()))).all()
    return [await _row(session, found, now) for found in calls]


async def _row(session: AsyncSession, found: Sequence[Any], now: datetime) -> CallRow:
    call, campaign, priority, customer, agent, rung = found
    ringing = rung or []
    cases = await case_rows(session, [call.case_number], now) if call.case_number else []
    caller = call.caller_phone or call.caller_number
    return CallRow(
        id=call.id,
        version=call.version,
        phase=call.phase.value,
        direction=call.direction,
        caller_id=caller,
        caller_shown=show_phone(caller, session.info["region"]),
        caller_name=call.caller_name,
        queue=call.queue_name,
        campaign=CampaignRef(id=call.campaign_id, name=campaign, priority=priority) if call.campaign_id else None,
        customer=customer_ref(customer) if customer else None,
        matches=await _matches(session, call.matches, agent_id=call.agent_id or next(iter(ringing), None)),
        case=cases[0] if cases else None,
        agent=Named(id=call.agent_id, name=agent) if call.agent_id else None,
        ringing=ringing,
        started_at=call.started_at,
        rang_at=call.rang_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        outcome=call.outcome,
    )


async def _matches(session: AsyncSession, ids: Sequence[int], agent_id: int | None) -> list[CallerMatch]:
    """The customers who have the caller's number, likeliest first, each with the case that would be opened."""
    if not ids:
        return []
    found = await session.execute(_MATCHES, {"ids": list(ids), "agent": agent_id})
    matches = {row[0].id: _match(row, agent_id) for row in found}
    return [matches[i] for i in ids if i in matches]


def _match(found: Sequence[Any], agent_id: int | None) -> CallerMatch:
    customer, account, number, case_agent_id, case_agent = found
    contact = last_contact(customer)
    if number and agent_id is not None and case_agent_id == agent_id:
        why = "own_case"
    elif number:
        why = "open_case"
    else:
        why = "contacted" if contact else "number"
    return CallerMatch(
        customer=customer_ref(customer),
        account=AccountRow.model_validate(account) if account else None,
        service_state=account.service_state.value if account else None,
        case_number=number,
        case_agent=case_agent,
        last_contact=contact,
        why=why,
    )

"""Builds rows of calls: who calls, which customers have that number, which case is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models.call import Call, CallOffer, CallPhase
from ..models.campaign import Campaign
from ..models.case import Case, CaseStatus
from ..models.customer import Account, Customer
from ..models.phones import show_phone
from ..models.refused import NotFound
from ..models.user import User
from .case_rows import case_rows, customer_ref, last_contact
from .rows import AccountRow, CallerMatch, CallRow, CampaignRef, Named


async def call_row(session: AsyncSession, call_id: str, now: datetime) -> CallRow:
    """One call as it is in this transaction. Raises NotFound."""
    call = await session.get(Call, call_id, populate_existing=True)
    if call is None:
        raise NotFound
    return await _row(session, call, now)


async def calls_of_agent(session: AsyncSession, agent_id: int, now: datetime) -> list[CallRow]:
    """The calls that ring an agent's phone, that he is in or asked for, newest first."""
    offered = select(CallOffer.call_id).where(CallOffer.agent_id == agent_id, CallOffer.gone_at.is_(None))
    asked = and_(Call.agent_id == agent_id, Call.begin_before.is_not(None))
    his = select(Call).where(or_(Call.id.in_(offered), asked), Call.phase != CallPhase.ENDED)
    statement = his.order_by(Call.started_at.desc())
    calls = (await session.execute(statement)).scalars().all()
    return [await _row(session, call, now) for call in calls]


async def _row(session: AsyncSession, call: Call, now: datetime) -> CallRow:
    campaign = await session.get(Campaign, call.campaign_id) if call.campaign_id else None
    customer = await session.get(Customer, call.customer_id) if call.customer_id else None
    agent = await session.get(User, call.agent_id) if call.agent_id else None
    offers = select(CallOffer.agent_id).where(
        CallOffer.call_id == call.id, CallOffer.gone_at.is_(None), CallOffer.answered_at.is_(None)
    )
    ringing = sorted((await session.execute(offers)).scalars()) if call.phase is not CallPhase.ENDED else []
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
        campaign=CampaignRef(id=campaign.id, name=campaign.name, priority=campaign.priority) if campaign else None,
        customer=customer_ref(customer) if customer else None,
        matches=await _matches(session, call.matches, agent_id=call.agent_id or next(iter(ringing), None)),
        case=cases[0] if cases else None,
        agent=Named(id=agent.id, name=agent.name) if agent else None,
        ringing=ringing,
        started_at=call.started_at,
        rang_at=call.rang_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        outcome=call.outcome,
    )


async def _matches(session: AsyncSession, ids: Sequence[int], agent_id: int | None) -> list[CallerMatch]:
    """The customers who have the caller's number, likeliest first, each with the case that would be opened."""
    found = {c.id: c for c in (await session.execute(select(Customer).where(Customer.id.in_(ids)))).scalars()}
    return [await _match(session, found[i], agent_id) for i in ids if i in found]


async def _match(session: AsyncSession, customer: Customer, agent_id: int | None) -> CallerMatch:
    accounts = select(Account).where(Account.customer_id == customer.id).order_by(Account.id).limit(1)
    account = (await session.execute(accounts)).scalar_one_or_none()
    open_cases = (
        select(Case.number, Case.agent_id, User.name)
        .outerjoin(User, User.id == Case.agent_id)
        .where(Case.customer_id == customer.id, Case.status != CaseStatus.CLOSED)
        .order_by((Case.agent_id == agent_id).desc().nulls_last(), Case.number.desc())
        .limit(1)
    )
    case = (await session.execute(open_cases)).one_or_none()
    contact = last_contact(customer)
    if case and agent_id is not None and case.agent_id == agent_id:
        why = "own_case"
    elif case:
        why = "open_case"
    else:
        why = "contacted" if contact else "number"
    return CallerMatch(
        customer=customer_ref(customer),
        account=AccountRow.model_validate(account) if account else None,
        service_state=account.service_state.value if account else None,
        case_number=case.number if case else None,
        case_agent=case.name if case else None,
        last_contact=contact,
        why=why,
    )

"""Builds rows of calls: who calls, which customers have that number, which case is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, and_, bindparam, func, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..calls.call import Call, CallPhase, Pbx
from ..calls.leg import CallLeg, LegKind
from ..campaigns.campaign import Campaign
from ..cases.case import Case, CaseStatus
from ..customers.customer import Account, Customer
from ..customers.phones import show_phone
from ..people.user import User
from ..refused import NotFound
from .case import case_rows
from .customer import customer_ref, last_contact
from .values import AccountRow, CallerMatch, CallRow, CampaignRef, Named


class _Found(NamedTuple):
    """What `_CALLS` finds of one call. `agent` is the name of who answered last or asked for it; `ringing` the agents
    whose phones ring, `talking` those who talk."""

    call: Call
    campaign: str | None
    priority: int | None
    customer: Customer | None
    agent: str | None
    ringing: list[int] | None
    talking: list[int] | None


class _Matched(NamedTuple):
    """What `_MATCHES` finds of one customer: the first account, and the case that would be opened with its agent."""

    customer: Customer
    account: Account | None
    case_number: int | None
    agent_id: int | None
    agent: str | None


_at_agents = (
    select(func.array_agg(aggregate_order_by(CallLeg.agent_id, CallLeg.agent_id)))
    .where(CallLeg.call_id == Call.id, CallLeg.kind == LegKind.AGENT, CallLeg.ended_at.is_(None))
    .where(Call.phase != CallPhase.ENDED)
    .correlate(Call)
)
_ringing = _at_agents.where(CallLeg.answered_at.is_(None)).scalar_subquery()
_talking = _at_agents.where(CallLeg.answered_at.is_not(None)).scalar_subquery()
_CALLS = (
    select(Call, Campaign.name, Campaign.priority, Customer, User.name, _ringing, _talking)
    .select_from(Call)
    .outerjoin(Campaign, Campaign.id == Call.campaign_id)
    .outerjoin(Customer, Customer.id == Call.customer_id)
    .outerjoin(User, User.id == Call.agent_id)
    .execution_options(populate_existing=True)
)
_CALL = _CALLS.where(Call.id == bindparam("id"))
_LOST = select(func.min(Pbx.since)).where(~Pbx.connected)

# The customers who have a number, each with their first account and the case that would be opened.
_first = select(Account).where(Account.customer_id == Customer.id).order_by(Account.id).limit(1)
_account = aliased(Account, _first.lateral("first_account"))
_open = (
    select(Case.number, Case.agent_id, User.name.label("agent"))
    .outerjoin(User, User.id == Case.agent_id)
    .where(Case.customer_id == Customer.id, Case.status != CaseStatus.CLOSED)
    .order_by((Case.agent_id == bindparam("agent", type_=BigInteger)).desc().nulls_last(), Case.number.desc())
    .limit(1)
    .lateral("open_case")
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
    return await _row(session, _Found._make(found), now)


async def calls_of_agent(session: AsyncSession, agent_id: int, now: datetime) -> list[CallRow]:
    """The calls that ring an agent's phone, that the agent is in or asked for, newest first."""
    offered = select(CallLeg.call_id).where(CallLeg.agent_id == agent_id, CallLeg.ended_at.is_(None))
    asked = and_(Call.agent_id == agent_id, Call.begin_before.is_not(None), Call.answered_at.is_(None))
    going_on = _CALLS.where(or_(Call.id.in_(offered), asked), Call.phase != CallPhase.ENDED)
    calls = (await session.execute(going_on.order_by(Call.started_at.desc()))).all()
    return [await _row(session, _Found._make(found), now) for found in calls]


async def pbx_lost_since(session: AsyncSession) -> datetime | None:
    """Since when a PBX is not heard, the longest silent one; None when all are."""
    return (await session.execute(_LOST)).scalar_one()


async def _row(session: AsyncSession, found: _Found, now: datetime) -> CallRow:
    call, ringing = found.call, found.ringing or []
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
        campaign=_campaign(found),
        customer=customer_ref(found.customer) if found.customer else None,
        matches=await _matches(session, call.matches, agent_id=call.agent_id or next(iter(ringing), None)),
        case=cases[0] if cases else None,
        agent=Named(id=call.agent_id, name=found.agent or "") if call.agent_id else None,
        ringing=ringing,
        talking=found.talking or [],
        started_at=call.started_at,
        rang_at=call.rang_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        outcome=call.outcome,
    )


def _campaign(found: _Found) -> CampaignRef | None:
    if found.call.campaign_id is None:
        return None
    return CampaignRef(id=found.call.campaign_id, name=found.campaign or "", priority=found.priority or 0)


async def _matches(session: AsyncSession, ids: Sequence[int], agent_id: int | None) -> list[CallerMatch]:
    """The customers who have the caller's number, likeliest first, each with the case that would be opened."""
    if not ids:
        return []
    rows = await session.execute(_MATCHES, {"ids": list(ids), "agent": agent_id})
    found = [_Matched._make(row) for row in rows]
    matches = {one.customer.id: _match(one, agent_id) for one in found}
    return [matches[i] for i in ids if i in matches]


def _match(found: _Matched, agent_id: int | None) -> CallerMatch:
    customer, account = found.customer, found.account
    contact = last_contact(customer)
    if found.case_number and agent_id is not None and found.agent_id == agent_id:
        why = "own_case"
    elif found.case_number:
        why = "open_case"
    else:
        why = "contacted" if contact else "number"
    return CallerMatch(
        customer=customer_ref(customer),
        account=AccountRow.model_validate(account) if account else None,
        service_state=account.service_state.value if account else None,
        case_number=found.case_number,
        case_agent=found.agent,
        last_contact=contact,
        why=why,
    )

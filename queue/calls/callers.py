"""Who calls: from a number to customers, and from a customer to the case that opens (S4-78, S4-80)."""

from __future__ import annotations

from sqlalchemy import BigInteger, and_, bindparam, exists, select

from ...models.calls.call import Call
from ...models.campaigns.campaign import Campaign, CampaignAgent, Mode
from ...models.cases.case import Case, CaseStatus
from ...models.customers.customer import ContactPoint, Customer
from ...models.customers.lines import line_of
from ..cases.creating import create_case
from ..work import Work

MOST_MATCHES = 9  # the keys 1 to 9 choose among them

_AGENT, _CAMPAIGN = bindparam("agent", type_=BigInteger), bindparam("campaign", type_=BigInteger)
_live = and_(Case.customer_id == Customer.id, Case.status != CaseStatus.CLOSED)
_WITH_PHONE = (
    select(Customer.id)
    .where(
        exists().where(
            ContactPoint.customer_id == Customer.id,
            ContactPoint.line == bindparam("line"),
        )
    )
    .order_by(
        exists().where(_live, Case.agent_id == _AGENT).desc(),
        exists().where(_live).desc(),
        Customer.last_contact_at.desc().nulls_last(),
        Customer.id.desc(),
    )
    .limit(MOST_MATCHES)
)
_OPEN_CASES = (
    select(Case.number, Case.campaign_id, Case.agent_id)
    .join(Campaign, Campaign.id == Case.campaign_id)
    .where(Case.customer_id == bindparam("customer"), Case.status != CaseStatus.CLOSED, Campaign.archived_at.is_(None))
    .order_by(
        (Case.campaign_id == _CAMPAIGN).desc().nulls_last(),
        (Case.agent_id == _AGENT).desc().nulls_last(),
        Case.number.desc(),
    )
)


async def customers_with_phone(work: Work, phone: str, agent_id: int | None) -> list[int]:
    """Customers who have this number (E.164, or as it is dialled when no plan knows it), the likeliest caller first.

    First those with an open case of this agent, then those with any open case, then who was contacted last, then the
    newest customer.
    """
    return list((await work.session.execute(_WITH_PHONE, {"line": line_of(phone), "agent": agent_id})).scalars())


async def open_case_of(work: Work, call: Call, customer_id: int, agent_id: int) -> int | None:
    """The customer's open case that a call opens.

    It is the case of the call's campaign, else this agent's own, else the newest one when the call came by no campaign.
    """
    given = {"customer": customer_id, "campaign": call.campaign_id, "agent": agent_id}
    for case in await work.session.execute(_OPEN_CASES, given):
        if call.campaign_id in (None, case.campaign_id) or case.agent_id == agent_id:
            return int(case.number)
    return None


async def case_for_call(work: Work, call: Call, customer_id: int, agent_id: int) -> int | None:
    """The case to open on answering, created when there is none.

    None when the call came by no campaign and the agent works in none.
    """
    number = await open_case_of(work, call, customer_id, agent_id)
    if number is not None:
        return number
    campaign = await _campaign_for(work, call, agent_id)
    return await create_case(work, campaign, customer_id, origin="call") if campaign else None


async def _campaign_for(work: Work, call: Call, agent_id: int) -> Campaign | None:
    """The call's campaign; else the agent's own: inbound ones first, by priority."""
    if call.campaign_id is not None:
        return await work.session.get_one(Campaign, call.campaign_id)
    statement = (
        select(Campaign)
        .join(CampaignAgent, CampaignAgent.campaign_id == Campaign.id)
        .where(CampaignAgent.user_id == agent_id, Campaign.archived_at.is_(None))
        .order_by((Campaign.mode == Mode.INBOUND).desc(), Campaign.priority, Campaign.id)
        .limit(1)
    )
    return (await work.session.execute(statement)).scalar_one_or_none()

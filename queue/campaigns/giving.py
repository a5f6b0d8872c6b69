"""Cases given to agents, any number of them by one statement: those there are, and new ones for customers without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Appointment, Case
from ...models.customers.customer import Account, Customer
from ...models.customers.service_states import ServiceState
from ..bulk import change_many
from ..customers.search import first_account_of, numbers_as_rows
from ..work import Work


async def give_cases(work: Work, agents: Mapping[int, int | None]) -> None:
    """Set the agents of these cases in one statement; a personal appointment goes along with its case."""
    if not agents:
        return
    given = numbers_as_rows(number=list(agents), agent=list(agents.values()))
    somebody, nobody = given.c.agent.is_not(None), None
    await change_many(
        work,
        update(Case)
        .where(Case.number == given.c.number)
        .values(
            agent_id=given.c.agent,
            assigned_at=case((somebody, work.now), else_=nobody),
            assigned_by=case((somebody, work.actor.id), else_=nobody),
            due_agent_id=case((Case.due_agent_id.is_not(None), given.c.agent), else_=nobody),
            version=Case.version + 1,
        ),
    )
    personal = Appointment.agent_id.is_not(None), Appointment.done_at.is_(None), Appointment.cancelled_at.is_(None)
    moved = update(Appointment).where(Appointment.case_number == given.c.number, *personal)
    await change_many(work, moved.values(agent_id=given.c.agent, version=Appointment.version + 1))


async def create_cases(work: Work, campaign: Campaign, agents: Mapping[int, int]) -> dict[int, int]:
    """Create a case for each of these customers, about their first account, for this agent; agents by case number.

    A customer who got a case by another work meanwhile keeps that one.
    """
    if not agents:
        return {}
    given = numbers_as_rows(customer=list(agents), agent=list(agents.values()))
    values: dict[Any, Any] = {
        Case.campaign_id: literal(campaign.id),
        Case.campaign_priority: literal(campaign.priority),
        Case.customer_id: given.c.customer,
        Case.account_id: Account.id,
        Case.service_state: func.coalesce(Account.service_state, ServiceState.ACTIVE.value),
        Case.agent_id: given.c.agent,
        Case.assigned_at: literal(work.now),
        Case.assigned_by: literal(work.actor.id, BigInteger),
        Case.created_by: literal(work.actor.id, BigInteger),
        Case.last_contact_at: Customer.last_contact_at,
        Case.origin: literal("assignment"),
    }
    columns: list[Any] = [value.label(column.key) for column, value in values.items()]
    rows = (
        select(*columns)
        .select_from(given)
        .join(Customer, Customer.id == given.c.customer)
        .outerjoin(Account, Account.id == first_account_of(given.c.customer))
    )
    made = insert(Case).from_select([column.key for column in values], rows).on_conflict_do_nothing()
    created = await work.session.execute(made.returning(Case.number, Case.customer_id))
    return {new.number: agents[new.customer_id] for new in created}

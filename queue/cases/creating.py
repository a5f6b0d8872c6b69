"""Creating one case, by hand or for a call: one open case per campaign, customer and account."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case, CaseStatus
from ...models.customers.customer import Account
from ...models.refused import NotFound
from ...models.rows.case import case_row
from ...realtime.events import CaseCreated
from ..work import Work


async def create_case(
    work: Work, campaign: Campaign, customer_id: int, *, origin: str, account_id: int | None = None
) -> int:
    """A new open case of a customer in a campaign, or the one that is open already: never two; its number.

    It is about the account that is named, else the customer's oldest one. Raises NotFound for another customer's
    account.
    """
    account = await _account(work, customer_id, account_id)
    values = {
        "campaign_id": campaign.id,
        "campaign_priority": campaign.priority,
        "customer_id": customer_id,
        "account_id": account.id if account else None,
        "origin": origin,
        "created_by": work.actor.id,
    }
    if account:
        values["service_state"] = account.service_state
    created = upsert(Case).values(values).on_conflict_do_nothing().returning(Case.number)
    number = (await work.session.execute(created)).scalar_one_or_none()
    if number is None:
        return await _open_already(work, campaign, customer_id, account)
    row = await case_row(work.session, number, work.now)
    work.tell(CaseCreated(at=work.now, case=row, by=work.actor.named))
    return number


async def _account(work: Work, customer_id: int, account_id: int | None) -> Account | None:
    accounts = select(Account).where(Account.customer_id == customer_id).order_by(Account.id).limit(1)
    if account_id is not None:
        accounts = accounts.where(Account.id == account_id)
    account = (await work.session.execute(accounts)).scalar_one_or_none()
    if account is None and account_id is not None:
        raise NotFound
    return account


async def _open_already(work: Work, campaign: Campaign, customer_id: int, account: Account | None) -> int:
    there = select(Case.number).where(
        Case.campaign_id == campaign.id,
        Case.customer_id == customer_id,
        Case.status != CaseStatus.CLOSED,
        func.coalesce(Case.account_id, 0) == (account.id if account else 0),
    )
    return (await work.session.execute(there.order_by(Case.number).limit(1))).scalar_one()

"""How a corrected customer is told, with every open case whose row shows the customer."""

from __future__ import annotations

from sqlalchemy import update

from ...models.cases.case import Case, CaseStatus
from ...models.customers.customer import Customer
from ...models.locking import lock_keys
from ...models.rows.case import customer_case_rows
from ...models.rows.customer import customer_ref
from ...realtime.events import CaseMoved, CustomerCorrected
from ..work import Work


async def tell_corrected(work: Work, customer: Customer) -> None:
    """Raise the versions of a customer and of the customer's open cases, and tell them again."""
    customer.version += 1
    live = update(Case).where(Case.customer_id == customer.id, Case.status != CaseStatus.CLOSED)
    await work.session.execute(live.values(version=Case.version + 1))
    await work.session.flush()
    rows = await customer_case_rows(work.session, customer.id, work.now)
    work.tell(CustomerCorrected(at=work.now, customer=customer_ref(customer), version=customer.version, cases=rows))


async def tell_cases_of(work: Work, customer_id: int) -> None:
    """Raise and tell a customer's open cases because something of the customer that their rows show has changed."""
    live = Case.customer_id == customer_id, Case.status != CaseStatus.CLOSED
    locked = await lock_keys(work.session, Case, *live)
    await work.session.execute(update(Case).where(Case.number.in_(locked)).values(version=Case.version + 1))
    for row in await customer_case_rows(work.session, customer_id, work.now):
        work.tell(CaseMoved(at=work.now, case=row, by=work.actor.named))

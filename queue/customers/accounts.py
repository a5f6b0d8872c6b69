"""Accounts of a customer (S3-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.customers.customer import Account, Customer
from ...models.customers.service_states import ServiceState
from ...models.locking import lock
from ...models.refused import AlreadyExists
from ..work import Work
from .telling import tell_corrected


async def add_account(work: Work, customer_id: int, values: Mapping[str, Any]) -> Account:
    """Add an account, linked to the customer at once (S3-16). Raises NotFound, AlreadyExists."""
    customer = await lock(work.session, Customer, customer_id)
    row = {"customer_id": customer_id, "created_by": work.actor.id, **values}
    row["service_state"] = ServiceState(row.get("service_state") or ServiceState.ACTIVE)
    added = upsert(Account).values(row).on_conflict_do_nothing().returning(Account.id)
    account_id = (await work.session.execute(added)).scalar_one_or_none()
    if account_id is None:
        raise AlreadyExists(field="number", name=str(values["number"]))
    await tell_corrected(work, customer)
    await work.audit("customer.account_added", f"customer:{customer_id}", number=values["number"])
    return await work.session.get_one(Account, account_id)

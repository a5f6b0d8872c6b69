"""Accounts of a customer (S3-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.customers.customer import Account, Customer
from ...models.customers.documents import clean_account
from ...models.customers.service_states import ServiceState
from ...models.customers.written import SPOILT_NUMBER, SpoiltNumber
from ...models.locking import lock
from ...models.refused import N_, AlreadyExists, BadInput
from ..work import Work
from .telling import tell_corrected


async def add_account(work: Work, customer_id: int, values: Mapping[str, Any]) -> Account:
    """Add an account, linked to the customer at once (S3-16). Raises NotFound, BadInput, AlreadyExists."""
    number = _number(str(values["number"]))
    customer = await lock(work.session, Customer, customer_id)
    row = {"customer_id": customer_id, "created_by": work.actor.id, **values, "number": number}
    row["service_state"] = ServiceState(row.get("service_state") or ServiceState.ACTIVE)
    added = upsert(Account).values(row).on_conflict_do_nothing().returning(Account.id)
    account_id = (await work.session.execute(added)).scalar_one_or_none()
    if account_id is None:
        raise AlreadyExists(field="number", name=number)
    await tell_corrected(work, customer)
    await work.audit("customer.account_added", f"customer:{customer_id}", number=number)
    return await work.session.get_one(Account, account_id)


def _number(text: str) -> str:
    """An account number as it is kept. Raises BadInput."""
    try:
        if number := clean_account(text):
            return number
    except SpoiltNumber:
        raise BadInput(field="number", sentence=SPOILT_NUMBER) from None
    except ValueError:
        pass
    raise BadInput(field="number", sentence=N_("El número de cuenta no se puede usar."))

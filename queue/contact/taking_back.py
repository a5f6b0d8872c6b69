"""Taking back a contact that was registered by mistake, for as long as its author may still see the mistake.

What the contact changed is put back where nothing changed it since: the customer's last contact, and the places of the
cases in their lists.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from ...models.cases.case import Case, CaseStatus, ContactAttempt
from ...models.customers.customer import Customer
from ...models.locking import lock, lock_keys
from ...models.refused import N_, Conflict, NotFound
from ...models.rows.case import case_row
from ...models.rows.values import CaseRow
from ..work import Work
from .counting import tell_pressure

WITHIN = timedelta(seconds=60)  # the screen offers it for 10 s; the rest is for slow lines
TOO_LATE = N_("Ya no se puede deshacer: el contacto quedó registrado.")


async def take_back(work: Work, number: int, attempt_id: int) -> CaseRow:
    """Take back a contact that the actor registered by hand on this case.

    Raises NotFound (nobody's, another's, or made by a call), Conflict when it is too late.
    """
    found = select(ContactAttempt).where(ContactAttempt.id == attempt_id, ContactAttempt.case_number == number)
    attempt = (await work.session.execute(found)).scalar_one_or_none()
    if attempt is None or attempt.agent_id != work.actor.id or attempt.before is None:
        raise NotFound
    if attempt.at < work.now - WITHIN:
        raise Conflict(sentence=TOO_LATE)
    customer_id, at, channel, before = attempt.customer_id, attempt.at, attempt.channel, attempt.before
    await lock(work.session, Customer, customer_id, key_share=True)
    gone = delete(ContactAttempt).where(ContactAttempt.id == attempt_id).returning(ContactAttempt.id)
    if (await work.session.execute(gone)).scalar_one_or_none() is None:
        raise NotFound
    await _put_back(work, customer_id, at, before)
    await tell_pressure(work, customer_id, channel)
    await work.audit("contact.taken_back", f"customer:{customer_id}", channel=channel.value, case=number)
    return await case_row(work.session, number, work.now)


async def _put_back(work: Work, customer_id: int, at: datetime, before: dict[str, Any]) -> None:
    last = {"last_contact_at": _moment(before["at"])}
    last |= {f"last_contact_{name}": before[name] for name in ("channel", "outcome")}
    here = Customer.id == customer_id, Customer.last_contact_at == at
    await work.session.execute(update(Customer).where(*here).values(last))
    open_cases = Case.customer_id == customer_id, Case.status != CaseStatus.CLOSED
    for key in await lock_keys(work.session, Case, *open_cases):
        values: dict[str, Any] = {"version": Case.version + 1}
        rotated = (await work.session.execute(select(Case.last_contact_at).where(Case.number == key))).scalar_one()
        if rotated == at:
            values["last_contact_at"] = _moment(before["cases"].get(str(key)))
        await work.session.execute(update(Case).where(Case.number == key).values(values))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

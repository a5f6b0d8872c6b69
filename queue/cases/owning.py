"""Whose a case is: who may change it from outside its form, and count contacts on it (S2-11, S3-31, S3-33, S3-71).

Its holder may, its agent while nobody else has it open, and a supervisor. A case that is nobody's belongs to who
opened it by hand. Everybody else takes it first, or is told who has it.
"""

from __future__ import annotations

from sqlalchemy import update

from ...models.campaigns.campaign import AssignmentMode, Campaign
from ...models.cases.case import Case, CaseStatus
from ...models.contact.channels import Channel
from ...models.customers.customer import Customer
from ...models.locking import lock
from ...models.permissions import Permission, may
from ...models.refused import CaseClosed, NotFound, NotHolder
from ...models.rows.case import case_row
from ...models.rows.values import CaseRow
from ...realtime.events import CaseAssigned
from ..contact.counting import Registered, record_attempt
from ..work import Work
from .taking import why_not_taken


def is_own(work: Work, case: Case) -> bool:
    """Whether who acts may change this case."""
    if may(work.actor.role, Permission.SEE_ALL_CASES):
        return True
    whose = case.holder_id or case.agent_id or case.created_by
    return whose is not None and whose == work.actor.id


async def refuse_stranger(work: Work, case: Case) -> None:
    """Raise CaseTaken (with who has it) or NotHolder when the case is not this person's to change."""
    if is_own(work, case):
        return
    if case.holder_id or case.agent_id:
        raise await why_not_taken(work, case.number)
    raise NotHolder(number=case.number)


async def contact_by_hand(
    work: Work, number: int, channel: Channel, contact_point_id: int | None, outcome: str = ""
) -> Registered:
    """Count a contact that a person says was made; who contacts a free case takes it with that (X9).

    Raises what `refuse_stranger` and `record_attempt` raise.
    """
    case = await work.session.get(Case, number)
    if case is None:
        raise NotFound
    if case.status is CaseStatus.CLOSED:
        raise CaseClosed(number=number)
    await lock(work.session, Customer, case.customer_id, key_share=True)  # before its cases, as all who count do
    case = await lock(work.session, Case, number)
    taken = not is_own(work, case) and await _may_take(work, case)
    if not taken:
        await refuse_stranger(work, case)
    made = await record_attempt(work, number, channel, contact_point_id, outcome)
    return Registered(await _take(work, number), made.attempt) if taken else made


async def _may_take(work: Work, case: Case) -> bool:
    """Whether the case is free, in a campaign whose agents take cases themselves."""
    if case.holder_id is not None or case.agent_id is not None:
        return False
    campaign = await work.session.get_one(Campaign, case.campaign_id)
    return campaign.assignment_mode is not AssignmentMode.DIRECTED


async def _take(work: Work, number: int) -> CaseRow:
    mine = {"agent_id": work.me, "assigned_at": work.now, "assigned_by": work.me, "version": Case.version + 1}
    await work.session.execute(update(Case).where(Case.number == number).values(mine))
    row = await case_row(work.session, number, work.now)
    work.tell(CaseAssigned(at=work.now, case=row, by=work.actor.named))
    return row

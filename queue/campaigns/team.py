"""Who works in a campaign, and what becomes of the cases of people who leave it (S1-19)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from ...models.campaigns.campaign import CampaignAgent
from ...models.cases.case import Appointment, Case, CaseStatus
from ...models.people.user import User
from ...models.refused import N_, BadInput
from ...realtime import topics
from ...realtime.events import RightsChanged
from ..bulk import change_many
from ..work import Work
from .telling import tell_list


async def members(work: Work, campaign_id: int) -> set[int]:
    """Ids of the people who work in a campaign."""
    statement = select(CampaignAgent.user_id).where(CampaignAgent.campaign_id == campaign_id)
    return set(await work.session.scalars(statement))


async def join_campaign(work: Work, campaign_id: int, user_ids: Sequence[int]) -> list[int]:
    """Let people work in a campaign, besides those who do already; the ids of those who are new (S1-19)."""
    new = sorted(set(user_ids) - await members(work, campaign_id))
    if new:
        rows = [{"campaign_id": campaign_id, "user_id": i} for i in new]
        await work.session.execute(insert(CampaignAgent), rows)
        await tell_rights(work, new)
    return new


async def set_members(work: Work, campaign_id: int, wanted: Sequence[int]) -> None:
    """Make `wanted` the people who work in the campaign. Raises BadInput when one of them is not an active user."""
    active = select(User.id).where(User.id.in_(wanted), User.active)
    if missing := set(wanted) - set(await work.session.scalars(active)):
        raise BadInput(field="agents", sentence=N_("No hay usuarios activos con id %(ids)s."), ids=_listed(missing))
    await join_campaign(work, campaign_id, wanted)
    gone = await members(work, campaign_id) - set(wanted)
    if gone:
        leaving = CampaignAgent.campaign_id == campaign_id, CampaignAgent.user_id.in_(gone)
        await work.session.execute(delete(CampaignAgent).where(*leaving))
        await _free_cases_of(work, campaign_id, gone)
        await tell_rights(work, gone)


def _listed(ids: set[int]) -> str:
    return ", ".join(str(i) for i in sorted(ids))


async def _free_cases_of(work: Work, campaign_id: int, gone: set[int]) -> None:
    """Cases of people who no longer work in the campaign become free, except a case that is open.

    Whoever has it open finishes or leaves it, and keeps it on the list meanwhile.
    """
    theirs = (
        Case.campaign_id == campaign_id,
        Case.agent_id.in_(gone),
        Case.status != CaseStatus.CLOSED,
        Case.holder_id.is_(None),
    )
    numbers = select(Case.number).where(*theirs)
    promised = Appointment.case_number.in_(numbers), Appointment.done_at.is_(None), Appointment.cancelled_at.is_(None)
    everyone = update(Appointment).where(*promised, Appointment.agent_id.in_(gone))
    await change_many(work, everyone.values(agent_id=None, version=Appointment.version + 1))
    free = (
        update(Case)
        .where(*theirs)
        .values(agent_id=None, assigned_at=None, assigned_by=None, due_agent_id=None, version=Case.version + 1)
    )
    freed = await change_many(work, free)
    if freed:
        audience = [topics.campaign(campaign_id), topics.SUPERVISORS, *(topics.user(i) for i in gone)]
        tell_list(work, campaign_id, "unassigned", freed, audience)


async def tell_rights(work: Work, user_ids: Sequence[int] | set[int]) -> None:
    """Let the sockets of these people ask again which topics they may hear."""
    work.tell(*(RightsChanged(at=work.now, user_id=i) for i in sorted(user_ids)))

"""Which case an agent works next, in the order of X2 (S0-16, S0-19), as one statement that waits for nobody.

Four steps, each the first row of an index that is not locked: his own that are due, his own, free ones that are due,
free ones. One ORDER BY over all of them would sort a whole campaign for every click.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ..models.campaign import AssignmentMode, Campaign, CampaignAgent
from ..models.case import Case, CaseStatus, in_status
from ..models.case_order import DUE, FREE, segment, segment_key

_ME, _BESIDES = bindparam("me", type_=BigInteger), bindparam("besides", type_=BigInteger)
_NOW: Any = bindparam("now", type_=DateTime(timezone=True))
_ONE = literal_column("1", Integer)


async def find_next(session: AsyncSession, user_id: int, now: datetime, besides: int | None = None) -> int | None:
    """The number of the next case, locked until the end of the transaction; None when there is none."""
    found: int | None = await session.scalar(NEXT_CASE, {"me": user_id, "now": now, "besides": besides or 0})
    return found


def _own(group: int) -> ScalarSelect[int]:
    archived = select(Campaign.id).where(Campaign.archived_at.is_not(None))
    mine = _first(group).where(Case.agent_id == _ME, Case.campaign_id.not_in(archived))
    return mine.with_only_columns(Case.number).scalar_subquery()


def _free(group: int) -> ScalarSelect[int]:
    """Free cases of the agent's campaigns that allow taking, not promised to somebody else: the first of each."""
    promised_to_me = or_(Case.due_agent_id.is_(None), Case.due_agent_id == _ME)
    first = _first(group).where(Case.agent_id.is_(None), promised_to_me)
    of_each = first.where(Case.campaign_id == Campaign.id).correlate(Campaign).lateral("of_each")
    open_to_me = (
        CampaignAgent.user_id == _ME,
        Campaign.assignment_mode
        != literal(AssignmentMode.DIRECTED, Campaign.assignment_mode.type, literal_execute=True),
        Campaign.archived_at.is_(None),
    )
    together = (
        select(of_each.c.number)
        .select_from(Campaign)
        .join(CampaignAgent, CampaignAgent.campaign_id == Campaign.id)
        .join(of_each, true())
        .where(*open_to_me)
        .order_by(*(column for column in of_each.c if column.key != "number"), of_each.c.number)
    )
    return together.limit(_ONE).scalar_subquery()


def _first(group: int) -> Select[Any]:
    """The first case of a group that is open, in nobody's hands and not locked."""
    key = segment_key(group)
    free = in_status(CaseStatus.OPEN), Case.holder_id.is_(None), segment(group, _NOW), Case.number != _BESIDES
    rows = select(Case.number, *key[:-1]).where(*free).order_by(*key)
    return rows.limit(_ONE).with_for_update(of=Case, skip_locked=True)


# Built once: putting it together takes longer than running it. `coalesce` goes from step to step as far as it must.
NEXT_CASE = select(func.coalesce(*(step(group) for step in (_own, _free) for group in (DUE, FREE))))

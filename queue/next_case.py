"""Which case an agent works next, in the order of X2 (S0-16, S0-19), as one statement that waits for nobody.

Four steps, each the first row of an index that is not locked: his own that are due, his own, free ones that are due,
free ones. One ORDER BY over all of them would sort a whole campaign for every click.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select, true

from ..models.campaign import AssignmentMode, Campaign, CampaignAgent
from ..models.case import Case, CaseStatus, in_status
from ..models.case_order import DUE, FREE, segment, segment_key


def next_case(user_id: int, now: datetime, besides: int | None = None) -> Select[int | None]:
    """The number of the next case, locked until the end of the transaction; null when there is none.

    `coalesce` goes from step to step only as far as it must.
    """
    steps = [step(user_id, now, group, besides) for step in (_own, _free) for group in (DUE, FREE)]
    return select(func.coalesce(*steps))


def _own(user_id: int, now: datetime, group: int, besides: int | None) -> ScalarSelect[int]:
    archived = select(Campaign.id).where(Campaign.archived_at.is_not(None))
    mine = _first(now, group, besides).where(Case.agent_id == user_id, Case.campaign_id.not_in(archived))
    return mine.with_only_columns(Case.number).scalar_subquery()


def _free(user_id: int, now: datetime, group: int, besides: int | None) -> ScalarSelect[int]:
    """Free cases of the agent's campaigns that allow taking, not promised to somebody else: the first of each."""
    promised_to_me = or_(Case.due_agent_id.is_(None), Case.due_agent_id == user_id)
    first = _first(now, group, besides).where(Case.agent_id.is_(None), promised_to_me)
    of_each = first.where(Case.campaign_id == Campaign.id).correlate(Campaign).lateral("of_each")
    open_to_me = (
        CampaignAgent.user_id == user_id,
        Campaign.assignment_mode != AssignmentMode.DIRECTED,
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
    return together.limit(1).scalar_subquery()


def _first(now: datetime, group: int, besides: int | None) -> Select[Any]:
    """The first case of a group that is open, in nobody's hands and not locked."""
    key = segment_key(group)
    conditions: list[ColumnElement[bool]] = [in_status(CaseStatus.OPEN), Case.holder_id.is_(None), segment(group, now)]
    if besides is not None:
        conditions.append(Case.number != besides)
    rows = select(Case.number, *key[:-1]).where(*conditions).order_by(*key)
    return rows.limit(1).with_for_update(of=Case, skip_locked=True)

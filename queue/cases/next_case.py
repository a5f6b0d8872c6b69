"""Which case an agent works on next, in the order of X2 (S0-16, S0-19).

One statement finds it and takes it, and waits for no other agent.

Three steps: what is due, the oldest first, whether it is the agent's own or anybody's; the agent's other own cases;
other free ones. Each reads the first row of an index that is not locked. One ORDER BY over all of them would sort a
whole campaign for every click.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import AssignmentMode, Campaign, CampaignAgent
from ...models.cases.case import Case, CaseStatus, in_status
from ...models.cases.order import DUE, FREE, segment, segment_key

_ME, _BESIDES = bindparam("me", type_=BigInteger), bindparam("besides", type_=BigInteger)
_NOW: Any = bindparam("now", type_=DateTime(timezone=True))
_ONE = literal_column("1", Integer)


class Taken(NamedTuple):
    """A case that an agent holds now, and whether it became the agent's own by that (`new`)."""

    number: int
    new: bool


async def take_next(session: AsyncSession, user_id: int, now: datetime, besides: int | None = None) -> Taken | None:
    """Find the next case, and let the agent hold it; None when there is none."""
    given = {"me": user_id, "now": now, "besides": besides or 0}
    found = (await session.execute(TAKE_NEXT, given)).one_or_none()
    return Taken(*found) if found else None


def _own(group: int) -> Select[Any]:
    archived = select(Campaign.id).where(Campaign.archived_at.is_not(None))
    return _first(group).where(Case.agent_id == _ME, Case.campaign_id.not_in(archived))


def _free(group: int) -> Select[Any]:
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
        select(*of_each.c)
        .select_from(Campaign)
        .join(CampaignAgent, CampaignAgent.campaign_id == Campaign.id)
        .join(of_each, true())
        .where(*open_to_me)
        .order_by(*(column for column in of_each.c if column.key != "number"), of_each.c.number)
    )
    return together.limit(_ONE)


def _first(group: int) -> Select[Any]:
    """The first case of a group that is open, in nobody's hands and not locked."""
    key = segment_key(group)
    free = in_status(CaseStatus.OPEN), Case.holder_id.is_(None), segment(group, _NOW), Case.number != _BESIDES
    rows = select(Case.number, *key[:-1]).where(*free).order_by(*key)
    return rows.limit(_ONE).with_for_update(of=Case, skip_locked=True)


def _number(step: Select[Any]) -> ScalarSelect[int]:
    return step.with_only_columns(step.selected_columns.number, maintain_column_froms=True).scalar_subquery()


def _due() -> Select[Any]:
    """What is due, the oldest first: a promise to anybody is as good as one to this agent (X2, X10)."""
    own, anybodys = _own(DUE).subquery("own_due"), _free(DUE).subquery("anybodys_due")
    both = union_all(select(own.c.number, own.c.due_at), select(anybodys.c.number, anybodys.c.due_at)).subquery("due")
    return select(both.c.number).order_by(both.c.due_at, both.c.number).limit(_ONE)


# Built once: putting it together takes longer than running it. `coalesce` stops at the first step that finds a case.
_steps = (_due(), _own(FREE), _free(FREE))
_next = select(func.coalesce(*(_number(step) for step in _steps)).label("number")).cte("next")
_CASES: Any = Case.__table__
_new = _CASES.c.agent_id.is_(None)
TAKE_NEXT = (
    update(_CASES)
    .where(_CASES.c.number == _next.c.number, _CASES.c.holder_id.is_(None))
    .values(
        holder_id=_ME,
        held_at=_NOW,
        version=_CASES.c.version + 1,
        agent_id=_ME,
        assigned_at=case((_new, _NOW), else_=_CASES.c.assigned_at),
        assigned_by=case((_new, _ME), else_=_CASES.c.assigned_by),
    )
    # New: the case was assigned by this very statement.
    .returning(_CASES.c.number, and_(_CASES.c.assigned_at == _NOW, _CASES.c.assigned_by == _ME).label("new"))
)

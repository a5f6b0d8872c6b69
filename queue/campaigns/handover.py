"""How cases that go to other agents are told: a few one by one, many by one event for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ...models.rows.case import case_rows
from ...realtime import topics
from ...realtime.events import CaseAssigned, CaseUnassigned
from ..work import Work
from .team import members
from .telling import tell_list

# Up to so many cases of one agent, and in all, each is told by itself: the list shows each arrive.
ONE_BY_ONE, IN_ALL = 50, 500


async def tell_assigned(
    work: Work, campaign_id: int, agents: Mapping[int, int], former: Mapping[int, int | None]
) -> None:
    """Tell that these cases (by number) went to these agents; `former` is whose they were."""
    counts = Counter(agents.values())
    if _few(counts):
        for row in await case_rows(work.session, list(agents), work.now):
            was = former.get(row.number)
            left = was if was != agents[row.number] else None
            work.tell(CaseAssigned(at=work.now, case=row, former_agent_id=left, by=work.actor.named))
    else:
        losers = {agent for agent in former.values() if agent} - set(counts)
        await _tell_many(work, campaign_id, "assigned", counts, losers)


async def tell_unassigned(work: Work, campaign_id: int, former: Mapping[int, int]) -> None:
    """Tell that these cases (by number) were taken from these agents."""
    counts = Counter(former.values())
    if _few(counts):
        for row in await case_rows(work.session, list(former), work.now):
            told = CaseUnassigned(at=work.now, case=row, former_agent_id=former[row.number], by=work.actor.named)
            work.tell(told)
    else:
        await _tell_many(work, campaign_id, "unassigned", counts, set())


def _few(counts: Counter[int]) -> bool:
    return max(counts.values(), default=0) <= ONE_BY_ONE and counts.total() <= IN_ALL


async def _tell_many(work: Work, campaign_id: int, reason: str, counts: Counter[int], others: set[int]) -> None:
    """One event for each agent with their own count, and one for all others who see the campaign."""
    for agent, count in sorted(counts.items()):
        tell_list(work, campaign_id, reason, count, [topics.user(agent)])
    watching = (await members(work, campaign_id) | others) - set(counts)
    audience = [topics.SUPERVISORS, *(topics.user(i) for i in watching)]
    tell_list(work, campaign_id, reason, counts.total(), audience)

"""The results of a campaign: as stored, as an agent chooses from them, and how often each was chosen."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import ResultNode
from ..cases.case import Disposition
from .values import Row

USE_WINDOW = timedelta(days=30)

# Built once: they run for every case that is opened or saved, and putting one together takes as long as running it.
_NODES = select(ResultNode).where(ResultNode.campaign_id == bindparam("campaign"))
_IN_USE = _NODES.where(ResultNode.retired_at.is_(None)).order_by(ResultNode.position, ResultNode.id)


class ResultRow(Row):
    """One result of the campaign's tree, with those below it."""

    id: int
    name: str
    action: str | None
    schedules: bool
    successful: bool
    colour: str
    children: list[ResultRow]


async def result_nodes(session: AsyncSession, campaign_id: int) -> list[ResultNode]:
    """Every result that a campaign has or had, in no order: retired ones are still chosen by whoever opened a case
    before."""
    return list(await session.scalars(_NODES, {"campaign": campaign_id}))


async def result_rows(session: AsyncSession, campaign_id: int) -> list[ResultRow]:
    """The results an agent may choose, as a tree in their order (S0-22, S4-20)."""
    return _tree(list(await session.scalars(_IN_USE, {"campaign": campaign_id})), None)


async def result_uses(session: AsyncSession, campaign_id: int) -> dict[int, int]:
    """How often each result, of whatever level, was chosen in the last 30 days."""
    lately = Disposition.created_at > func.now() - USE_WINDOW
    paths = select(Disposition.result_path, func.count()).where(Disposition.campaign_id == campaign_id, lately)
    uses: Counter[int] = Counter()
    for path, count in await session.execute(paths.group_by(Disposition.result_path)):
        uses.update(dict.fromkeys(path, count))
    return dict(uses)


def _tree(nodes: list[ResultNode], parent: int | None) -> list[ResultRow]:
    return [
        ResultRow(
            id=node.id,
            name=node.name,
            action=node.action.value if node.action else None,
            schedules=node.schedules,
            successful=node.successful,
            colour=node.colour,
            children=_tree(nodes, node.id),
        )
        for node in nodes
        if node.parent_id == parent
    ]

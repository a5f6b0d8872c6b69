"""A page of the operator's list, anywhere in it, against the bare keyset query for the same rows."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from atiende.models.cases.case import Case
from atiende.models.cases.list_place import Place
from atiende.models.cases.order import FREE, segment_key
from atiende.models.cases.section_rule import belongs
from atiende.models.cases.sections import Section
from atiende.models.cases.viewer import Viewer
from atiende.models.permissions import Role
from atiende.models.rows.case_list import list_cases
from atiende.queue.work import House
from atiende.server.database import make_engine

from ..shared.data import CAMPAIGNS, connect, database
from ..shared.harness import Figure, Run, percentile

WHAT = "a page of 50 at row 10 and far inside, 5 M cases (100,000), every campaign seen; against its keyset query"
BARE = (
    "SELECT number FROM cases WHERE campaign_id = $1 AND service_state = 'in_arrears' AND status = 'open' AND"
    " due_at IS NULL AND (campaign_priority, priority, coalesce(last_contact_at, '1000-01-01 00:00:00+00'), number)"
    " > ($2, $3, $4, $5) ORDER BY campaign_priority, priority,"
    " coalesce(last_contact_at, '1000-01-01 00:00:00+00'::timestamptz), number LIMIT 51"
)


async def nothing_goes_out(waiting: list[Any]) -> list[int]:
    """A house whose events stay in the outbox."""
    return []


def house_of(run: Run, engine: AsyncEngine) -> House:
    """A house on a database of the run."""
    return House(engine, nothing_goes_out, "CO", ZoneInfo("America/Bogota"), "es", str(run.folder))


async def bench(run: Run) -> list[Figure]:
    """Every section near its beginning, and the arrears as deep as the data goes."""
    cases = run.size(5_000_000, 100_000, 2_000)
    url = await database(run, run.size(1_000_000, 20_000, 400), cases)
    engine = make_engine(url)
    clock = _DatabaseClock(engine)
    who = Viewer(0, Role.SUPERVISOR, None)
    try:
        house = house_of(run, engine)
        times = run.size(60, 30, 2)
        async with house.look() as session:
            now = (await session.execute(select(func.clock_timestamp()))).scalar_one()
            near = [await _page(session, clock, who, section, now, None) for section in Section for _ in range(times)]
            deep, row = await _deep(run, session, now)
            far = [await _page(session, clock, who, Section.ARREARS, now, deep) for _ in range(times * 3)]
            here = [await _page(session, clock, who, Section.ARREARS, now, None) for _ in range(times * 3)]
        bare = await _bare(run, url, times * 3)
    finally:
        await engine.dispose()
    return _figures(near, far, here, bare, row)


Times = list[tuple[float, float]]  # milliseconds in the database, and of the page as built


def _figures(near: Times, far: Times, here: Times, bare: list[float], row: int) -> list[Figure]:
    return [
        Figure("p99 in the database, first page of every section", percentile([x[0] for x in near], 99), "ms", "<= 10"),
        Figure(f"p99 in the database, page at row {row:,}", percentile([x[0] for x in far], 99), "ms", "<= 10"),
        Figure(
            f"median in the database, row {row:,} against row 1",
            percentile([x[0] for x in far], 50),
            "ms",
            "<= 2",
            "row 1",
            percentile([x[0] for x in here], 50),
            percentile([x[0] for x in far], 50) / percentile([x[0] for x in here], 50),
        ),
        Figure(
            "median of all queries of a page (rows, phones, contacts) against the keyset query of one campaign alone",
            percentile([x[0] for x in far], 50),
            "ms",
            "",
            "keyset query",
            percentile(bare, 50),
            percentile([x[0] for x in far], 50) / percentile(bare, 50),
            note=f"{CAMPAIGNS} campaigns merged",
        ),
        Figure("p99 of the page as built, Python included", percentile([x[1] for x in far], 99), "ms"),
    ]


class _DatabaseClock:
    """Milliseconds that the statements of an engine took, as their caller sees it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.spent = 0.0
        self._began = 0.0
        event.listen(engine.sync_engine, "before_cursor_execute", self._begin)
        event.listen(engine.sync_engine, "after_cursor_execute", self._end)

    def _begin(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def _end(self, *_: Any) -> None:
        self.spent += (time.perf_counter() - self._began) * 1e3


async def _page(
    session: AsyncSession, clock: _DatabaseClock, who: Viewer, section: Section, now: datetime, cursor: str | None
) -> tuple[float, float]:
    """Milliseconds in the database, and in all."""
    clock.spent = 0.0
    began = time.perf_counter()
    await list_cases(session, who, section, now, cursor=cursor)
    return clock.spent, (time.perf_counter() - began) * 1e3


async def _deep(run: Run, session: AsyncSession, now: datetime) -> tuple[str, int]:
    """A cursor of the arrears as far inside as 500,000 rows, or two thirds of what there is; and which row it is."""

    free = select(*segment_key(FREE)).where(belongs(Section.ARREARS, 0), Case.due_at.is_(None))
    count = (await session.execute(select(func.count()).select_from(free.subquery()))).scalar_one()
    row = min(500_000, count * 2 // 3)
    key = (await session.execute(free.order_by(*segment_key(FREE)).offset(row - 1).limit(1))).one()
    return Place(now, FREE, list(key)).write(), row


async def _bare(run: Run, url: str, times: int) -> list[float]:
    connection = await connect(run, url)
    statement = await connection.prepare(BARE)
    middle = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        await statement.fetch(1, 2, 2, middle, 0)
        spent.append((time.perf_counter() - began) * 1e3)
    await connection.close()
    return spent

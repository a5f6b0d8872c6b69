"""Everybody of the load bench: agents at their desks, supervisors at the board, and what was done until now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from ..shared.data import connect, secret_of
from ..shared.harness import Figure, Run
from ..shared.web import Web
from .agents import Desk, Tally
from .floor import LoadFloor
from .screens import LiveScreen, Told

TOGETHER = 8  # agents who sit down at the same time
_DONE = (
    "SELECT (SELECT coalesce(sum(created + updated + unchanged), 0)::bigint FROM import_jobs WHERE base_id IS NOT NULL)"
    " AS imported, (SELECT count(*) FROM calls WHERE begun_at IS NOT NULL) AS dialled"
)
_CALLS_LOST = (
    "SELECT outcome, count(*) FROM calls WHERE outcome IN ('refused', 'pbx_lost', 'expired', 'lost', 'failed')"
    " GROUP BY outcome ORDER BY outcome"
)


@dataclass
class Office:
    """The agents of `desks` are all but the first, who sits at a browser; `told` is what the stream told."""

    run: Run
    floor: LoadFloor
    desks: list[Desk] = field(default_factory=list)
    boards: list[LiveScreen] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    @property
    def screens(self) -> list[LiveScreen]:
        """All pages there were, but those that turned to the next case in place."""
        return [*self.boards, *(screen for desk in self.desks for screen in desk.screens)]

    async def open(self, sites: list[Web]) -> None:
        """Supervisors look at the board, agents open their first case; half of them at each web process."""
        few = asyncio.Semaphore(TOGETHER)
        for at, boss in enumerate(self.floor.supervisors):
            cookie = f"atiende={secret_of(boss.id)}"
            self.boards.append(LiveScreen("/api/v1/live", cookie, boss.topics, watches=("wallboard",)))
            await self.boards[-1].open(sites[at % 2].host, sites[at % 2].port)

        async def sit_down(desk: Desk) -> None:
            async with few:
                await desk.sit_down()

        self.desks = [Desk.of(one, self.floor, sites[at % 2]) for at, one in enumerate(self.floor.agents[1:])]
        async with asyncio.TaskGroup() as all_of_them:
            for desk in self.desks:
                all_of_them.create_task(sit_down(desk))

    def close(self) -> None:
        """All go home."""
        for screen in self.screens:
            screen.leave()
        for desk in self.desks:
            desk.line.close()

    async def done(self) -> dict[str, int]:
        """How much of each was done so far."""
        plain = await connect(self.run, self.floor.url)
        try:
            found = dict(await plain.fetchrow(_DONE))
        finally:
            await plain.close()
        pushed = sum(len(screen.numbers) for screen in self.screens)
        return found | {"saved": len(self.tally.saved), "pushed": pushed}

    async def calls_lost(self) -> Figure:
        """Calls that our side could not make or lost sight of; a customer who does not answer is none of them."""
        plain = await connect(self.run, self.floor.url)
        try:
            found = [(outcome, n) for outcome, n in await plain.fetch(_CALLS_LOST)]
        finally:
            await plain.close()
        note = ", ".join(f"{n} {outcome}" for outcome, n in found)
        return Figure("calls that could not be made, or were lost", sum(n for _, n in found), "", "<= 0", note=note)

    def lost(self) -> list[Figure]:
        """What screens did not get, once everything is quiet."""
        screens = self.screens
        missed = sum(screen.missed(self.told) for screen in screens)
        return [
            Figure(
                "events lost on the way to a screen", missed, "", "<= 0", note=f"of {len(self.told):,} on the stream"
            ),
            Figure("screens told to read again, or cut off", sum(s.resyncs + s.cuts for s in screens), "", "<= 0"),
        ]

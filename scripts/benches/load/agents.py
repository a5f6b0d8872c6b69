"""Agents who work by the same requests as their pages: a case on its live line, a call, *Guardar y siguiente*.

Everything a page asks of the server is asked, but the files that a browser keeps. The floor works by a schedule that
no late answer slows down: what an agent could not do in time is late from the time it was due.
"""

from __future__ import annotations

import asyncio
import math
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ..shared.data import secret_of
from ..shared.harness import Figure, percentile
from ..shared.web import Web
from .floor import AGREED, REDIAL, SOLVED, LoadFloor, Person
from .line import Line, RequestFailed, TakenByAnother
from .screens import LiveScreen

_CURSOR = re.compile(rb'data-cursor="([^"]*)"')
_POINT = re.compile(rb'"contact_points":\s*\[\{"id":\s*(\d+)')
_RESULTS = (SOLVED, REDIAL, SOLVED, AGREED, SOLVED, REDIAL, SOLVED, AGREED, SOLVED, REDIAL)
_CALL_AFTER = 0.2  # of the time from one gestión to the next


@dataclass
class Tally:
    """What was done: milliseconds, of gestiones and next cases from the moment the gestión was due."""

    saved: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    called: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Count from now on; failures count from the first."""
        for times in (self.saved, self.shown, self.called):
            times.clear()

    def figures(self) -> list[Figure]:
        """How long it took, and what failed."""
        times = {
            "p95 of a gestión with its next case, at the API": self.saved,
            "p95 until the next case and its live line are there": self.shown,
            "p95 of asking for a call": self.called,
        }
        return [
            *(Figure(what, percentile(spent or [math.nan], 95), "ms") for what, spent in times.items()),
            Figure("requests failed", len(self.failed), "", "<= 0", note=self.failed[0][:120] if self.failed else ""),
        ]


@dataclass
class Desk:
    """One agent, the page they look at, and their case."""

    person: Person
    floor: LoadFloor
    line: Line
    screens: list[LiveScreen] = field(default_factory=list)
    case: dict[str, Any] | None = None
    _point: int = 0
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, person: Person, floor: LoadFloor, site: Web) -> Desk:
        return cls(person, floor, Line(site, f"atiende={secret_of(person.id)}"))

    async def sit_down(self) -> None:
        """Open the list and its first case. Raises RequestFailed."""
        await self._list()
        await self.take_first()
        await self._look_at_case()

    async def take_first(self) -> int:
        """Take the first case of their lists that is free, without looking at it. Raises RequestFailed."""
        for section in ("assigned", "active", "arrears"):
            found = await self.line.json("GET", f"/cases?section={section}&limit=50")
            for row in found["items"]:
                if row["holder"] is None and (row["agent"] or {"id": self.person.id})["id"] == self.person.id:
                    with suppress(TakenByAnother):
                        self.case = await self.line.json("POST", f"/cases/{row['number']}/open", {})
                        return int(row["number"])
        raise RequestFailed("no case is free")

    async def turn(self, due: float, seconds: float, place: int, *, calls: bool, tally: Tally) -> None:
        """One gestión that was due at `due`, the next case, and sometimes a call; `seconds` until the next turn."""
        loop = asyncio.get_running_loop()
        try:
            async with self._busy:
                if self.case is None:
                    await self._find_case()
                await self._save(place)
                tally.saved.append((loop.time() - due) * 1e3)
                if self.case is None:
                    return await self._list()
                await self._look_at_case()
                tally.shown.append((loop.time() - due) * 1e3)
                if calls:
                    await asyncio.sleep(due + _CALL_AFTER * seconds - loop.time())
                    began = loop.time()
                    await self._call()
                    tally.called.append((loop.time() - began) * 1e3)
        except (RequestFailed, OSError, TimeoutError) as why:
            tally.failed.append(f"{type(why).__name__}: {why}")
            self.case = None

    async def _find_case(self) -> None:
        """The case they have open, when they lost sight of it; else the first of their lists."""
        number = (await self.line.json("GET", "/me"))["case_number"]
        if number is None:
            await self.take_first()
        else:
            self.case = await self.line.json("GET", f"/cases/{number}")

    async def _save(self, place: int) -> None:
        assert self.case is not None
        result = _RESULTS[place % len(_RESULTS)]
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        body = {
            "result": self.floor.results[self.case["campaign"]["id"]][result],
            "observations": "Dijo que paga el viernes; llamar antes de las 10.",
            "finish": True,
            "next_contact_at": tomorrow if result == AGREED else None,
            "mine": result == AGREED,
            "phone": None,
        }
        answer = await self.line.json("POST", f"/cases/{self.case['number']}/dispositions", body)
        self.case = answer["next_case"]

    async def _call(self) -> None:
        assert self.case is not None
        await self.line.json("POST", "/calls", {"case": self.case["number"], "contact_point_id": self._point})

    async def _list(self) -> None:
        await self._open_page("/casos")

    async def _look_at_case(self) -> None:
        assert self.case is not None
        path, topic = f"/casos/{self.case['number']}", f"case:{self.case['number']}"
        at_a_case = bool(self.screens and self.screens[-1].watches)
        page = await (self._turn_page(path, topic) if at_a_case else self._open_page(path, topic))
        found = _POINT.search(page)
        self._point = int(found[1]) if found else 0

    async def _open_page(self, path: str, *watches: str) -> bytes:
        """Another page: it comes, the old line goes, the new one resumes from the page's cursor."""
        page = await self.line.ask("GET", path)
        if self.screens:
            self.screens[-1].leave()
        tab = f"/api/v1/live?tab=t{self.person.id}"
        self.screens.append(LiveScreen(tab, self.line.cookie, self.person.topics, _cursor(page), watches))
        await self.screens[-1].open(self.line.site.host, self.line.site.port)
        return page

    async def _turn_page(self, path: str, *watches: str) -> bytes:
        """The next case comes into the page that is open, and its line goes on."""
        part = await self.line.ask("GET", f"{path}?parte=caso")
        await self.screens[-1].turn(watches, _cursor(part))
        return part


def _cursor(page: bytes) -> str:
    found = _CURSOR.search(page)
    return found[1].decode() if found else ""


async def work(desks: list[Desk], rate: float, every: int, seconds: float, tally: Tally) -> None:
    """`rate` gestiones a second for `seconds`, by one agent after the other; after each `every`th the agent calls."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as turns:
        for place in range(round(rate * seconds)):
            due = began + place / rate
            await asyncio.sleep(due - loop.time())
            calls = (place + place // len(desks)) % every == 0  # each round others
            turn = desks[place % len(desks)].turn(due, len(desks) / rate, place, calls=calls, tally=tally)
            turns.create_task(turn)

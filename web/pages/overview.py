"""`/resumen`: where a supervisor begins. What wants attention, the gravest first; campaigns, agents, appointments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.overview.day import (
    Appointments,
    agents_of_campaigns,
    appointments_of_day,
    offline_agents,
    uploads_to_see,
)
from ...models.rows.call import pbx_lost_since
from ...models.rows.progress import NO_CASES, progress
from ...models.rows.upload import UploadRow
from ...models.rows.wallboard import CampaignLine, Wallboard

AT_MOST = 5
OVER_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that wants attention: its kind, how grave it is (`red` or `amber`), where it leads, and its values."""

    kind: str
    hue: str
    href: str
    values: dict[str, Any] = field(default_factory=dict)


async def gather_overview(session: AsyncSession, board: Wallboard, since: datetime) -> dict[str, Any]:
    """What the page shows of the board's figures and of the day that began at `since`."""
    appointments = await appointments_of_day(session, since, board.as_of)
    uploads, team = await uploads_to_see(session), await agents_of_campaigns(session)
    far = await progress(session, since)
    lost = await pbx_lost_since(session)
    return {
        "board": board,
        "now": board.as_of,
        "attention": _attention(board, appointments, uploads, team, lost)[:AT_MOST],
        "campaigns": [
            {"line": line, "far": far.get(line.id, NO_CASES), "team": team.get(line.id, 0)} for line in board.campaigns
        ],
        "offline": await offline_agents(session),
        "over": [tile for tile in board.agents if tile.over_limit][:OVER_SHOWN],
        "appointments": appointments,
        "uploads": uploads,
    }


def _attention(
    board: Wallboard,
    appointments: Appointments,
    uploads: list[UploadRow],
    team: dict[int, int],
    lost: datetime | None,
) -> list[Attention]:
    found = [Attention("pbx", "red", "/tablero", {"since": lost})] if lost else []
    found += [_waiting(board, line) for line in board.campaigns if _waits_too_long(board, line)]
    found += _day(board)
    if appointments.overdue:
        values = {"count": appointments.overdue, "oldest": appointments.nearest[0]}
        found.append(Attention("appointments", "amber", f"/casos/{appointments.nearest[0].case_number}", values))
    found += [
        Attention("upload", "amber", f"/bases/cargas/{one.id}", {"upload": one})
        for one in uploads
        if one.state in ("checked", "stopped", "failed")
    ]
    found += [
        Attention("no_agents", "amber", f"/campanas?campana={line.id}", {"campaign": line})
        for line in board.campaigns
        if not team.get(line.id)
    ]
    return sorted(found, key=lambda one: one.hue != "red")


def _waits_too_long(board: Wallboard, line: CampaignLine) -> bool:
    since = line.longest_wait_since
    return since is not None and (board.as_of - since).total_seconds() > board.limits.wait_seconds


def _waiting(board: Wallboard, line: CampaignLine) -> Attention:
    waits = (board.as_of - (line.longest_wait_since or board.as_of)).total_seconds()
    values = {"campaign": line, "waits": waits, "free": board.agent_counts["waiting"]}
    return Attention("waiting", "red", "/tablero", values)


def _day(board: Wallboard) -> list[Attention]:
    """Today's calls against the limits of the installation."""
    calls, limits, found = board.today.calls, board.limits, []
    if calls.abandoned_percent is not None and calls.abandoned_percent > limits.abandoned_percent:
        found.append(Attention("abandoned", "amber", "/tablero", {"percent": calls.abandoned_percent}))
    if calls.service_percent is not None and calls.service_percent < limits.service_percent:
        found.append(Attention("service", "amber", "/tablero", {"percent": calls.service_percent}))
    return found

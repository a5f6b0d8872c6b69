"""A model of every screen: the newest version of each thing it was told of, and what a reload would show.

A screen is true when what the events made of it is what a fresh read gives. Left out of the comparison is only what is
a function of the clock (`why`), what a row borrows from another pushed thing (the case inside a call, names of people
in a campaign), and what a screen forgets (ended calls).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from atiende.models.bases.upload import Upload
from atiende.models.calls.call import Call, CallPhase, Pbx
from atiende.models.cases.case import Case
from atiende.models.clock import database_now
from atiende.models.rows.call import call_row
from atiende.models.rows.campaign import campaign_rows
from atiende.models.rows.case import case_rows
from atiende.models.rows.counters import campaign_sections, kinds_of_cases
from atiende.models.rows.person import person_rows
from atiende.models.rows.upload import upload_row

Key = tuple[str, int | str]
Thing = tuple[int, dict[str, Any]]
REFETCHES = ("list.changed", "resync")
# What others bring into a closed case's row: it is no longer pushed there, only open cases are told again.
_OF_OTHERS = ("customer", "phones", "account", "service_state", "pressure", "last_contact", "campaign", "agent",
              "assigned_by")  # fmt: skip


class Contradiction(AssertionError):
    """The same version of a thing came with two contents: some change did not raise the version."""


class ScreenModel:
    """`hear` events in any order; `things` is what it shows. `stale` = it was told to read itself again."""

    def __init__(self, things: dict[Key, Thing] | None = None) -> None:
        self.things = dict(things or {})
        self.counters: dict[int, tuple[int, dict[str, int]]] = {}
        self.stale = False

    def hear(self, event: dict[str, Any]) -> None:
        """Take from an event all that is newer than what stands here."""
        if event["type"] in REFETCHES:
            self.stale = True
        elif event["type"] == "sections.counted":
            known = self.counters.get(event["campaign_id"], (0, {}))
            if event["version"] >= known[0]:
                self.counters[event["campaign_id"]] = event["version"], event["counts"]
        for key, thing in things_of(event):
            self.take(key, thing)

    def take(self, key: Key, thing: Thing) -> None:
        """Show a thing unless a newer version of it stands here. Raises Contradiction."""
        known = self.things.get(key)
        if known is not None and known[0] == thing[0] and known[1] != thing[1]:
            raise Contradiction(f"{key} version {thing[0]}: {difference(known[1], thing[1])}")
        if known is None or thing[0] > known[0]:
            self.things[key] = thing

    def reread(self, fresh: dict[Key, Thing]) -> None:
        """What a screen does after `resync` or `list.changed`: it reads itself again."""
        self.stale = False
        for key, thing in fresh.items():
            self.take(key, thing)

    def shown(self) -> dict[Key, Thing]:
        """What stands on it: ended calls do not."""
        return {key: thing for key, thing in self.things.items() if not _is_over(key, thing)}


def things_of(event: dict[str, Any]) -> Iterable[tuple[Key, Thing]]:
    """The things an event carries, with their versions."""
    kind = event["type"]
    if "call" in event:
        yield _call(event["call"])
        rows = [event["call"]["case"]]
    else:
        rows = [event.get("case"), *event.get("cases", [])]
    yield from (_case(row) for row in rows if row is not None)
    if "agent" in event:
        yield ("person", event["agent"]["id"]), (event["agent"]["version"], event["agent"])
    if kind in ("pbx.lost", "pbx.back"):
        yield _pbx(event["pbx"], event["version"], kind == "pbx.back", event["since"])
    if kind == "import.progressed":
        yield ("import", event["job"]["id"]), (event["job"]["version"], event["job"])
    if kind == "campaign.changed":
        yield _campaign(event["campaign"], event["version"])


async def reload(session: AsyncSession, numbers: Iterable[int] | None = None) -> dict[Key, Thing]:
    """What a screen that shows everything (or these cases and everything else) reads when it is loaded now."""
    now = await database_now(session)
    every = list(numbers) if numbers is not None else list(await session.scalars(select(Case.number)))
    rows = [_case(_plain(row)) for row in await case_rows(session, every, now)]
    rows += [(("person", row.id), (row.version, _plain(row))) for row in await person_rows(session)]
    going_on = await session.scalars(select(Call.id).where(Call.phase != CallPhase.ENDED, Call.direction != "internal"))
    rows += [_call(_plain(await call_row(session, call_id, now))) for call_id in list(going_on)]
    for job_id in list(await session.scalars(select(Upload.id))):
        job = await upload_row(session, job_id)
        rows.append((("import", job_id), (job.version, _plain(job))))
    rows += [_campaign(_plain(row), row.version) for row in await campaign_rows(session)]
    for pbx in await session.scalars(select(Pbx)):
        rows.append(_pbx(pbx.id, pbx.version, pbx.connected, _moment(pbx.since)))
    return dict(rows)


async def recount(session: AsyncSession) -> dict[int, dict[str, int]]:
    """The section counters of each campaign as a reload shows them."""
    return campaign_sections(await kinds_of_cases(session))


def differences(screen: ScreenModel, fresh: dict[Key, Thing]) -> list[str]:
    """What stands otherwise on the screen than in a reload; empty when the screen is true."""
    shown = screen.shown()
    return [
        f"{key}: {difference(shown.get(key), fresh.get(key))}"
        for key in sorted(shown.keys() | fresh.keys(), key=str)
        if key in fresh or key[0] != "call"
        if shown.get(key) != fresh.get(key)
    ] + [f"{key}: still shown" for key in sorted(shown.keys() - fresh.keys(), key=str) if key[0] == "call"]


def difference(ours: Any, theirs: Any) -> str:
    """The fields in which two things differ."""
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        versions = "" if ours[0] == theirs[0] else f"version {ours[0]} instead of {theirs[0]} "
        return versions + difference(ours[1], theirs[1])
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return "; ".join(f"{k}: {ours.get(k)} ≠ {theirs.get(k)}" for k in theirs if ours.get(k) != theirs.get(k))
    return f"{ours} ≠ {theirs}"


def _case(row: dict[str, Any]) -> tuple[Key, Thing]:
    left_out = ("why", *(_OF_OTHERS if row["status"] == "closed" else ()))
    return ("case", row["number"]), (row["version"], _without(row, left_out))


def _call(row: dict[str, Any]) -> tuple[Key, Thing]:
    """A call says who may be calling as it was known at that moment; the case in it is a thing of its own."""
    kept = _without(row, ("case", "matches"))
    kept |= {name: row[name] and row[name]["id"] for name in ("customer", "campaign", "agent")}
    kept["matches"] = [match["customer"]["id"] for match in row["matches"]]
    return ("call", row["id"]), (row["version"], kept)


def _campaign(row: dict[str, Any], version: int) -> tuple[Key, Thing]:
    return ("campaign", row["id"]), (version, row | {"agents": sorted(agent["id"] for agent in row["agents"])})


def _pbx(name: str, version: int, connected: bool, since: str) -> tuple[Key, Thing]:
    return ("pbx", name), (version, {"connected": connected, "since": since})


def _is_over(key: Key, thing: Thing) -> bool:
    return key[0] == "call" and thing[1]["phase"] == "ended"


def _without(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _plain(row: Any) -> dict[str, Any]:
    plain: dict[str, Any] = row.model_dump(mode="json")
    return plain


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")

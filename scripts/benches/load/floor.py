"""The floor of the load bench: campaigns as they are worked, and the people who work in them."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg
import orjson

from atiende.models.contact.channels import Channel
from atiende.models.contact.rules import ChannelLimits, ContactRules
from atiende.models.permissions import Role
from atiende.realtime.line.audience import own_topics
from atiende.telephony.simulated_pbx import Fate, Pace, SimulatedPbx

from ..shared.data import CAMPAIGNS, connect, database
from ..shared.harness import Run

SOLVED, REDIAL, AGREED = "Resuelto", "No contesta", "Acuerdo"

# Rules that are looked at for every row, and allow the whole day: the bench may run at any hour.
_RULES = ContactRules(
    hours=((("00:00", "24:00"),),) * 7, channels={Channel.CALL: ChannelLimits(per_day=99, per_week=499)}
)
_STEPS = (
    "UPDATE campaigns SET rule_pack_id = (SELECT id FROM rule_packs WHERE name = 'Banco de carga')",
    "INSERT INTO result_nodes (campaign_id, position, name, action, schedules, successful)"
    " SELECT c, n.position, n.name, n.action, n.schedules, n.position <> 1 FROM generate_series(1, {campaigns}) c,"
    " (VALUES (0, '" + SOLVED + "', 'none', false), (1, '" + REDIAL + "', 'redial', false),"
    " (2, '" + AGREED + "', NULL, true)) n (position, name, action, schedules)",
    # who is called under which name and where from: a second level, as trees have it
    "INSERT INTO result_nodes (campaign_id, parent_id, position, name) SELECT campaign_id, id, 0, 'Titular'"
    " FROM result_nodes WHERE parent_id IS NULL",
)


@dataclass(frozen=True)
class Person:
    """One who works here, and what they may hear."""

    id: int
    role: Role
    extension: str
    topics: frozenset[str]


@dataclass(frozen=True)
class LoadFloor:
    """`results`: campaign → name of level 1 → path of ids."""

    url: str
    customers: int
    agents: list[Person]
    supervisors: list[Person]
    results: dict[int, dict[str, list[int]]]


async def load_floor(run: Run, customers: int, cases: int, agents: int, supervisors: int) -> LoadFloor:
    """A database with these rows; its campaigns have rules of contact and results."""
    url = await database(run, customers, cases, agents)
    plain = await connect(run, url)
    try:
        if not await plain.fetchval("SELECT count(*) FROM result_nodes"):
            stored = orjson.dumps(_RULES.model_dump(mode="json")).decode()
            await plain.execute("INSERT INTO rule_packs (name, rules) VALUES ('Banco de carga', $1)", stored)
            for step in _STEPS:
                await plain.execute(step.format(campaigns=CAMPAIGNS))
        return LoadFloor(
            url,
            customers,
            await _people(plain, Role.AGENT, agents),
            await _people(plain, Role.SUPERVISOR, supervisors),
            await _results(plain),
        )
    finally:
        await plain.close()


async def _people(plain: asyncpg.Connection, role: Role, most: int) -> list[Person]:
    rows = await plain.fetch(
        "SELECT u.id, coalesce(u.extension, '') AS extension,"
        " array(SELECT campaign_id FROM campaign_agents WHERE user_id = u.id) AS campaigns"
        " FROM users u WHERE u.role = $1 ORDER BY u.id LIMIT $2",
        role.value,
        most,
    )
    return [
        Person(row["id"], role, row["extension"], own_topics(row["id"], role, row["campaigns"], frozenset()))
        for row in rows
    ]


async def _results(plain: asyncpg.Connection) -> dict[int, dict[str, list[int]]]:
    rows = await plain.fetch(
        "SELECT n.campaign_id, n.name, n.id, b.id AS below FROM result_nodes n"
        " JOIN result_nodes b ON b.parent_id = n.id"
    )
    found: dict[int, dict[str, list[int]]] = {}
    for row in rows:
        found.setdefault(row["campaign_id"], {})[row["name"]] = [row["id"], row["below"]]
    return found


class _Fates(dict[str, Fate]):
    """What customers do who are called, by the last digit of their number."""

    def get(self, number: str, default: Fate | None = None) -> Fate:  # type: ignore[override]
        outcomes = {"7": Fate.BUSY, "8": Fate.NO_ANSWER, "9": Fate.NOT_FOUND}
        return outcomes.get(number[-1:], Fate.ANSWERS)


def simulated_pbx(floor: LoadFloor, seconds: float) -> SimulatedPbx:
    """Everybody's phone; a call is over within about half of `seconds`, the time from one gestión to the next."""
    pbx = SimulatedPbx([person.extension for person in floor.agents])
    pbx.pace = Pace(pick_up=0.05 * seconds, answer=0.15 * seconds, talk=0.3 * seconds)
    pbx.fates = _Fates()
    return pbx

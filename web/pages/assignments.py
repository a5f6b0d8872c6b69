"""`/asignaciones`: what the search of customers and the list of agents begin with (S4-40…52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import ResultNode
from ...models.cases.priorities import PRIORITIES
from ...models.customers.customer import CustomerBase
from ...models.customers.fields import FIELDS
from ...models.customers.service_states import SERVICE_STATES
from ...models.permissions import Role
from ...models.refused import N_
from ...models.rows.campaign import campaign_rows
from ...models.rows.counters import loads
from ...models.rows.person import person_rows

# What a search may ask for (S4-42): the fields of the customer that have a filter, and what these say of the case.
_OF_CASE = {
    "campaign": N_("Campaña"),
    "base": N_("Base"),
    "result": N_("Último resultado"),
    "agent": N_("Agente"),
    "priority": N_("Prioridad"),
}
_OF_CUSTOMER = {field.filter.name: field.filter.label for field in FIELDS if field.filter}
# The order of the box: by what supervisors share out most; what is not named here comes after them.
_FIRST = (
    "campaign", "base", "service_state", "city", "result", "agent", "plan", "account", "service_address", "name",
    "document", "document_type", "phone", "email", "priority",
)  # fmt: skip
_LABELS = {**_OF_CASE, **_OF_CUSTOMER}
FILTERS = {name: _LABELS[name] for name in dict.fromkeys((*_FIRST, *_LABELS))}
_CLOSED_MOST = 500  # a longer list is written, not chosen
OPS = {"equals": N_("igual"), "contains": N_("contiene"), "differs": N_("distinto")}
MOST = 5_000


async def gather_assignments(session: AsyncSession) -> dict[str, Any]:
    """Campaigns in use with who works in them, agents with their state and load, fields and conditions."""
    campaigns = [row for row in await campaign_rows(session) if not row.archived]
    load_of = await loads(session)
    agents = [
        person.model_dump(mode="json") | {"load": load_of.get(person.id, 0)}
        for person in await person_rows(session)
        if person.role == Role.AGENT
    ]
    return {
        "campaigns": [
            {"id": row.id, "name": row.name, "agents": [agent.id for agent in row.agents]} for row in campaigns
        ],
        "agents": agents,
        "fields": FILTERS,
        "ops": OPS,
        "most": MOST,
        "choices": await _choices(session, [row.name for row in campaigns], [agent["name"] for agent in agents]),
    }


async def _choices(session: AsyncSession, campaigns: list[str], agents: list[str]) -> dict[str, list[str]]:
    """The values of the fields whose list is closed, as the filter takes them; words of ours are translated where
    they are shown."""
    bases = select(CustomerBase.name).where(CustomerBase.deleted_at.is_(None)).order_by(CustomerBase.name)
    results = select(ResultNode.name).where(ResultNode.retired_at.is_(None)).distinct().order_by(ResultNode.name)
    closed = {
        "campaign": campaigns,
        "agent": agents,
        "base": list(await session.scalars(bases.limit(_CLOSED_MOST + 1))),
        "result": list(await session.scalars(results.limit(_CLOSED_MOST + 1))),
        "service_state": [terms.name for terms in SERVICE_STATES.values()],
        "priority": [terms.name for terms in PRIORITIES.values()],
    }
    return {field: values for field, values in closed.items() if len(values) <= _CLOSED_MOST}

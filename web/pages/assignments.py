"""`/asignaciones`: what the search of customers and the list of agents begin with (S4-40…52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.cases.case import CaseCountDelta, CaseStatus
from ...models.permissions import Role
from ...models.refused import N_
from ...models.rows.campaign import campaign_rows
from ...models.rows.person import person_rows

# Fields of a filter in the order of the box (S4-42); the names of `queue/customers/filter.py`.
FIELDS = {
    "campaign": N_("Campaña"),
    "base": N_("Base"),
    "service_state": N_("Estado de servicio"),
    "city": N_("Localidad"),
    "result": N_("Último resultado"),
    "agent": N_("Agente"),
    "plan": N_("Plan"),
    "account": N_("Cuenta"),
    "service_address": N_("Dirección de servicio"),
    "name": N_("Nombre"),
    "document": N_("Documento"),
    "document_type": N_("Tipo de documento"),
    "phone": N_("Teléfono"),
    "email": N_("Correo"),
    "priority": N_("Prioridad"),
}
OPS = {"equals": N_("igual"), "contains": N_("contiene"), "differs": N_("distinto")}
MOST = 5_000


async def gather_assignments(session: AsyncSession) -> dict[str, Any]:
    """Campaigns in use with who works in them, agents with their state and load, fields and conditions."""
    campaigns = [row for row in await campaign_rows(session) if not row.archived]
    loads = await _loads(session)
    agents = [
        person.model_dump(mode="json") | {"load": loads.get(person.id, 0)}
        for person in await person_rows(session)
        if person.role == Role.AGENT
    ]
    return {
        "campaigns": [
            {"id": row.id, "name": row.name, "agents": [agent.id for agent in row.agents]} for row in campaigns
        ],
        "agents": agents,
        "fields": FIELDS,
        "ops": OPS,
        "most": MOST,
    }


async def _loads(session: AsyncSession) -> dict[int, int]:
    """Unfinished cases of each agent."""
    unfinished = CaseCountDelta.agent_id != 0, CaseCountDelta.status != CaseStatus.CLOSED
    statement = select(CaseCountDelta.agent_id, func.sum(CaseCountDelta.n)).where(*unfinished)
    return {agent: int(n) for agent, n in await session.execute(statement.group_by(CaseCountDelta.agent_id))}

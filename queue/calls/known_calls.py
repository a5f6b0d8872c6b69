"""Calls by the PBX's own names: found again, or stored when they are new."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import String, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.calls.call import Call, CallPhase
from ...models.campaigns.campaign import Campaign
from ...models.customers.phones import read_phone
from ..people.agents import AGENT_AT
from ..work import Work

_TABLE: Any = Call.__table__
_CALLS = _TABLE.c
_SAID = [
    "id",
    "pbx_id",
    "pbx_call",
    "direction",
    "phase",
    "caller_number",
    "caller_phone",
    "caller_name",
    "started_at",
    "queue_name",
]
_FIND = (
    select(Call)
    .where(Call.pbx_id == bindparam("pbx"), Call.pbx_call == bindparam("call"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _hearing() -> Any:
    """Store the call, or lock it when it is known; the first queue that is named decides its campaign."""
    said = {name: bindparam(name, type_=_CALLS[name].type) for name in _SAID}
    its_queue = (Campaign.queue_name == said["queue_name"], Campaign.archived_at.is_(None))
    campaign = select(Campaign.id).where(*its_queue).scalar_subquery()
    anywhere = bindparam("extension", type_=String).is_(None)
    rows = select(*said.values(), campaign).where(or_(anywhere, exists(AGENT_AT)))
    new = upsert(_TABLE).from_select([*_SAID, "campaign_id"], rows, include_defaults=False)
    first = and_(_CALLS.queue_name.is_(None), new.excluded.queue_name.is_not(None))
    heard = new.on_conflict_do_update(
        index_elements=["pbx_id", "pbx_call"],
        set_={
            "queue_name": func.coalesce(_CALLS.queue_name, new.excluded.queue_name),
            "campaign_id": case((first, new.excluded.campaign_id), else_=_CALLS.campaign_id),
        },
    )
    return select(Call).from_statement(heard.returning(*_CALLS)).execution_options(populate_existing=True)


_HEAR = _hearing()


async def find_call(work: Work, pbx: str, pbx_call: str) -> Call | None:
    """The call by the PBX's name of it, locked."""
    return (await work.session.execute(_FIND, {"pbx": pbx, "call": pbx_call})).scalar_one_or_none()


async def hear_of_call(
    work: Work,
    pbx: str,
    pbx_call: str,
    direction: str,
    caller: tuple[str, str],
    queue: str | None,
    *,
    at: str | None = None,
) -> Call | None:
    """The call, locked, stored if it is new. `caller` is number and name as the PBX wrote them.

    With an extension (`at`): None, and nothing is stored, when no agent has the phone there.
    """
    number, name = caller
    phone = read_phone(number, work.house.region) if number else None
    said = {
        "id": uuid.uuid4().hex,
        "pbx_id": pbx,
        "pbx_call": pbx_call,
        "direction": direction,
        "phase": CallPhase.WAITING,
        "caller_number": number[:80],
        "caller_phone": phone.value if phone else None,
        "caller_name": name[:200],
        "started_at": work.now,
        "queue_name": queue or None,
    }
    found = await work.session.execute(_HEAR, said | {"pbx": pbx, "extension": at})
    call: Call | None = found.scalar_one_or_none()
    return call

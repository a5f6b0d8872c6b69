"""What was refused is written down: outside of the work that was undone, and once a minute for one who tries again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from ...models.records import AuditRow
from ..work import Actor, House

ONCE_IN = timedelta(minutes=1)


async def note_refusal(house: House, actor: Actor, action: str, subject: str, **detail: Any) -> None:
    """Write down that this was refused, unless the same was written a moment ago."""
    async with house.work(actor) as work:
        same = AuditRow.subject == subject, AuditRow.action == action, AuditRow.at > work.now - ONCE_IN
        whose = AuditRow.actor_id == actor.id if actor.id else AuditRow.address == actor.address
        if (await work.session.execute(select(AuditRow.id).where(*same, whose).limit(1))).first() is None:
            await work.audit(action, subject, **detail)

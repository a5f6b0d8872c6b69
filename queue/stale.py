"""The refusal of a form that was filled over an older version: both values, and who changed the thing, when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ..models.people.user import User
from ..models.records import AuditRow
from ..models.refused import N_, Stale
from .work import Work


async def stale(work: Work, subject: str, *actions: str, **both: Any) -> Stale:
    """The refusal, with `by` ({id, name}) and `at` of the last of these audited actions on the subject.

    Both are None when the last change left no row. `both` is what else the refusal tells: the values and the version.
    """
    done = AuditRow.subject == subject, AuditRow.action.in_(actions)
    last = select(AuditRow.at, User.id, User.name).join(User, User.id == AuditRow.actor_id).where(*done)
    found = (await work.session.execute(last.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(1))).first()
    if found is None:
        return Stale(extra={**both, "by": None, "at": None})
    sentence = N_("%(name)s lo cambió mientras usted lo editaba. Elija qué queda.")
    by = {"id": found.id, "name": found.name}
    return Stale(sentence=sentence, name=found.name, extra={**both, "by": by, "at": found.at.isoformat()})

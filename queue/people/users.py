"""Users and their roles (S1-02…S1-05, S2-02): created, changed, shut out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.cases.case import Case, CaseStatus
from ...models.locking import lock
from ...models.people.agent import Agent
from ...models.people.user import User
from ...models.permissions import Role
from ...models.refused import N_, AlreadyExists, BadInput, Conflict
from ...models.rows.person import account_row
from ...realtime.events import UserChanged
from ..campaigns.telling import tell_all_of_list
from ..stale import stale
from ..work import Work
from . import agents
from .links import end_links
from .sessions import revoke_everything

_USERNAME = re.compile(r"[\w.@+-]{2,64}")
_EXTENSION = re.compile(r"[0-9A-Za-z*#_.-]{1,20}")


def folded(username: str) -> str:
    """A user name as it is stored: small letters, one way of writing each."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


async def create_user(
    work: Work, username: str, name: str, role: Role, *, extension: str | None = None, password_hash: str | None = None
) -> int:
    """A new person; the id. Raises BadInput, AlreadyExists."""
    username = folded(username)
    if not _USERNAME.fullmatch(username):
        raise BadInput(field="username", sentence=N_("El usuario lleva de 2 a 64 letras, números, puntos o guiones."))
    await _check_free(work, None, username, extension)
    user = User(username=username, name=name, role=role, extension=extension, password_hash=password_hash)
    user.created_by = work.actor.id
    work.session.add(user)
    await work.session.flush()
    await work.session.execute(upsert(Agent).values(user_id=user.id).on_conflict_do_nothing())
    await work.audit("user.created", f"user:{user.id}", username=username, role=role.value)
    await _tell_account(work, user.id)
    return user.id


async def change_user(work: Work, user_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change name, role, extension, active, locale or password_hash; the rest stays.

    A new role, a new password and being shut out end the person's sessions at once. Raises NotFound, Stale,
    AlreadyExists, and Conflict for the last administrator.
    """
    await _lock_administrators(work)
    user = await lock(work.session, User, user_id)
    changed = {name: value for name, value in changes.items() if getattr(user, name) != value}
    if version is not None and version != user.version:
        current = account_row(user).model_dump(mode="json")
        raise await stale(work, f"user:{user_id}", "user.changed", version=user.version, current=current)
    if not changed:
        return
    if "extension" in changed:
        await _check_free(work, user_id, None, changed["extension"])
    if user.role is Role.ADMIN and user.active and (changed.get("role") or changed.get("active") is False):
        await _refuse_last_administrator(work, user_id)
    before = {name: getattr(user, name) for name in changed}
    values = {**changed, "version": User.version + 1}
    await work.session.execute(update(User).where(User.id == user_id).values(values))
    await _audit_change(work, user_id, before, changed)
    if {"active", "password_hash"} & set(changed):
        await end_links(work, user_id)
    await _tell_account(work, user_id)
    if {"role", "active", "password_hash"} & set(changed):
        await revoke_everything(work, user_id)
    if {"name", "role", "extension"} & set(changed):
        await agents.tell_state(work, await agents.lock_agent(work, user_id))
    if "name" in changed:
        await _carry_name(work, user_id)


async def _audit_change(work: Work, user_id: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Old and new values; of a password only that it changed."""
    old, new = ({name: v for name, v in values.items() if name != "password_hash"} for values in (before, after))
    await work.audit("user.changed", f"user:{user_id}", fields=sorted(after), before=old, after=new)


async def _tell_account(work: Work, user_id: int) -> None:
    await work.session.flush()
    row = account_row(await work.session.get_one(User, user_id, populate_existing=True))
    work.tell(UserChanged(at=work.now, user=row, version=row.user_version, by=work.actor.named))


async def _carry_name(work: Work, user_id: int) -> None:
    """Rows of cases name their agent, who has them open and who assigned them: screens are told to read these again."""
    theirs = or_(Case.agent_id == user_id, Case.holder_id == user_id, Case.assigned_by == user_id)
    shown = update(Case).where(theirs, Case.status != CaseStatus.CLOSED).values(version=Case.version + 1)
    rows = await work.session.execute(
        shown.returning(Case.campaign_id), execution_options={"synchronize_session": False}
    )
    for campaign_id, count in sorted(Counter(rows.scalars()).items()):
        await tell_all_of_list(work, campaign_id, "name", count)


async def has_users(work: Work) -> bool:
    """Whether there is any user."""
    return (await work.session.execute(select(User.id).limit(1))).first() is not None


async def _check_free(work: Work, user_id: int | None, username: str | None, extension: str | None) -> None:
    """Raise when another person has this user name or extension."""
    if extension is not None and not _EXTENSION.fullmatch(extension):
        raise BadInput(field="extension", sentence=N_("El interno lleva hasta 20 números o letras."))
    for field, column, value in (("username", User.username, username), ("extension", User.extension, extension)):
        if value is not None:
            taken = select(User.id).where(column == value, User.id != (user_id or 0)).limit(1)
            if (await work.session.execute(taken)).first():
                raise AlreadyExists(field=field, name=value)


async def _lock_administrators(work: Work) -> None:
    """Keep two administrators from taking the role from each other at the same moment."""
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("administrators", 0))))


async def _refuse_last_administrator(work: Work, user_id: int) -> None:
    others = select(User.id).where(User.role == Role.ADMIN, User.active, User.id != user_id).limit(1)
    if (await work.session.execute(others)).first() is None:
        raise Conflict(field="role", sentence=N_("Es el único administrador: nombre otro antes."))

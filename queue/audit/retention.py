"""How long the audit is kept: the setting is changed, and the clock forgets what is older, in small portions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.audit.retention import LONGEST, NAME, SHORTEST
from ...models.audit.settings_row import SettingsRow, settings_row
from ...models.records import AuditRow, InstallationSetting
from ...models.refused import N_, BadInput, Stale
from ..work import Work

PORTION = 2000


async def change_retention(work: Work, days: int, version: int | None = None) -> SettingsRow:
    """Keep the audit for so many days. Raises BadInput, Stale (with the setting as it is now)."""
    if not SHORTEST <= days <= LONGEST:
        sentence = N_("La auditoría se guarda de %(shortest)s a %(longest)s días.")
        raise BadInput(field="audit_days", sentence=sentence, shortest=SHORTEST, longest=LONGEST)
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"setting:{NAME}", 0))))
    now = await settings_row(work.session)
    if version is not None and version != now.version:
        raise Stale(extra={"current": now.model_dump(mode="json"), "yours": {"audit_days": days}})
    if days == now.audit_days:
        return now
    values = {"value": days, "changed_at": work.now, "changed_by": work.actor.id, "version": now.version + 1}
    kept = upsert(InstallationSetting).values(name=NAME, **values)
    await work.session.execute(kept.on_conflict_do_update(index_elements=["name"], set_=values))
    before, after = {NAME: now.audit_days}, {NAME: days}
    await work.audit("setting.changed", f"setting:{NAME}", before=before, after=after)
    return await settings_row(work.session)


async def forget_old_rows(work: Work) -> int:
    """Delete a portion of the rows that are older than the retention; how many."""
    oldest = work.now - timedelta(days=(await settings_row(work.session)).audit_days)
    portion = select(AuditRow.id).where(AuditRow.at < oldest).order_by(AuditRow.at).limit(PORTION)
    gone = delete(AuditRow).where(AuditRow.id.in_(portion)).returning(AuditRow.id)
    return len((await work.session.execute(gone)).all())

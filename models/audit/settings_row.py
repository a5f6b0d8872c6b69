"""The settings that administrators change on a page, with their defaults."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ..people.user import User
from ..records import InstallationSetting
from ..rows.values import Row
from .retention import NAME, USUAL


class SettingsRow(Row):
    """How many days the audit is kept; who changed it last (none: nobody did)."""

    version: int
    audit_days: int
    changed_at: datetime | None
    changed_by: str | None


async def settings_row(session: AsyncSession) -> SettingsRow:
    """The settings as they are in this transaction."""
    stored = await session.get(InstallationSetting, NAME, populate_existing=True)
    if stored is None:
        return SettingsRow(version=0, audit_days=USUAL, changed_at=None, changed_by=None)
    by = await session.get(User, stored.changed_by) if stored.changed_by else None
    return SettingsRow(
        version=stored.version,
        audit_days=int(stored.value),
        changed_at=stored.changed_at,
        changed_by=by.name if by else None,
    )

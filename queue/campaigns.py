"""What supervisors do with campaigns: make, change, archive, reopen, say who works in them (S1-07…09, S1-12, S1-19)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..models.campaign import AssignmentMode, Campaign, CampaignAgent, CampaignType, Mode
from ..models.case import Appointment, Case, CaseStatus
from ..models.pressure import PressureRule
from ..models.ready_made import READY_MADE
from ..models.refused import N_, AlreadyExists, BadInput, Conflict, NotFound, Stale
from ..models.results import Name
from ..models.user import User
from ..realtime import topics
from ..realtime.campaign_rows import CampaignRow, TypeRow, campaign_row
from ..realtime.events import RightsChanged
from .bulk import change_many
from .campaign_events import own_without_working_there, tell_all_of_list, tell_campaign, tell_list
from .customer_filter import fold
from .results import put_results
from .rule_packs import exists, tell_rules
from .work import Work


class CampaignChanges(BaseModel):
    """What may be changed of a campaign; what is not named stays. `version` is the one that was seen."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = None
    name: Name | None = None
    type: int | str | None = None  # id or code
    priority: int | None = Field(default=None, ge=1, le=9)
    mode: Mode | None = None
    assignment_mode: AssignmentMode | None = None
    queue: str | None = Field(default=None, max_length=80)
    pbx: str | None = Field(default=None, min_length=1, max_length=40)
    time_zone: str | None = None
    wrap_up_seconds: int | None = Field(default=None, ge=0, le=3600)
    pressure: dict[str, Any] | None = None
    rule_pack: int | None = None  # null = no contact is refused
    agents: list[int] | None = None
    archived: bool | None = None

    @field_validator("time_zone")
    @classmethod
    def _is_time_zone(cls, value: str | None) -> str | None:
        if value and value not in available_timezones():
            raise ValueError(N_("No hay tal huso horario."))
        return value or None

    @field_validator("pressure")
    @classmethod
    def _is_pressure(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is not None:
            _check_pressure(value)
        return value


class NewCampaign(CampaignChanges):
    """A campaign to make. It gets the ready-made result tree of its type, if there is one (S2-01)."""

    name: Name
    type: int | str = "support"
    mode: Mode = Mode.MANUAL
    priority: int = Field(default=5, ge=1, le=9)
    assignment_mode: AssignmentMode = AssignmentMode.MIXED


_COLUMNS = {
    "name": "name",
    "priority": "priority",
    "mode": "mode",
    "assignment_mode": "assignment_mode",
    "queue": "queue_name",
    "pbx": "pbx_id",
    "time_zone": "time_zone",
    "wrap_up_seconds": "wrap_up_seconds",
    "pressure": "pressure",
    "rule_pack": "rule_pack_id",
}
_ON_CASES = ("name", "priority", "pressure")  # what rows of cases show of their campaign
_MAY_BE_EMPTY = frozenset({"queue", "time_zone", "rule_pack"})


async def create_campaign(work: Work, new: NewCampaign) -> CampaignRow:
    """Make a campaign with its result tree and agents (S1-07). Raises AlreadyExists, BadInput."""
    kind = await _type(work, new.type)
    await _check_pack(work, new.rule_pack)
    values = _values(new) | {"type_id": kind.id, "created_by": work.actor.id}
    try:
        async with work.session.begin_nested():
            statement = insert(Campaign).values(values).returning(Campaign.id)
            campaign_id = (await work.session.execute(statement)).scalar_one()
    except IntegrityError as why:
        _name_taken(why, values)
    if tree := READY_MADE.get(kind.code):
        await put_results(work, campaign_id, tree, tell=False)
    await _set_agents(work, campaign_id, new.agents or [])
    await work.audit("campaign.created", f"campaign:{campaign_id}", name=new.name)
    return await tell_campaign(work, campaign_id)


async def change_campaign(work: Work, campaign_id: int, changes: CampaignChanges) -> CampaignRow:
    """Change what `changes` names; archive and reopen are `archived` (S1-08, S1-09).

    What its unfinished cases show of it is carried to all of them at once: priority (S1-12, X2), name, thresholds.
    Raises NotFound, Stale (with the row as it is now), AlreadyExists, BadInput.
    """
    before = await _lock(work, campaign_id)
    if changes.version is not None and changes.version < before.version:
        current = await campaign_row(work.session, campaign_id)
        yours = changes.model_dump(mode="json", exclude_unset=True)
        raise Stale(extra={"current": current.model_dump(mode="json"), "yours": yours})
    values = _values(changes)
    await _check_pack(work, changes.rule_pack)
    if changes.type is not None:
        values["type_id"] = (await _type(work, changes.type)).id
    if changes.archived is not None and changes.archived != (before.archived_at is not None):
        values["archived_at"] = work.now if changes.archived else None
    try:
        async with work.session.begin_nested():
            change = update(Campaign).where(Campaign.id == campaign_id)
            await work.session.execute(change.values(**values, version=Campaign.version + 1))
    except IntegrityError as why:
        _name_taken(why, values)
    if any(name in values and values[name] != getattr(before, name) for name in _ON_CASES):
        await _carry(work, before, values.get("priority", before.priority))
    if changes.agents is not None:
        await _set_agents(work, campaign_id, changes.agents)
    if {"rule_pack_id", "time_zone"} & values.keys():
        await tell_rules(work, [campaign_id])
    if "archived_at" in values:
        await _tell_rights(work, await members(work, campaign_id) | await own_without_working_there(work, campaign_id))
    detail = changes.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    await work.audit(_name_of_change(values), f"campaign:{campaign_id}", **detail)
    return await tell_campaign(work, campaign_id)


async def find_campaign(work: Work, asked: int | str) -> Campaign:
    """A campaign in use, by id or by its exact name. Raises BadInput when there is none, Conflict when archived."""
    campaign: Campaign | None = None
    if isinstance(asked, str):
        campaign = await work.session.scalar(select(Campaign).where(Campaign.name == asked))
    if campaign is None and str(asked).isascii() and str(asked).isdecimal() and len(str(asked)) < 19:
        campaign = await work.session.get(Campaign, int(asked))
    if campaign is None:
        raise BadInput(field="campaign", sentence=N_("No existe esa campaña."))
    if campaign.archived_at is not None:
        raise Conflict(sentence=N_("La campaña «%(name)s» está archivada. Reábrala primero."), name=campaign.name)
    return campaign


async def join_campaign(work: Work, campaign_id: int, user_ids: Sequence[int]) -> list[int]:
    """Let people work in a campaign, besides those who do; the ids that are new in it (S1-19)."""
    new = sorted(set(user_ids) - await members(work, campaign_id))
    if new:
        rows = [{"campaign_id": campaign_id, "user_id": i} for i in new]
        await work.session.execute(insert(CampaignAgent), rows)
        await _tell_rights(work, new)
    return new


async def add_type(work: Work, name: str, code: str | None = None) -> TypeRow:
    """Add a kind of campaign (S1-14); without a code its name makes one. Raises AlreadyExists."""
    code = code or re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_") or "kind"
    taken = select(CampaignType.id).where((CampaignType.code == code) | (CampaignType.name == name))
    if await work.session.scalar(taken):
        raise AlreadyExists(field="name", name=name)
    try:
        async with work.session.begin_nested():
            statement = insert(CampaignType).values(code=code, name=name).returning(CampaignType.id)
            type_id = (await work.session.execute(statement)).scalar_one()
    except IntegrityError:
        raise AlreadyExists(field="name", name=name) from None
    await work.audit("campaign_type.added", f"campaign_type:{type_id}", name=name, code=code)
    return TypeRow(id=type_id, code=code, name=name)


async def remove_type(work: Work, type_id: int) -> None:
    """Remove a kind of campaign that no campaign has (S1-14). Raises NotFound, Conflict."""
    name = await work.session.scalar(select(CampaignType.name).where(CampaignType.id == type_id).with_for_update())
    if name is None:
        raise NotFound
    using = await work.session.scalar(select(func.count()).where(Campaign.type_id == type_id))
    if using:
        raise Conflict(sentence=N_("Hay %(using)s campañas del tipo «%(name)s»."), using=using, name=name)
    await work.session.execute(delete(CampaignType).where(CampaignType.id == type_id))
    await work.audit("campaign_type.removed", f"campaign_type:{type_id}", name=name)


def _check_pressure(stored: dict[str, Any]) -> None:
    """Window of 1…60 days and limits that climb, as the rule reads them. Raises ValueError."""
    if not set(stored) <= {"window_days", "media", "total"}:
        raise ValueError(N_("La presión de contacto tiene campos desconocidos."))
    try:
        rule = PressureRule.of(stored)
        limits = [*dict(rule.media).values(), rule.total]
    except (TypeError, ValueError, AttributeError):
        raise ValueError(N_("Cada medio lleva tres umbrales en números.")) from None
    if not 1 <= rule.window_days <= 60:
        raise ValueError(N_("La ventana de contactos es de 1 a 60 días."))
    if any(not 1 <= low < medium < high <= 999 for low, medium, high in limits):
        raise ValueError(N_("Cada umbral debe ser mayor que el anterior."))


def _values(changes: CampaignChanges) -> dict[str, Any]:
    """Columns that `changes` sets. What may not be empty and came as null stays as it is."""
    wanted = changes.model_dump(exclude_unset=not isinstance(changes, NewCampaign))
    wanted = {name: wanted[name] for name in _COLUMNS if name in wanted}
    if "queue" in wanted:
        wanted["queue"] = (wanted["queue"] or "").strip() or None
    return {_COLUMNS[name]: value for name, value in wanted.items() if value is not None or name in _MAY_BE_EMPTY}


async def _type(work: Work, asked: int | str) -> CampaignType:
    by = CampaignType.id == asked if isinstance(asked, int) else CampaignType.code == asked
    kind = (await work.session.scalars(select(CampaignType).where(by))).one_or_none()
    if kind is None:
        raise BadInput(field="type", sentence=N_("No existe ese tipo de campaña."))
    return kind


async def _check_pack(work: Work, pack_id: int | None) -> None:
    if pack_id is not None and not await exists(work, pack_id):
        raise BadInput(field="rule_pack", sentence=N_("No existe esa regla de contacto."))


async def _lock(work: Work, campaign_id: int) -> Campaign:
    statement = select(Campaign).where(Campaign.id == campaign_id).with_for_update()
    campaign = (await work.session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if campaign is None:
        raise NotFound
    work.session.expunge(campaign)  # what it was before; the UPDATE must not change it under us
    return campaign


def _name_taken(why: IntegrityError, values: dict[str, Any]) -> NoReturn:
    """Say which unique value was in use."""
    if "queue_name" in str(why.orig):
        raise AlreadyExists(field="queue", name=values.get("queue_name")) from None
    if "name" in str(why.orig):
        raise AlreadyExists(field="name", name=values.get("name")) from None
    raise why


def _name_of_change(values: dict[str, Any]) -> str:
    if "archived_at" not in values:
        return "campaign.changed"
    return "campaign.archived" if values["archived_at"] else "campaign.reopened"


async def _carry(work: Work, before: Campaign, priority: int) -> None:
    """One statement over all unfinished cases, one event for all who see them."""
    cases = update(Case).where(Case.campaign_id == before.id, Case.status != CaseStatus.CLOSED)
    statement = cases.values(campaign_priority=priority, version=Case.version + 1)
    if moved := await change_many(work, statement):
        reason = "campaign" if priority == before.priority else "priority"
        await tell_all_of_list(work, before.id, reason, moved)


async def members(work: Work, campaign_id: int) -> set[int]:
    """Ids of the people who work in a campaign."""
    statement = select(CampaignAgent.user_id).where(CampaignAgent.campaign_id == campaign_id)
    return set(await work.session.scalars(statement))


async def _set_agents(work: Work, campaign_id: int, wanted: Sequence[int]) -> None:
    """Make `wanted` the people who work in the campaign. Raises BadInput when one of them is not an active user."""
    active = select(User.id).where(User.id.in_(wanted), User.active)
    if missing := set(wanted) - set(await work.session.scalars(active)):
        raise BadInput(field="agents", sentence=N_("No hay usuarios activos con id %(ids)s."), ids=_listed(missing))
    await join_campaign(work, campaign_id, wanted)
    gone = await members(work, campaign_id) - set(wanted)
    if gone:
        leaving = CampaignAgent.campaign_id == campaign_id, CampaignAgent.user_id.in_(gone)
        await work.session.execute(delete(CampaignAgent).where(*leaving))
        await _free_cases_of(work, campaign_id, gone)
        await _tell_rights(work, gone)


def _listed(ids: set[int]) -> str:
    return ", ".join(str(i) for i in sorted(ids))


async def _free_cases_of(work: Work, campaign_id: int, gone: set[int]) -> None:
    """Cases of people who no longer work in the campaign become free, but for the one held open: that one is finished
    or left by who has it, and stays on his list meanwhile."""
    mine = (
        Case.campaign_id == campaign_id,
        Case.agent_id.in_(gone),
        Case.status != CaseStatus.CLOSED,
        Case.holder_id.is_(None),
    )
    numbers = select(Case.number).where(*mine)
    theirs = Appointment.case_number.in_(numbers), Appointment.done_at.is_(None), Appointment.cancelled_at.is_(None)
    everyone = update(Appointment).where(*theirs, Appointment.agent_id.in_(gone))
    await change_many(work, everyone.values(agent_id=None, version=Appointment.version + 1))
    free = (
        update(Case)
        .where(*mine)
        .values(agent_id=None, assigned_at=None, assigned_by=None, due_agent_id=None, version=Case.version + 1)
    )
    freed = await change_many(work, free)
    if freed:
        audience = [topics.campaign(campaign_id), topics.SUPERVISORS, *(topics.user(i) for i in gone)]
        tell_list(work, campaign_id, "unassigned", freed, audience)


async def _tell_rights(work: Work, user_ids: Sequence[int] | set[int]) -> None:
    """Their sockets take up their topics again."""
    work.tell(*(RightsChanged(at=work.now, user_id=i) for i in sorted(user_ids)))

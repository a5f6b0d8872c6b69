"""Campaigns: made, changed, archived, reopened; who works in them; their kinds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from atiende.models.cases.case import CaseStatus
from atiende.models.cases.viewer import viewer
from atiende.models.permissions import Role
from atiende.models.records import AuditRow
from atiende.models.refused import AlreadyExists, BadInput, Conflict, NotFound, Stale
from atiende.models.rows.campaign import CampaignRow, campaign_rows, type_rows
from atiende.models.rows.progress import progress
from atiende.queue.campaigns.campaign_types import add_type, remove_type
from atiende.queue.campaigns.form import CampaignChanges
from atiende.queue.campaigns.lifecycle import change_campaign
from atiende.queue.cases.taking import open_case
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as made:
        yield made


async def change(floor: Floor, campaign: CampaignRow, **changes: Any) -> CampaignRow:
    async with floor.work() as work:
        return await change_campaign(work, campaign.id, CampaignChanges(**changes))


async def audited(floor: Floor) -> list[str]:
    async with floor.house.look() as session:
        return list(await session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


@pytest.mark.proves("S0-01", "S1-07", "S1-19")
async def test_a_campaign_is_made_with_its_agents_and_told(floor: Floor) -> None:
    """Name, kind, mode, priority and agents; audited, told, its people take up its topic."""
    agents = await floor.people(2)
    campaign = await floor.campaign("Recuperación de mora", agents, type="collections", mode="preview", priority=2)
    assert (campaign.type.code, campaign.mode, campaign.priority, campaign.archived) == (
        "collections",
        "preview",
        2,
        False,
    )
    assert [agent.id for agent in campaign.agents] == [agent.id for agent in agents]
    assert [e["event"]["campaign"]["name"] for e in floor.told("campaign.changed")] == ["Recuperación de mora"]
    assert {e["event"]["user_id"] for e in floor.told("rights.changed")} == {agent.id for agent in agents}
    assert await audited(floor) == ["campaign.created"]


async def test_names_and_queues_are_unique(floor: Floor) -> None:
    """The second of the same name is told so, and which field it is."""
    await floor.campaign("Mora", queue="cola1")
    other = await floor.campaign("Ventas")
    for wrong, field in (({"name": "Mora"}, "name"), ({"name": "Otra", "queue": "cola1"}, "queue")):
        with pytest.raises(AlreadyExists) as why:
            await floor.campaign(**wrong)
        assert why.value.field == field
    with pytest.raises(AlreadyExists):
        await change(floor, other, name="Mora")


@pytest.mark.proves("S1-08", "S1-09", "S1-22")
async def test_archiving_and_reopening(floor: Floor) -> None:
    """An archived campaign leaves the agents' lists and comes back when reopened."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])

    async def mine() -> list[int]:
        async with floor.house.look() as session:
            return list((await viewer(session, agent.id or 0, Role.AGENT)).campaign_ids or ())

    assert await mine() == [campaign.id]
    archived = await change(floor, campaign, archived=True)
    assert archived.archived and await mine() == []
    reopened = await change(floor, campaign, archived=False)
    assert not reopened.archived and await mine() == [campaign.id]
    assert (await audited(floor))[1:] == ["campaign.archived", "campaign.reopened"]
    assert len(floor.told("rights.changed")) == 3


@pytest.mark.proves("S1-12")
async def test_a_new_priority_reaches_all_unfinished_cases_with_one_event(floor: Floor) -> None:
    """The order of the lists changes at once; closed cases stay as they were."""
    campaign = await floor.campaign(priority=5)
    customers = await floor.customers(3)
    await floor.cases(campaign, customers[:2])
    await floor.cases(campaign, customers[2:], status=CaseStatus.CLOSED)
    await change(floor, campaign, priority=1)
    cases = await floor.all_cases()
    assert [(case.campaign_priority, case.version) for case in cases] == [(1, 2), (1, 2), (5, 1)]
    (told,) = floor.told("list.changed")
    assert told["topics"] == [f"campaign:{campaign.id}", "supervisors"]
    assert (told["event"]["count"], told["event"]["reason"]) == (2, "priority")
    await change(floor, campaign, priority=1)
    assert len(floor.told("list.changed")) == 1  # the same again moves nothing


@pytest.mark.proves("X21")
async def test_new_colours_make_every_row_be_read_again(floor: Floor) -> None:
    """Thresholds stand on the rows; the same thresholds again move nothing."""
    campaign = await floor.campaign()
    await floor.cases(campaign, await floor.customers(2))
    for _ in range(2):
        await change(floor, campaign, pressure={"window_days": 3, "media": {"call": [1, 2, 3]}})
    told = [(event["event"]["reason"], event["event"]["count"]) for event in floor.told("list.changed")]
    assert told == [("campaign", 2)]


@pytest.mark.proves("S1-19")
async def test_who_leaves_a_campaign_leaves_his_cases_free(floor: Floor) -> None:
    """But the case that is open stays with its agent."""
    leaver, stayer = await floor.people(2)
    campaign = await floor.campaign(agents=[leaver, stayer])
    numbers = await floor.cases(campaign, await floor.customers(3), agent_id=leaver.id)
    async with floor.work(leaver) as work:
        await open_case(work, numbers[0])
    floor.let_out.clear()
    await change(floor, campaign, agents=[stayer.id])
    assert [case.agent_id for case in await floor.all_cases()] == [leaver.id, None, None]
    assert [e["event"]["user_id"] for e in floor.told("rights.changed")] == [leaver.id]
    (told,) = floor.told("list.changed")
    assert f"user:{leaver.id}" in told["topics"]


async def test_an_old_form_is_stale_and_shows_both(floor: Floor) -> None:
    """Two supervisors change one campaign; the second sees the first's value."""
    campaign = await floor.campaign(priority=5)
    await change(floor, campaign, priority=2, version=campaign.version)
    with pytest.raises(Stale) as why:
        await change(floor, campaign, priority=7, version=campaign.version)
    assert why.value.extra["current"]["priority"] == 2
    assert why.value.extra["yours"]["priority"] == 7


async def test_two_changes_at_once_both_happen(floor: Floor) -> None:
    """The row is locked for each; no change is lost."""
    campaign = await floor.campaign()
    await asyncio.gather(change(floor, campaign, priority=3), change(floor, campaign, wrap_up_seconds=30))
    async with floor.house.look() as session:
        (row,) = await campaign_rows(session)
    assert (row.priority, row.wrap_up_seconds, row.version) == (3, 30, campaign.version + 2)


@pytest.mark.parametrize(
    "wrong",
    [{"priority": 0}, {"priority": 10}, {"name": "  "}, {"mode": "telepathy"}, {"time_zone": "Luna/Mar"},
     {"pressure": {"total": [5, 3, 1]}}, {"pressure": {"window_days": 0}}, {"pressure": {"media": {"fax": [1, 2, 3]}}},
     {"wrap_up_seconds": -1}, {"unknown": 1}],
)  # fmt: skip
def test_values_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """By the field they are of."""
    with pytest.raises(ValidationError):
        CampaignChanges(**wrong)


async def test_unknown_agents_types_and_campaigns_are_refused(floor: Floor) -> None:
    """Nothing is half done."""
    campaign = await floor.campaign()
    with pytest.raises(BadInput):
        await change(floor, campaign, name="Otra", agents=[12345])
    with pytest.raises(BadInput):
        await change(floor, campaign, type="lottery")
    with pytest.raises(NotFound):
        async with floor.work() as work:
            await change_campaign(work, 999, CampaignChanges(priority=1))
    async with floor.house.look() as session:
        assert (await campaign_rows(session))[0].name == "Mora"


@pytest.mark.proves("S1-14")
async def test_kinds_can_be_added_and_removed_while_unused(floor: Floor) -> None:
    """Four come with the house; one in use stays."""
    async with floor.work() as work:
        kind = await add_type(work, "Retención", "retention")
    with pytest.raises(AlreadyExists):
        async with floor.work() as work:
            await add_type(work, "Retención", "retention2")
    await floor.campaign(type="retention")
    with pytest.raises(Conflict):
        async with floor.work() as work:
            await remove_type(work, kind.id)
    async with floor.house.look() as session:
        kinds = {row.code: row.id for row in await type_rows(session)}
    assert set(kinds) == {"support", "survey", "collections", "promotion", "retention"}
    async with floor.work() as work:
        await remove_type(work, kinds["survey"])
        assert "survey" not in {row.code for row in await type_rows(work.session)}


@pytest.mark.proves("S1-23")
async def test_progress_tells_open_free_suspended_and_closed(floor: Floor) -> None:
    """Consultas finalizadas y en proceso of each campaign."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    customers = await floor.customers(6)
    await floor.cases(campaign, customers[:2], agent_id=agent.id)
    await floor.cases(campaign, customers[2:3])
    await floor.cases(campaign, customers[3:4], status=CaseStatus.SUSPENDED)
    await floor.cases(campaign, customers[4:], status=CaseStatus.CLOSED)
    async with floor.house.work() as work:
        far = (await progress(work.session, work.now - timedelta(days=1)))[campaign.id]
    assert (far.open, far.free, far.suspended, far.closed, far.worked_today) == (3, 1, 1, 2, 0)

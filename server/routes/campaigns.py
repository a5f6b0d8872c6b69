"""`/api/v1/campaigns`: supervisors change them, agents see their own (S1-07…09, S1-12, S1-14, S1-15, S1-19, S1-22)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator
from starlette.responses import Response

from ...models.campaigns.results import ResultDraft, grow
from ...models.cases.viewer import viewer
from ...models.clock import midnight
from ...models.permissions import Permission
from ...models.refused import N_, AlreadyExists, BadInput, Conflict, FileRefused, NotFound, Stale
from ...models.rows.campaign import (
    CampaignRow,
    TypeRow,
    campaign_row,
    campaign_rows,
    type_rows,
)
from ...models.rows.progress import NO_CASES, Progress, progress
from ...models.rows.result import result_nodes
from ...models.rows.values import Row
from ...queue.campaigns.campaign_types import add_type, remove_type
from ...queue.campaigns.form import CampaignChanges, NewCampaign
from ...queue.campaigns.lifecycle import change_campaign, create_campaign
from ...queue.campaigns.result_file import FORMAT, read_results
from ...queue.campaigns.result_tree import add_results, put_results
from ..doors.input import Input
from ..doors.route import Door, Route

API = "/api/v1"
FILE_LIMIT = 2 << 20


class CampaignSeen(CampaignRow):
    """A campaign and how far it is (S1-23)."""

    progress: Progress


class CampaignList(Row):
    """Campaigns: those in use first, by priority."""

    items: list[CampaignSeen]
    next: None = None


class TypeList(Row):
    """Types of campaign."""

    items: list[TypeRow]
    next: None = None


class Results(Row):
    """The result tree in use; `version` is raised by every change of it."""

    campaign: int
    version: int
    results: list[ResultDraft]


class ResultsWanted(Input):
    """The whole tree as it shall be. A bare list of results is accepted too."""

    results: list[ResultDraft]
    version: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        return {"results": value} if isinstance(value, list) else value


class NewType(Input):
    """A type of campaign to add."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    code: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,30}$")] | None = None


class Which(Input):
    """`archived=true` shows only archived campaigns, `false` only those in use."""

    archived: bool | None = None


async def list_campaigns(door: Door) -> CampaignList:
    """Campaigns with their progress; an agent sees those they work in."""
    who = await viewer(door.session, door.me.id, door.me.role)
    rows = await campaign_rows(door.session, who.campaign_ids)
    if door.query.archived is not None:
        rows = [row for row in rows if row.archived is door.query.archived]
    far = await progress(door.session, midnight(await door.now(), door.house.time_zone))
    items = [CampaignSeen(**row.model_dump(), progress=far.get(row.id, NO_CASES)) for row in rows]
    return CampaignList(items=items)


async def create(door: Door) -> CampaignRow:
    """Create a campaign; it gets the ready-made results of its type."""
    return await create_campaign(door.work, door.body)


async def change(door: Door) -> CampaignRow:
    """Change name, priority, mode, agents, thresholds…; archive and reopen with `archived`."""
    return await change_campaign(door.work, door.path["id"], door.body)


async def see_results(door: Door) -> Results:
    """The result tree that agents of the campaign choose from."""
    seen = (await viewer(door.session, door.me.id, door.me.role)).campaign_ids
    if seen is not None and door.path["id"] not in seen:
        raise NotFound
    return await results_of(door, door.path["id"])


async def change_results(door: Door) -> Results:
    """Put the whole tree: results with an id are kept and changed, new ones added, missing ones retired."""
    await put_results(door.work, door.path["id"], door.body.results, door.body.version)
    return await results_of(door, door.path["id"])


async def upload_results(door: Door) -> Results:
    """Add many results from a CSV (multipart: file); what is not in it stays."""
    file = (await door.request.form()).get("file")
    if file is None or isinstance(file, str):
        raise BadInput(field="file", sentence=N_("Elija un archivo CSV."))
    await add_results(door.work, door.path["id"], read_results(await file.read()))
    return await results_of(door, door.path["id"])


async def results_format(door: Door) -> Response:
    """The CSV of results to fill in, with some example rows."""
    headers = {"Content-Disposition": 'attachment; filename="tipificaciones.csv"'}
    return Response(FORMAT, media_type="text/csv; charset=utf-8", headers=headers)


async def list_types(door: Door) -> TypeList:
    """Types of campaign."""
    return TypeList(items=await type_rows(door.session))


async def create_type(door: Door) -> TypeRow:
    """Add a type of campaign."""
    return await add_type(door.work, door.body.name, door.body.code)


async def delete_type(door: Door) -> None:
    """Remove a type of campaign that no campaign has."""
    await remove_type(door.work, door.path["id"])


async def results_of(door: Door, campaign_id: int) -> Results:
    """The tree in use. Raises NotFound."""
    row = await campaign_row(door.session, campaign_id)
    tree = grow(await result_nodes(door.session, campaign_id))
    return Results(campaign=row.id, version=row.results_version, results=tree)


_MAY = Permission.MANAGE_CAMPAIGNS
_SEE = Permission.SEE_CAMPAIGNS
_ONE = f"{API}/campaigns/{{id:int}}"
_WRONG = (AlreadyExists, BadInput)
ROUTES = [
    Route("GET", f"{API}/campaigns", list_campaigns, _SEE, query=Which, answer=CampaignList),
    Route("POST", f"{API}/campaigns", create, _MAY, body=NewCampaign, answer=CampaignRow, status=201, refusals=_WRONG),
    Route("PATCH", _ONE, change, _MAY, body=CampaignChanges, answer=CampaignRow, refusals=(NotFound, Stale, *_WRONG)),
    Route("GET", f"{_ONE}/results", see_results, _SEE, answer=Results, refusals=(NotFound,)),
    Route(
        "PUT",
        f"{_ONE}/results",
        change_results,
        _MAY,
        body=ResultsWanted,
        answer=Results,
        refusals=(NotFound, Stale, BadInput),
    ),
    Route(
        "POST",
        f"{_ONE}/results/csv",
        upload_results,
        _MAY,
        answer=Results,
        refusals=(NotFound, FileRefused, BadInput),
        upload=True,
        limit=FILE_LIMIT,
    ),
    Route("GET", f"{API}/results/format.csv", results_format, _MAY, media=("text/csv",)),
    Route("GET", f"{API}/campaign-types", list_types, _SEE, answer=TypeList),
    Route(
        "POST",
        f"{API}/campaign-types",
        create_type,
        _MAY,
        body=NewType,
        answer=TypeRow,
        status=201,
        refusals=(AlreadyExists,),
    ),
    Route(
        "DELETE",
        f"{API}/campaign-types/{{id:int}}",
        delete_type,
        _MAY,
        status=204,
        refusals=(NotFound, Conflict),
    ),
]

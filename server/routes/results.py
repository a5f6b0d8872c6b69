"""`/api/v1/campaigns/{id}/results`: the result tree of a campaign (S1-15, S4-19…31)."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator
from starlette.responses import Response

from ...models.campaigns.results import ResultDraft, grow
from ...models.cases.viewer import viewer
from ...models.permissions import Permission
from ...models.refused import N_, BadInput, FileRefused, NotFound, Stale
from ...models.rows.campaign import campaign_row
from ...models.rows.result import result_nodes
from ...models.rows.values import Row
from ...queue.campaigns.result_file import FORMAT, read_results
from ...queue.campaigns.result_tree import add_results, put_results
from ..doors.input import Input
from ..doors.route import Door, Route

API = "/api/v1"
FILE_LIMIT = 2 << 20  # bytes


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


async def results_of(door: Door, campaign_id: int) -> Results:
    """The tree in use. Raises NotFound."""
    row = await campaign_row(door.session, campaign_id)
    tree = grow(await result_nodes(door.session, campaign_id))
    return Results(campaign=row.id, version=row.results_version, results=tree)


_MAY = Permission.MANAGE_CAMPAIGNS
_TREE = f"{API}/campaigns/{{id:int}}/results"
ROUTES = [
    Route("GET", _TREE, see_results, Permission.SEE_CAMPAIGNS, answer=Results, refusals=(NotFound,)),
    Route(
        "PUT",
        _TREE,
        change_results,
        _MAY,
        body=ResultsWanted,
        answer=Results,
        refusals=(NotFound, Stale, BadInput),
    ),
    Route(
        "POST",
        f"{_TREE}/csv",
        upload_results,
        _MAY,
        answer=Results,
        refusals=(NotFound, FileRefused, BadInput),
        upload=True,
        limit=FILE_LIMIT,
    ),
    Route("GET", f"{API}/results/format.csv", results_format, _MAY, media=("text/csv",)),
]

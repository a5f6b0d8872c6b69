"""`/api/v1/bases`: customers come in from a file (S4-02, S4-12, S4-15). What becomes of it is at `/jobs/{id}`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import quote

import orjson
from sqlalchemy import func, select
from starlette.datastructures import FormData
from starlette.responses import Response, StreamingResponse

from ...models.campaigns.campaign import Campaign
from ...models.customers.customer import BaseMember, CustomerBase
from ...models.customers.fields import NAMES
from ...models.customers.names import fold
from ...models.permissions import Permission
from ...models.refused import N_, AlreadyExists, BadInput, Conflict, FileRefused, NotFound, TooLarge
from ...models.rows.upload import UploadRow, upload_row
from ...models.rows.values import Row
from ...queue.bases.examples.sample_file import sample_file
from ...queue.bases.export.base_file import base_of, csv_lines, workbook_parts
from ...queue.bases.uploads.lifecycle import start_check, start_run
from ...queue.bases.uploads.options import UploadOptions
from ...queue.bases.uploads.removal import AgreedCounts, Consequences, delete_consequences, start_delete
from ...queue.bases.uploads.taking import Then, take_upload
from ..doors.input import Input
from ..doors.received_files import kept_upload
from ..doors.route import UPLOAD_LIMIT, Door, Route
from ..listening.budgets import Spend
from .uploads import Agreed

API = "/api/v1"
_YES = frozenset({"1", "true", "yes", "on", "si", "sí"})


class JobStarted(Row):
    """`job` is what `GET /jobs/{id}` takes."""

    job: str


class BaseRow(Row):
    """A base, the words of its key and how many customers are in it."""

    id: int
    name: str
    key: list[str]
    customers: int


class ExportQuery(Input):
    """The kind of file."""

    format: Literal["csv", "xlsx"] = "csv"


class BaseList(Row):
    """All bases, by name."""

    items: list[BaseRow]
    next: None = None


async def list_bases(door: Door) -> BaseList:
    """The bases there are."""
    members = select(BaseMember.base_id, func.count().label("n")).group_by(BaseMember.base_id).subquery()
    found = select(CustomerBase, func.coalesce(members.c.n, 0)).outerjoin(members, members.c.base_id == CustomerBase.id)
    found = found.where(CustomerBase.deleted_at.is_(None)).order_by(CustomerBase.name)
    rows = await door.session.execute(found)
    return BaseList(items=[BaseRow(id=base.id, name=base.name, key=base.key, customers=n) for base, n in rows])


async def upload_base(door: Door) -> JobStarted:
    """Bring a base in at once (multipart: file, name, campaign, key, mapping, mode, kept, dry_run, …)."""
    form = await door.request.form()
    asked = await _asked(door, form)
    if not asked.name:
        raise BadInput(field="name", sentence=N_("Escriba el nombre de la base."))
    only_try = str(form.get("dry_run", "")).strip().lower() in _YES
    # One call asks for everything; a program that tried the file before may say how far it may go.
    agreed = _count(str(form["changes"]).strip()) if form.get("changes") else None
    async with kept_upload(door) as received:
        upload = await take_upload(door.work, received, asked, Then("check" if only_try else "run", agreed))
        if not received.workbook:
            await (start_check(door.work, upload.id) if only_try else start_run(door.work, upload.id, agreed))
    return JobStarted(job=upload.id)


async def upload_file(door: Door) -> UploadRow:
    """Keep a file and say how it is written; nothing is stored until its job is run.

    A workbook is opened by the worker: its job is `reading` until then.
    """
    asked = await _asked(door, await door.request.form())
    # A person ticks what is updated; a name that is written otherwise is not changed unasked.
    asked = replace(asked, kept=list(NAMES) if asked.kept is None else asked.kept)
    async with kept_upload(door) as received:
        upload = await take_upload(door.work, received, asked)
        return await upload_row(door.session, upload.id)


async def export(door: Door) -> Response:
    """A base as a CSV file, or as a workbook with `format=xlsx`: what it holds now, in the columns of an upload."""
    base = await base_of(door.session, door.path["id"])
    members = select(func.count()).where(BaseMember.base_id == base.id)
    rows, asked = (await door.session.execute(members)).scalar_one(), door.query.format
    await door.note("base.exported", f"base:{base.id}", customers=rows, format=asked)
    kind, parts = ("xlsx", workbook_parts) if door.query.format == "xlsx" else ("csv", csv_lines)

    async def pieces() -> AsyncIterator[bytes]:
        # The door's own session ends with the handler, before the file is sent.
        async with door.house.look() as session:
            async for part in parts(session, base.id):
                yield part

    return StreamingResponse(pieces(), media_type=_MEDIA[kind], headers=_attached(base.name, kind))


def _attached(name: str, kind: str) -> dict[str, str]:
    plain = fold(name).replace(" ", "-") or "base"
    quoted = quote(f"{name}.{kind}", safe="")
    disposition = f"attachment; filename=\"{plain}.{kind}\"; filename*=UTF-8''{quoted}"
    return {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}


async def see_removal(door: Door) -> Consequences:
    """What deleting a base would do: how many customers go, and how many stay without it (S4-17)."""
    return await delete_consequences(door.session, door.path["id"])


async def delete_base(door: Door) -> JobStarted:
    """Delete a base; the counts of the body, when given, must still be true. The job takes the customers back."""
    upload = await start_delete(door.work, door.path["id"], AgreedCounts(door.body.removes, door.body.unlinks))
    return JobStarted(job=upload.id)


async def sample(door: Door) -> Response:
    """A CSV file of example with every column."""
    headers = {"Content-Disposition": 'attachment; filename="base-de-ejemplo.csv"'}
    return Response(sample_file(), media_type="text/csv; charset=utf-8", headers=headers)


async def _asked(door: Door, form: FormData) -> UploadOptions:
    given = {name: value.strip() for name, value in form.items() if isinstance(value, str) and value.strip("\r\n ")}
    if any("\0" in value for value in given.values()):
        raise BadInput
    asked = UploadOptions(
        name=given.get("name"),
        campaign_id=await campaign_of(door, given["campaign"]) if "campaign" in given else None,
        encoding=given.get("encoding"),
        separator=given.get("separator") or ("\t" if "\t" in str(form.get("separator", "")) else None),
        dates=given.get("dates"),
        area_code=given.get("area_code"),
        mode=given.get("mode"),
        sheet=given.get("sheet"),
        other_key=given["other_key"].lower() in _YES if "other_key" in given else None,
        kept=_list(given["kept"], "kept") if "kept" in given else None,
        refuse=_list(given["refuse"], "refuse") if "refuse" in given else None,
        header_row=_count(given["header_row"], "header_row") if "header_row" in given else None,
    )
    if "header" in given:
        asked = replace(asked, header=given["header"].lower() in _YES)
    if "key" in given:
        asked = replace(asked, key=_list(given["key"]))
    return replace(asked, mapping=_mapping(given["mapping"])) if "mapping" in given else asked


async def campaign_of(door: Door, text: str) -> int:
    """A campaign by its number or name. Raises BadInput."""
    wanted = select(Campaign.id).where(Campaign.name == text)
    if text.isascii() and text.isdigit() and len(text) < 19:
        wanted = select(Campaign.id).where((Campaign.id == int(text)) | (Campaign.name == text)).order_by(Campaign.id)
    found = (await door.session.execute(wanted.limit(1))).scalar()
    if found is None:
        raise BadInput(field="campaign", sentence=N_("No hay una campaña «%(name)s»."), name=text[:80])
    return found


def _count(text: str, field: str = "changes") -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadInput(field=field)
    return int(text)


def _list(text: str, field: str = "key") -> list[str]:
    """ "documento, cuenta" or a JSON list."""
    value = _json(text, field) if text.startswith("[") else text.split(",")
    if not isinstance(value, list):
        raise BadInput(field=field)
    return [str(name).strip() for name in value]


def _mapping(text: str) -> dict[str, str]:
    value = _json(text, "mapping")
    if not isinstance(value, dict) or not all(isinstance(field, str) for field in value.values()):
        raise BadInput(field="mapping", sentence=N_('Escriba el mapa de columnas como {"columna": "dato"}.'))
    return value


def _json(text: str, field: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadInput(field=field, sentence=N_("No es JSON válido.")) from None


_MAY = Permission.UPLOAD_BASES
_ONE = f"{API}/bases/{{id:int}}"
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_REFUSED = (FileRefused, BadInput, Conflict, TooLarge, AlreadyExists)
_FORM = {
    "name": "name of the base",
    "campaign": "name or number of the campaign that gets the cases; without it only customers are stored",
    "key": "fields that say who a customer is, separated by commas or as a JSON list",
    "mapping": "JSON object from column to field",
    "encoding": "such as utf-8 or windows-1252; found out when absent, and asked for when letters make no words",
    "separator": "; , | or a tab; found out when absent",
    "sheet": "name of the sheet of a workbook; absent, the likeliest",
    "header": "no when the first row is data",
    "header_row": "number of the row with the header, or with header no of the first data; found out when absent",
    "dates": "dmy, mdy, ymd or column (that of each column); found out when absent",
    "area_code": "area code of landlines that come without one",
    "mode": "both, create or update",
    "other_key": "yes lets a base's key become this one",
    "kept": "fields that change nothing in customers who exist, as `key`",
    "refuse": "reasons of cells that refuse their rows instead of being left out with a warning, as `key`",
    "changes": "rows that may change customers who exist, as `to_agree` of a dry run; absent, all there are",
    "dry_run": "yes only counts what would happen",
}
_UPLOAD: dict[str, Any] = {"upload": True, "limit": UPLOAD_LIMIT, "refusals": _REFUSED, "form": _FORM}
ROUTES = [
    Route("GET", f"{API}/bases", list_bases, _MAY, answer=BaseList),
    Route("POST", f"{API}/bases", upload_base, _MAY, answer=JobStarted, status=202, **_UPLOAD),
    Route("GET", f"{API}/bases/sample.csv", sample, _MAY, media=("text/csv",)),
    Route(
        "GET",
        f"{_ONE}/export",
        export,
        _MAY,
        query=ExportQuery,
        refusals=(NotFound,),
        media=(*_MEDIA.values(),),
        spends=Spend.EXPORT,
    ),
    Route("GET", f"{_ONE}/removal", see_removal, _MAY, answer=Consequences, refusals=(NotFound,)),
    Route("DELETE", _ONE, delete_base, _MAY, body=Agreed, answer=JobStarted, status=202, refusals=(NotFound, Conflict)),
    Route("POST", f"{API}/bases/uploads", upload_file, _MAY, answer=UploadRow, status=201, **_UPLOAD),
]

"""The pages of uploads: `/bases`, `/bases/subir` and `/bases/cargas/{job}`."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ...models.customers.fields import FIELD_OF_KEY, FIELDS, Kind
from ...models.permissions import Permission
from ...models.rows.upload import UNDO_DAYS
from ...queue.bases.file.dialect import DATE_ORDERS, ENCODINGS, SEPARATORS
from ...queue.bases.file.reasons import TITLES
from ...queue.bases.rows.area_codes import area_codes
from ...web.pages.bases import gather_upload, gather_uploads
from ..doors.render import html
from ..doors.route import Door, Route
from ..web_process import tongue_of


async def uploads_page(door: Door) -> Response:
    """A new file, and the uploads there were."""
    return _page(door, {**await gather_uploads(door.session), "job": None})


async def upload_page(door: Door) -> Response:
    """One upload: its columns, its trial, its progress."""
    return _page(door, await gather_upload(door.session, door.path["job"]))


def _page(door: Door, values: dict[str, Any]) -> Response:
    say = tongue_of(door.request, door.me.locale).say
    choices = {
        "encodings": ENCODINGS,
        "separators": {"tab" if sign == "\t" else sign: say(word) for sign, word in SEPARATORS.items()},
        "dates": {order: say(word) for order, word in DATE_ORDERS.items()},
        "fields": {field.name: say(field.label) for field in FIELDS},
        "key_fields": FIELD_OF_KEY,
        "amounts": [field.name for field in FIELDS if field.kind is Kind.AMOUNT],
        "area_codes": area_codes(door.house.region),
        "undo_days": UNDO_DAYS,
        "reasons": {reason.value: say(title) for reason, title in TITLES.items()},
    }
    return html(door, "bases/bases.html", section="upload", choices=choices, **values)


_MAY = Permission.UPLOAD_BASES
ROUTES = [
    Route("GET", "/bases", uploads_page, _MAY, page=True),
    Route("GET", "/bases/subir", uploads_page, _MAY, page=True),
    Route("GET", "/bases/cargas/{job}", upload_page, _MAY, page=True),
]

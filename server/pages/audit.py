"""`/auditoria`: who did what, for administrators."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from ...models.audit.entries import audit_page
from ...models.permissions import Permission
from ...web.pages.audit import gather_audit
from ..doors.audit_query import AuditQuery
from ..doors.render import html
from ..doors.route import Door, Route
from ..web_process import tongue_of


async def audit_reader(door: Door) -> Response:
    """What was changed, taken out, refused, and who came in: by person, thing, kind, day and word."""
    asked: AuditQuery = door.query
    zone, say = door.house.time_zone, tongue_of(door.request, door.me.locale).say
    which = asked.filter(zone)
    page = await audit_page(door.session, which, asked.next, asked.limit)
    values = await gather_audit(door.session, page, which, zone, say)
    given = asked.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"next"})
    query = urlencode({name: value for name, value in given.items() if name != "limit"})
    return html(door, "audit/audit.html", section="configuration", asked=given, query=query, begun=asked.next, **values)


ROUTES = [Route("GET", "/auditoria", audit_reader, Permission.SEE_AUDIT, query=AuditQuery, page=True)]

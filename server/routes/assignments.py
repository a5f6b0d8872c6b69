"""`/api/v1/assignments`: search customers, see what would happen, share them out or take them back (S4-40…52)."""

from __future__ import annotations

from ...models.permissions import Permission
from ...models.refused import BadInput, Conflict, FewerCustomers
from ...queue.campaigns import assignment
from ...queue.campaigns.assignment import Assigned, AssignmentPreview, Sharing, Unassigned
from ...queue.customers.search import Search
from ..doors.route import Door, Route

API = "/api/v1"


async def preview(door: Door) -> AssignmentPreview:
    """What the search finds and how many each agent would get; nothing is changed."""
    return await assignment.preview(door.work, door.body)


async def assign(door: Door) -> Assigned:
    """Share all that the search finds among the agents, by equal parts and at random."""
    return await assignment.assign(door.work, door.body)


async def unassign(door: Door) -> Unassigned:
    """Take what the search finds from its agents."""
    return await assignment.unassign(door.work, door.body)


_MAY = Permission.ASSIGN_CASES
_REFUSED = (BadInput, Conflict)
ROUTES = [
    Route(
        "POST", f"{API}/assignments/preview", preview, _MAY, body=Search, answer=AssignmentPreview, refusals=_REFUSED
    ),
    Route(
        "POST",
        f"{API}/assignments",
        assign,
        _MAY,
        body=Sharing,
        answer=Assigned,
        refusals=(FewerCustomers, *_REFUSED),
    ),
    Route("DELETE", f"{API}/assignments", unassign, _MAY, body=Search, answer=Unassigned, refusals=_REFUSED),
]

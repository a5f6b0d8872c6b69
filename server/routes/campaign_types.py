"""`/api/v1/campaign-types`: the types of campaign (S1-14)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ...models.permissions import Permission
from ...models.refused import AlreadyExists, Conflict, NotFound
from ...models.rows.campaign import TypeRow, type_rows
from ...models.rows.values import Row
from ...queue.campaigns.campaign_types import add_type, remove_type
from ..doors.input import Input
from ..doors.route import Door, Route

API = "/api/v1/campaign-types"


class TypeList(Row):
    """Types of campaign."""

    items: list[TypeRow]
    next: None = None


class NewType(Input):
    """A type of campaign to add."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    code: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,30}$")] | None = None


async def list_types(door: Door) -> TypeList:
    """Types of campaign."""
    return TypeList(items=await type_rows(door.session))


async def create_type(door: Door) -> TypeRow:
    """Add a type of campaign."""
    return await add_type(door.work, door.body.name, door.body.code)


async def delete_type(door: Door) -> None:
    """Remove a type of campaign that no campaign has."""
    await remove_type(door.work, door.path["id"])


_MAY = Permission.MANAGE_CAMPAIGNS
ROUTES = [
    Route("GET", API, list_types, Permission.SEE_CAMPAIGNS, answer=TypeList),
    Route("POST", API, create_type, _MAY, body=NewType, answer=TypeRow, status=201, refusals=(AlreadyExists,)),
    Route("DELETE", f"{API}/{{id:int}}", delete_type, _MAY, status=204, refusals=(NotFound, Conflict)),
]

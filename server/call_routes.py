"""`/api/v1/calls`: the calls that ring or are going on here, and who is on the line."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import func, select

from ..models.permissions import Permission
from ..models.refused import AlreadyExists, BadInput, CallOver, NotFound
from ..queue.calls import say_who
from ..queue.customers import create_customer
from ..realtime.call_rows import call_row, calls_of_agent
from ..realtime.rows import CallRow, CaseRow
from .customer_routes import NewCustomer
from .route import Door, Route

API = "/api/v1/calls"


class Caller(NewCustomer):
    """Who calls: a customer of the base, or the data of a new one."""

    customer_id: Annotated[int, Field(ge=1)] | None = None


class CallerAnswer(BaseModel):
    """The call as it is now, and the case that opened (none while it still rings)."""

    call: CallRow
    case: CaseRow | None


async def get_calls(door: Door) -> list[CallRow]:
    """The calls that ring my phone or that I am in."""
    now = (await door.session.execute(select(func.clock_timestamp()))).scalar_one()
    return await calls_of_agent(door.session, door.me.id, now)


async def say_caller(door: Door) -> CallerAnswer:
    """Say which customer is on the line, or make him (S4-78, S4-80); when answered, his case opens."""
    form: Caller = door.body
    customer_id = form.customer_id
    if customer_id is None:
        values = form.model_dump(exclude={"phones", "version", "customer_id"})
        customer_id = (await create_customer(door.work, values, form.phones)).id
    case = await say_who(door.work, door.path["id"], customer_id)
    return CallerAnswer(call=await call_row(door.session, door.path["id"], door.work.now), case=case)


ROUTES = [
    Route("GET", API, get_calls, Permission.TAKE_CALLS, answer=list[CallRow]),
    Route(
        "POST",
        API + "/{id}/customer",
        say_caller,
        Permission.TAKE_CALLS,
        Caller,
        answer=CallerAnswer,
        refusals=(NotFound, CallOver, BadInput, AlreadyExists),
    ),
]

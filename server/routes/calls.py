"""`/api/v1/calls`: the calls that ring or are going on here, click to call, and who is on the line."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from ...models.permissions import Permission
from ...models.refused import (
    AlreadyExists,
    AlreadyInCall,
    BadInput,
    BusyWithCase,
    CallOver,
    CampaignRequired,
    CaseClosed,
    CaseTaken,
    ContactRefused,
    NotAllowed,
    NotFound,
    PhoneNotReady,
    StateRefused,
    Unavailable,
)
from ...models.rows.call import call_row, calls_of_agent
from ...models.rows.values import CallRow, CaseRow
from ...queue.calls.click_to_call import ask_call
from ...queue.calls.dialling import hang_up
from ...queue.calls.identifying import say_who
from ...queue.customers.correcting import create_customer
from ..doors.input import Input
from ..doors.route import Door, Route
from .customers import NewCustomer

API = "/api/v1/calls"


class Caller(NewCustomer):
    """Who calls: a customer of the base, or the data of a new one."""

    customer_id: Annotated[int, Field(ge=1)] | None = None


class WantedCall(Input):
    """A call to one of the phones of a case's customer; `campaign` is the outgoing campaign that makes it (S4-92)."""

    case: Annotated[int, Field(ge=1)]
    contact_point_id: Annotated[int, Field(ge=1)]
    campaign: Annotated[int, Field(ge=1)] | None = None


class AskedCall(BaseModel):
    """The call as it is now; what becomes of it is pushed (`call.ringing`, `call.answered`, `call.failed`…)."""

    call: CallRow


class CallerAnswer(BaseModel):
    """The call as it is now, and the case that opened (none while it still rings)."""

    call: CallRow
    case: CaseRow | None


async def get_calls(door: Door) -> list[CallRow]:
    """The calls that ring my phone or that I am in."""
    return await calls_of_agent(door.session, door.me.id, await door.now())


async def say_caller(door: Door) -> CallerAnswer:
    """Say which customer is on the line, or create a new one (S4-78, S4-80); when answered, their case opens."""
    form: Caller = door.body
    customer_id = form.customer_id
    if customer_id is None:
        values = form.model_dump(exclude={"phones", "version", "customer_id"})
        customer_id = (await create_customer(door.work, values, form.phones)).id
    case = await say_who(door.work, door.path["id"], customer_id)
    return CallerAnswer(call=await call_row(door.session, door.path["id"], door.work.now), case=case)


async def ask_for_call(door: Door) -> AskedCall:
    """Call a customer: the agent's own phone rings, then the customer's (S3-64, S4-91). The contact counts by itself
    when the customer's phone rings."""
    form: WantedCall = door.body
    call = await ask_call(door.work, form.case, form.contact_point_id, form.campaign)
    return AskedCall(call=await call_row(door.session, call.id, door.work.now))


async def end_call(door: Door) -> AskedCall:
    """Hang up; that it is over is pushed."""
    call = await hang_up(door.work, door.path["id"])
    return AskedCall(call=await call_row(door.session, call.id, door.work.now))


ROUTES = [
    Route("GET", API, get_calls, Permission.TAKE_CALLS, answer=list[CallRow]),
    Route(
        "POST",
        API,
        ask_for_call,
        Permission.TAKE_CALLS,
        WantedCall,
        answer=AskedCall,
        status=202,
        refusals=(
            NotFound,
            NotAllowed,
            BadInput,
            CampaignRequired,
            BusyWithCase,
            CaseTaken,
            CaseClosed,
            StateRefused,
            ContactRefused,
            AlreadyInCall,
            PhoneNotReady,
            Unavailable,
        ),
    ),
    Route(
        "POST",
        API + "/{id}/hangup",
        end_call,
        Permission.TAKE_CALLS,
        answer=AskedCall,
        status=202,
        refusals=(NotFound, CallOver),
    ),
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

"""`/api/v1/cases`: what is due for any agent, whether a next contact may be promised, a contact that is taken back."""

from __future__ import annotations

from pydantic import BaseModel

from ....models.permissions import Permission
from ....models.refused import Conflict, ContactRefused, NotFound
from ....models.rows.case_list import anybodys_due
from ....models.rows.values import CaseRow
from ....queue.contact.booking import refuse_booking
from ....queue.contact.taking_back import take_back
from ...doors.input import Input, Moment
from ...doors.route import Door, Route
from .cases import API, case_of

_WORK = Permission.WORK_CASES


class DueCases(BaseModel):
    """Due cases that are nobody's and that the person at the door may take, the oldest first."""

    items: list[CaseRow]


async def get_anybodys_due(door: Door) -> DueCases:
    """Appointments of any agent whose hour has come: whoever may take one is shown it first (X2, X10)."""
    return DueCases(items=await anybodys_due(door.session, door.me.id, await door.now()))


class Booking(Input):
    """The moment of a next contact that somebody thinks of."""

    at: Moment


class BookingAnswer(BaseModel):
    """Nothing forbids it; `holiday` is the name of the public holiday that the day is, empty when it is none."""

    holiday: str


async def get_booking(door: Door) -> BookingAnswer:
    """Whether a next contact may be promised for a moment: refused as saving it would be."""
    wanted: Booking = door.query
    case = await case_of(door)
    return BookingAnswer(holiday=await refuse_booking(door.session, case, wanted.at, await door.now()))


async def delete_attempt(door: Door) -> CaseRow:
    """Take back a contact that I registered by hand a moment ago."""
    return await take_back(door.work, door.path["number"], door.path["id"])


ROUTES = [
    Route("GET", API + "/due", get_anybodys_due, _WORK, answer=DueCases),
    Route(
        "GET",
        API + "/{number:int}/booking",
        get_booking,
        _WORK,
        query=Booking,
        answer=BookingAnswer,
        refusals=(NotFound, ContactRefused),
    ),
    Route(
        "DELETE",
        API + "/{number:int}/attempts/{id:int}",
        delete_attempt,
        _WORK,
        answer=CaseRow,
        refusals=(NotFound, Conflict),
    ),
]

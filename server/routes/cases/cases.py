"""`/api/v1/cases`: lists, one case, and what is done to it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ....models.campaigns.campaign import Campaign
from ....models.cases.case import Case
from ....models.cases.priorities import PriorityWord
from ....models.cases.sections import Section
from ....models.cases.viewer import Viewer, seen_case, viewer
from ....models.contact.channels import Channel
from ....models.customers.customer import Customer
from ....models.permissions import Permission
from ....models.refused import (
    N_,
    AlreadyExists,
    BadInput,
    BusyWithCase,
    CaseClosed,
    CaseTaken,
    ContactRefused,
    DateInThePast,
    NotAllowed,
    NotFound,
    NotHolder,
    ResultRequired,
    ResultUnknown,
    Stale,
)
from ....models.rows.case import case_row
from ....models.rows.case_list import CasePage, list_cases
from ....models.rows.case_sheet import CaseSheet, case_sheet
from ....models.rows.values import CaseRow
from ....queue.cases import changing, closing, taking
from ....queue.cases.creating import create_case
from ....queue.cases.dispositions import Filled, save_disposition
from ....queue.cases.owning import contact_by_hand
from ...doors.input import Input, Moment
from ...doors.route import Door, Route
from ...listening.budgets import Spend

API = "/api/v1/cases"


class CaseQuery(Input):
    """Which list, which page of it."""

    section: Section = Section.ASSIGNED
    campaign: int | None = None
    q: Annotated[str, Field(max_length=200)] = ""
    result: int | None = None
    next: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Attempt(Input):
    """One contact that was made."""

    channel: Channel
    contact_point_id: int | None = None
    outcome: Annotated[str, Field(max_length=80)] = ""


class DispositionForm(Input):
    """The right-hand form. `result` is the chosen path of ids, level 1 first."""

    result: Annotated[list[int], Field(max_length=3)] = []
    observations: Annotated[str, Field(max_length=20_000)] = ""
    finish: bool = False
    next_contact_at: Moment | None = None
    mine: bool = False
    phone: Annotated[str, Field(max_length=40)] | None = None
    go_on: bool = True


class DispositionAnswer(BaseModel):
    """The case as the gestión left it, and the one that is open now; `why_none` says why there is none."""

    case: CaseRow
    next_case: CaseRow | None
    why_none: Literal["nothing-left", "pause", "in-call", "not-asked"] | None


async def viewer_of(door: Door) -> Viewer:
    """What the person at the door may see."""
    return await viewer(door.session, door.me.id, door.me.role)


async def case_of(door: Door) -> Case:
    """The case of the path, for one who may look at it. Raises NotFound."""
    return await seen_case(door.session, (await viewer_of(door)).campaign_ids, door.path["number"], door.me.id)


async def get_cases(door: Door) -> CasePage:
    """One page of a section, in the order of the desk (X2)."""
    q: CaseQuery = door.query
    return await list_cases(
        door.session,
        await viewer_of(door),
        q.section,
        await door.now(),
        campaign=q.campaign,
        q=q.q,
        result=q.result,
        cursor=q.next,
        limit=q.limit,
    )


class CaseAnswer(CaseRow):
    """A case's row, with everything its screen shows in `sheet`."""

    sheet: CaseSheet


async def get_case(door: Door) -> CaseAnswer:
    """One case, whole. Looking never claims."""
    case = await case_of(door)
    sheet = await case_sheet(door.session, case.number, await door.now())
    return CaseAnswer(**dict(sheet.row), sheet=sheet)


class NewCase(Input):
    """A case by hand: whose, in which campaign, about which account (the customer's oldest when none is named)."""

    customer: int
    campaign: int
    account: int | None = None


async def post_case(door: Door) -> CaseRow:
    """Open a case by hand (S1-16); one that is open already in that campaign is answered as it is."""
    form: NewCase = door.body
    seen = (await viewer_of(door)).campaign_ids
    campaign = await door.session.get(Campaign, form.campaign)
    if campaign is None or campaign.archived_at is not None or (seen is not None and campaign.id not in seen):
        raise BadInput(field="campaign", sentence=N_("Elija una campaña en uso."))
    if await door.session.get(Customer, form.customer) is None:
        raise NotFound
    number = await create_case(door.work, campaign, form.customer, origin="hand", account_id=form.account)
    return await case_row(door.session, number, door.work.now)


async def open_case(door: Door) -> CaseRow:
    """Atender: claim the case if it is free and open it; the state becomes EN GESTIÓN."""
    return await taking.open_case(door.work, door.path["number"])


async def leave_case(door: Door) -> CaseRow:
    """Salir: leave the case without closing it; the state becomes EN ESPERA."""
    return await taking.leave_case(door.work, door.path["number"])


class AttemptAnswer(CaseRow):
    """The case after the contact was counted; `attempt` is what `DELETE …/attempts/{id}` takes back for a minute."""

    attempt: int


async def post_attempt(door: Door) -> AttemptAnswer:
    """Count a contact: colours climb, all open cases of the customer rotate. Who contacts a free case takes it."""
    await case_of(door)
    form: Attempt = door.body
    made = await contact_by_hand(door.work, door.path["number"], form.channel, form.contact_point_id, form.outcome)
    return AttemptAnswer(**dict(made.case), attempt=made.attempt)


async def post_disposition(door: Door) -> DispositionAnswer:
    """Guardar: save a gestión of the case that is open, and get the next one."""
    form: DispositionForm = door.body
    filled = Filled(**form.model_dump(exclude={"result"}), result=tuple(form.result))
    saved = await save_disposition(door.work, door.path["number"], filled)
    return DispositionAnswer(case=saved.case, next_case=saved.next_case, why_none=saved.why_none)


async def close_case(door: Door) -> CaseRow:
    """Cerrar caso: for good, it cannot be opened again."""
    await case_of(door)
    return await closing.close_for_good(door.work, door.path["number"])


async def reopen_case(door: Door) -> CaseRow:
    """Reabrir: take back the end of a gestión, if the case was not closed for good."""
    await case_of(door)
    return await closing.reopen_case(door.work, door.path["number"])


class CaseChange(Input):
    """What may be changed of a case from outside its form."""

    version: int | None = None
    priority: PriorityWord | None = None
    status: Literal["open", "suspended"] | None = None
    description: Annotated[str, Field(max_length=20_000)] | None = None


async def patch_case(door: Door) -> CaseRow:
    """Change priority, description, or set the case aside (suspended) and take it up again."""
    await case_of(door)
    form: CaseChange = door.body
    await changing.change_case(door.work, door.path["number"], form.version, form.model_dump(exclude={"version"}))
    return await case_row(door.session, door.path["number"], door.work.now)


_TAKING = (NotFound, NotAllowed, BusyWithCase, CaseTaken, CaseClosed)
_CHANGING = (NotFound, NotHolder, CaseTaken, CaseClosed, Stale)
_CLOSING = (NotFound, NotHolder, CaseClosed)
_SAVING = (NotFound, NotHolder, ResultRequired, ResultUnknown, DateInThePast, BadInput, ContactRefused)
_WORK = Permission.WORK_CASES

ROUTES = [
    Route("GET", API, get_cases, _WORK, query=CaseQuery, answer=CasePage, refusals=(BadInput,), spends=Spend.SEARCH),
    Route("POST", API, post_case, _WORK, body=NewCase, answer=CaseRow, status=201, refusals=(NotFound, BadInput)),
    Route("GET", API + "/{number:int}", get_case, _WORK, answer=CaseAnswer, refusals=(NotFound,)),
    Route("PATCH", API + "/{number:int}", patch_case, _WORK, body=CaseChange, answer=CaseRow, refusals=_CHANGING),
    Route("POST", API + "/{number:int}/open", open_case, _WORK, answer=CaseRow, refusals=_TAKING),
    Route("POST", API + "/{number:int}/leave", leave_case, _WORK, answer=CaseRow, refusals=(NotHolder,)),
    Route(
        "POST",
        API + "/{number:int}/attempts",
        post_attempt,
        _WORK,
        body=Attempt,
        answer=AttemptAnswer,
        refusals=(NotFound, CaseClosed, CaseTaken, NotHolder, BadInput, ContactRefused),
    ),
    Route(
        "POST",
        API + "/{number:int}/dispositions",
        post_disposition,
        _WORK,
        body=DispositionForm,
        answer=DispositionAnswer,
        refusals=_SAVING,
    ),
    Route(
        "POST",
        API + "/{number:int}/close",
        close_case,
        _WORK,
        answer=CaseRow,
        refusals=(NotFound, NotHolder, CaseClosed),
    ),
    Route(
        "POST",
        API + "/{number:int}/reopen",
        reopen_case,
        _WORK,
        answer=CaseRow,
        refusals=(NotFound, NotAllowed, CaseClosed, AlreadyExists),
    ),
]

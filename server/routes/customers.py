"""`/api/v1/customers`: finding customers in the whole base, and correcting them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, create_model
from sqlalchemy import select

from ...models.cases.case import Case, CaseStatus
from ...models.cursors import number, read_cursor, text, write_cursor
from ...models.customers.customer import Customer
from ...models.customers.field_types import given_types
from ...models.customers.fields import ACCOUNT_FIELDS, CUSTOMER_FIELDS
from ...models.permissions import Permission
from ...models.refused import AlreadyExists, BadInput, NotFound, Stale
from ...models.rows.contacts import phone_rows
from ...models.rows.customer import ContactPointRow, CustomerSheet, contact_point_row, customer_ref, customer_sheet
from ...models.rows.values import CustomerRef, PhoneRow
from ...models.time_zones import TimeZoneName
from ...queue.customers import accounts, contact_points, correcting, finding
from ..doors.input import Day, Input
from ..doors.route import Door, Route
from ..listening.budgets import Spend

API = "/api/v1/customers"

Text = Annotated[str, Field(max_length=200)]


class CustomerQuery(Input):
    """Search by name, document and phone; `mine` = only customers of my own cases (S4-93, S4-94)."""

    q: Text = ""
    document: Text = ""
    phone: Text = ""
    mine: bool = False
    next: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class FoundCustomer(CustomerRef):
    """A customer as a search shows them, with the newest open case."""

    city: str
    phones: list[PhoneRow]
    case_number: int | None


class FoundCustomers(BaseModel):
    """One page of a search."""

    items: list[FoundCustomer]
    next: str | None


_CustomerData = create_model("_CustomerData", __base__=Input, **given_types(CUSTOMER_FIELDS, Day, changes=True))
_AccountData = create_model("_AccountData", __base__=Input, **given_types(ACCOUNT_FIELDS, Day, changes=False))


class CustomerChange(_CustomerData):  # what the table of fields lets be given
    """Data of a customer; only what is given is changed."""

    version: int | None = None
    time_zone: TimeZoneName = None  # by which contact rules judge calls to them


class NewCustomer(CustomerChange):
    """A new customer with phones."""

    phones: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=5)] = []


class NewContactPoint(Input):
    """A datum of contact; "phone" finds out by itself whether it is a mobile or a landline."""

    kind: Literal["phone", "mobile", "landline", "email", "address", "social"]
    value: Annotated[str, Field(min_length=1, max_length=300)]
    label: Annotated[str, Field(max_length=80)] = ""


class NewAccount(_AccountData):  # what the table of fields lets be given
    """A contract of the customer."""


async def find_customers(door: Door) -> FoundCustomers:
    """Search the whole base."""
    q: CustomerQuery = door.query
    mine = door.me.id if q.mine else None
    wanted = finding.search(door.house.region, q.q, q.document, q.phone, mine)
    after = _place(q.next) if q.next else None
    found = await finding.find_customers(door.session, wanted, after, q.limit + 1)
    page = found[: q.limit]
    following = write_cursor(page[-1].sort_key, page[-1].id) if len(found) > q.limit else None
    return FoundCustomers(items=await _rows(door, page), next=following)


async def get_customer(door: Door) -> CustomerSheet:
    """All that is kept of a customer."""
    return await _sheet(door, door.path["id"])


async def post_customer(door: Door) -> CustomerSheet:
    """Make a customer."""
    form: NewCustomer = door.body
    values = form.model_dump(exclude={"phones", "version"})
    customer = await correcting.create_customer(door.work, values, form.phones)
    return await _sheet(door, customer.id)


async def patch_customer(door: Door) -> CustomerSheet:
    """Correct a customer's data."""
    form: CustomerChange = door.body
    changes = form.model_dump(exclude_unset=True, exclude={"version"})
    await correcting.correct_customer(door.work, door.path["id"], form.version, changes)
    return await _sheet(door, door.path["id"])


async def post_contact_point(door: Door) -> ContactPointRow:
    """Add a datum of contact, linked to the customer at once (S3-13, S3-14)."""
    form: NewContactPoint = door.body
    point = await contact_points.add_contact_point(door.work, door.path["id"], form.kind, form.value, form.label)
    return contact_point_row(point, door.house.region)


async def delete_contact_point(door: Door) -> None:
    """Remove a datum of contact (S3-48)."""
    await contact_points.remove_contact_point(door.work, door.path["id"], door.path["point"])


async def post_account(door: Door) -> CustomerSheet:
    """Add an account, linked to the customer at once (S3-15, S3-16)."""
    form: NewAccount = door.body
    await accounts.add_account(door.work, door.path["id"], form.model_dump())
    return await _sheet(door, door.path["id"])


async def _sheet(door: Door, customer_id: int) -> CustomerSheet:
    if await door.session.get(Customer, customer_id) is None:
        raise NotFound
    return await customer_sheet(door.session, customer_id)


async def _rows(door: Door, page: list[Customer]) -> list[FoundCustomer]:
    ids = {customer.id for customer in page}
    phones = await phone_rows(door.session, ids)
    newest = select(Case.customer_id, Case.number).where(Case.customer_id.in_(ids), Case.status != CaseStatus.CLOSED)
    open_cases = dict((await door.session.execute(newest.order_by(Case.number))).all())
    return [
        FoundCustomer(
            **dict(customer_ref(customer)),
            city=customer.city,
            phones=phones.get(customer.id, []),
            case_number=open_cases.get(customer.id),
        )
        for customer in page
    ]


def _place(cursor: str) -> tuple[str, int]:
    key, customer_id = read_cursor(cursor, text, number(0))
    return key, customer_id


_SEE, _EDIT = Permission.SEE_CUSTOMERS, Permission.EDIT_CUSTOMERS
_TWIN = (BadInput, AlreadyExists)
_ONE = API + "/{id:int}"
ROUTES: list[Route] = [
    Route(
        "GET",
        API,
        find_customers,
        _SEE,
        query=CustomerQuery,
        answer=FoundCustomers,
        refusals=(BadInput,),
        spends=Spend.SEARCH,
    ),
    Route(
        "POST",
        API,
        post_customer,
        _EDIT,
        NewCustomer,
        answer=CustomerSheet,
        status=201,
        refusals=(BadInput, AlreadyExists),
    ),
    Route("GET", _ONE, get_customer, _SEE, answer=CustomerSheet, refusals=(NotFound,)),
    Route(
        "PATCH",
        _ONE,
        patch_customer,
        _EDIT,
        CustomerChange,
        answer=CustomerSheet,
        refusals=(NotFound, Stale, BadInput, AlreadyExists),
    ),
    Route(
        "POST",
        _ONE + "/contact-points",
        post_contact_point,
        _EDIT,
        NewContactPoint,
        answer=ContactPointRow,
        status=201,
        refusals=(NotFound, BadInput),
    ),
    Route(
        "DELETE", _ONE + "/contact-points/{point:int}", delete_contact_point, _EDIT, status=204, refusals=(NotFound,)
    ),
    Route(
        "POST",
        _ONE + "/accounts",
        post_account,
        _EDIT,
        NewAccount,
        answer=CustomerSheet,
        status=201,
        refusals=(NotFound, AlreadyExists),
    ),
]

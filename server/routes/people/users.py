"""`/api/v1/users`: administrators create users and give roles (S1-02…S1-05); supervisors see who there is."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from ....models.people.user import User
from ....models.permissions import Permission, Role
from ....models.refused import N_, AlreadyExists, BadInput, Conflict, NotFound, Stale
from ....models.rows.person import person_row, person_rows, users_by_name
from ....models.rows.values import PersonRow, Row
from ....queue.people import users
from ....queue.people.links import make_link
from ...doors.answers import json_answer
from ...doors.input import Input
from ...doors.route import Door, Route
from ...identity.passwords import check_new_password
from ...identity.secret import new_secret
from ...web_process import web_of

API = "/api/v1"
Name = Annotated[str, Field(min_length=1, max_length=120)]
Password = Annotated[str, Field(min_length=1, max_length=256)]
Extension = Annotated[str, Field(max_length=20)]


class UserRow(PersonRow):
    """A person, and what an administrator sets. `user_version` is what a PATCH is measured by."""

    active: bool
    locale: str | None
    user_version: int


class UserList(Row):
    """Everybody, by name."""

    items: list[UserRow]
    next: None = None


class UserMade(UserRow):
    """`link` is where the person chooses a password; shown this once."""

    link: str | None


class NewUser(Input):
    """A person to create. Without a password the answer has a one-time link."""

    username: Annotated[str, Field(min_length=2, max_length=64)]
    name: Name
    role: Role
    extension: Extension | None = None
    password: Password | None = None


class UserChange(Input):
    """What changes; what is absent stays. `link` asks for a one-time link to choose a new password."""

    user_version: int | None = None
    name: Name | None = None
    role: Role | None = None
    extension: Extension | None = None
    active: bool | None = None
    locale: Annotated[str, Field(max_length=20)] | None = None
    password: Password | None = None
    link: bool = False


class Everyone(Input):
    """`active=false` shows those who were shut out, too."""

    active: bool = True


async def list_users(door: Door) -> UserList:
    """Everybody: name, role, state, extension."""
    known = {user.id: user for user in await users_by_name(door.session, shut_out=not door.query.active)}
    rows = await person_rows(door.session, known)
    return UserList(items=[_row(row, known[row.id]) for row in rows])


async def create_user(door: Door) -> Response:
    """Create a person (administrators only)."""
    given, stored = door.body, await _hashed(door, door.body.username, door.body.password)
    extension = given.extension or None
    user_id = await users.create_user(
        door.work, given.username, given.name, given.role, extension=extension, password_hash=stored
    )
    link = None if stored else await one_time_link(door, user_id)
    return await _made(door, user_id, link, 201)


async def change_user(door: Door) -> Response:
    """Change a person's role, name, extension, password, or whether they may enter (administrators only)."""
    given, user_id = door.body, door.path["id"]
    changes = given.model_dump(include=given.model_fields_set - {"user_version", "password", "link"})
    for field in {"name", "role", "active"} & set(changes):
        if changes[field] is None:
            raise BadInput(field=field, sentence=N_("Falta este dato."))
    for field in {"extension", "locale"} & set(changes):
        changes[field] = changes[field] or None
    if given.password is not None:
        username = await door.session.scalar(select(User.username).where(User.id == user_id))
        changes["password_hash"] = await _hashed(door, username or "", given.password)
    await users.change_user(door.work, user_id, changes, given.user_version)
    link = await one_time_link(door, user_id) if given.link else None
    return await _made(door, user_id, link, 200)


async def one_time_link(door: Door, user_id: int) -> str:
    """A link by which this person chooses a password."""
    secret, hashed = new_secret()
    await make_link(door.work, user_id, hashed)
    return f"{web_of(door.request).settings.address}/primer-ingreso?token={secret}"


async def _hashed(door: Door, username: str, password: str | None) -> str | None:
    if password is None:
        return None
    check_new_password(password, users.folded(username))
    return await web_of(door.request).passwords.hash(password)


async def _made(door: Door, user_id: int, link: str | None, status: int) -> Response:
    """The person as they are now. A response of its own, so that no link is stored beside an Idempotency-Key."""
    await door.session.flush()
    user = await door.session.get_one(User, user_id, populate_existing=True)
    row = _row(await person_row(door.session, user_id), user)
    return json_answer(UserMade(**row.model_dump(), link=link), status)


def _row(person: PersonRow, user: User) -> UserRow:
    values: dict[str, Any] = person.model_dump()
    return UserRow(**values, active=user.active, locale=user.locale, user_version=user.version)


ROUTES = [
    Route(
        "GET", f"{API}/users", list_users, Permission.SEE_PEOPLE, query=Everyone, answer=UserList, tags=("usuarios",)
    ),
    Route(
        "POST",
        f"{API}/users",
        create_user,
        Permission.MANAGE_USERS,
        body=NewUser,
        answer=UserMade,
        status=201,
        refusals=(AlreadyExists,),
        tags=("usuarios",),
    ),
    Route(
        "PATCH",
        f"{API}/users/{{id:int}}",
        change_user,
        Permission.MANAGE_USERS,
        body=UserChange,
        answer=UserMade,
        refusals=(NotFound, Stale, AlreadyExists, Conflict),
        tags=("usuarios",),
    ),
]

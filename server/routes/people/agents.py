"""`/api/v1/agents`: one's own state, and the states a supervisor may force."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ....models.people.agent import State
from ....models.permissions import Permission
from ....models.refused import BadInput, NotFound, StateRefused
from ....models.rows.pause_reason import PauseReasonRow, pause_reason_rows
from ....models.rows.person import person_row
from ....models.rows.values import PersonRow
from ....queue.people import agents
from ....queue.people.watching import forget_released
from ...doors.input import Input
from ...doors.route import Door, Route

API = "/api/v1"


class WantedState(Input):
    """A state one may ask for; a pause has a reason (its code)."""

    state: Literal["waiting", "paused"]
    reason: Annotated[str, Field(max_length=60)] | None = None


class ForcedState(Input):
    """A state a supervisor may force."""

    state: Literal["waiting", "paused", "offline"]
    reason: Annotated[str, Field(max_length=60)] | None = None


async def get_pause_reasons(door: Door) -> list[PauseReasonRow]:
    """The reasons to choose a pause from."""
    return await pause_reason_rows(door.session)


async def post_my_state(door: Door) -> PersonRow:
    """Pause with a reason, or be EN ESPERA again."""
    form: WantedState = door.body
    await agents.choose_state(door.work, door.me.id, State(form.state), form.reason)
    return await person_row(door.session, door.me.id)


async def post_state(door: Door) -> PersonRow:
    """Pause an agent, end the pause, or sign the agent out."""
    form: ForcedState = door.body
    await agents.force_state(door.work, door.path["id"], State(form.state), form.reason)
    return await person_row(door.session, door.path["id"])


async def delete_released(door: Door) -> None:
    """I know which case was released while no screen of mine was open."""
    await forget_released(door.work, door.me.id)


ROUTES = [
    Route("GET", API + "/pause-reasons", get_pause_reasons, Permission.SEE_SELF, answer=list[PauseReasonRow]),
    Route(
        "POST",
        API + "/agents/me/state",
        post_my_state,
        Permission.SEE_SELF,
        WantedState,
        answer=PersonRow,
        refusals=(StateRefused, BadInput),
    ),
    Route("DELETE", API + "/agents/me/released", delete_released, Permission.SEE_SELF, status=204),
    Route(
        "POST",
        API + "/agents/{id:int}/state",
        post_state,
        Permission.MANAGE_AGENTS,
        ForcedState,
        answer=PersonRow,
        refusals=(NotFound, StateRefused, BadInput),
    ),
]

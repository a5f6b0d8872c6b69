"""Everything that can happen on a random floor, by name: for tests of random sequences.

What the house refuses is as good a sequence as any other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

from atiende.models.refused import Refused
from atiende.tests.support.random_floor import pbx, people
from atiende.tests.support.random_floor.floor import RandomFloor

ALL: dict[str, Callable[[RandomFloor, Random], Awaitable[None]]] = {
    act.__name__: act
    for act in (
        people.open_one, people.leave, people.save, people.attempt, people.choose_state, people.sign_out_and_in,
        people.change_case, people.close, people.reopen, people.correct, people.add_datum, people.add_account,
        people.share_out, people.take_back, people.change_campaign, people.rename_result, people.rename_person,
        pbx.ring, pbx.answer, pbx.stop_ringing, pbx.hold, pbx.leg_ends, pbx.call_ends, pbx.say_who, pbx.phone_changes,
        pbx.pbx_goes, pbx.pbx_comes_back, pbx.appointment_is_due,
    )
}  # fmt: skip
# These tell screens to read themselves again, which would also mend what another act forgot to tell.
BULK = {"change_campaign", "rename_result", "rename_person"}


async def act(here: RandomFloor, name: str, rng: Random) -> None:
    """Do one act of ALL; what is refused has not happened."""
    with suppress(Refused):
        await ALL[name](here, rng)

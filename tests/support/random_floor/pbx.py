"""What a PBX and the clock do on a random floor."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from atiende.models.cases.case import Appointment, Case
from atiende.queue import clock
from atiende.queue.calls import identifying
from atiende.telephony import facts
from atiende.tests.support.random_floor.floor import RandomFloor


def _caller(number: str) -> dict[str, Any]:
    return {"direction": facts.Direction.INBOUND, "caller_number": number, "caller_name": "Ana", "queue": "soporte"}


async def ring(here: RandomFloor, rng: Random) -> None:
    call = await here.call(rng)
    here._calls += 1
    number = rng.choice(["3105550100", "3105550104", "3105550000", "3119999999", "anonymous"])
    name, number = (call.pbx_call, call.caller_number) if call and rng.random() < 0.4 else (f"c{here._calls}", number)
    await here.hear(facts.CallRang, call=name, extension=f"100{rng.randrange(3)}", **_caller(number))


async def answer(here: RandomFloor, rng: Random) -> None:
    if call := await here.call(rng):
        extension = f"100{rng.randrange(3)}"
        await here.hear(facts.CallAnswered, call=call.pbx_call, extension=extension, **_caller(call.caller_number))


async def stop_ringing(here: RandomFloor, rng: Random) -> None:
    if call := await here.call(rng):
        outcome = rng.choice(list(facts.RingOutcome))
        await here.hear(facts.RingStopped, call=call.pbx_call, extension=f"100{rng.randrange(3)}", outcome=outcome)


async def hold(here: RandomFloor, rng: Random) -> None:
    if call := await here.call(rng):
        held = rng.random() < 0.5
        await here.hear(facts.CallHeld, call=call.pbx_call, extension=f"100{rng.randrange(3)}", held=held)


async def leg_ends(here: RandomFloor, rng: Random) -> None:
    if call := await here.call(rng):
        await here.hear(facts.AgentLeft, call=call.pbx_call, extension=f"100{rng.randrange(3)}")


async def call_ends(here: RandomFloor, rng: Random) -> None:
    if call := await here.call(rng):
        await here.hear(facts.CallEnded, call=call.pbx_call, cause=16, cause_text="Normal Clearing")


async def say_who(here: RandomFloor, rng: Random) -> None:
    if call := await here.call(rng):
        async with here.floor.work(here.agent(rng)) as work:
            await identifying.say_who(work, call.id, rng.choice(here.customers))


async def phone_changes(here: RandomFloor, rng: Random) -> None:
    state = rng.choice(list(facts.PhoneState))
    await here.hear(facts.PhoneChanged, extension=f"100{rng.randrange(3)}", state=state)


async def pbx_goes(here: RandomFloor, rng: Random) -> None:
    await here.hear(facts.PbxLost, reason="gone")


async def pbx_comes_back(here: RandomFloor, rng: Random) -> None:
    """With one of the calls we know, at some phone, or with none."""
    call = await here.call(rng)
    seen: tuple[facts.CallSeen, ...] = ()
    if call is not None and rng.random() < 0.6:
        said = rng.random() < 0.5, facts.Direction.INBOUND, call.caller_number, "Ana", "soporte"
        seen = (facts.CallSeen(call.pbx_call, f"100{rng.randrange(3)}", *said),)
    phones = tuple((f"100{place}", facts.PhoneState.IDLE) for place in range(3))
    legs = frozenset((one.call, one.extension) for one in seen)
    await here.hear(facts.PbxBack, version="22", calls=seen, legs=legs, phones=phones, waiting=(), members=())


# The clock


async def appointment_is_due(here: RandomFloor, rng: Random) -> None:
    """An hour passes: the next appointment is due."""
    async with here.floor.house.look() as session:
        wanted = select(Appointment).where(Appointment.told_at.is_(None), Appointment.done_at.is_(None))
        found = (await session.scalars(wanted.where(Appointment.cancelled_at.is_(None)).limit(1))).one_or_none()
    if found is None:
        return
    async with here.floor.house.work() as work:
        past = work.now - timedelta(seconds=1)
        await work.session.execute(update(Appointment).where(Appointment.id == found.id).values(at=past))
        due = update(Case).where(Case.number == found.case_number, Case.due_at.is_not(None))
        await work.session.execute(due.values(due_at=past))
    await clock.tick(here.floor.house)

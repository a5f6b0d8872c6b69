"""The demonstration's day so far: contacts, gestiones, finished cases, calls and appointments, always alike."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from ...models.calls.call import Call, CallPhase
from ...models.calls.leg import CallLeg, LegKind, LegOutcome
from ...models.campaigns.campaign import ResultNode
from ...models.cases.case import Appointment, Case, CaseStatus, ContactAttempt, Disposition
from ...models.cases.priorities import Priority
from ...models.clock import midnight
from ...models.contact.channels import Channel
from ...models.customers.customer import Customer
from ...models.rows.result import result_nodes
from ...queue.work import Work
from .demo_pbx import QUEUE

CONTACTED = 160
WORKED = 90
FINISHED = 0.6  # of the worked cases
CALLS = 64
ABANDONED = 2
DONE, OVERDUE, TO_COME = 6, 2, 9
LONGEST_DAY = timedelta(hours=4)  # what came before is not told


async def fill_day(work: Work, campaigns: Sequence[int], agents: Sequence[int]) -> None:
    """What happened before anybody looked. `campaigns`: the one with cases, then the one with the queue."""
    dice = random.Random(7)  # noqa: S311 - a demonstration
    statement = select(Case.number, Case.customer_id, Case.campaign_id, Case.agent_id).order_by(Case.number)
    cases = list((await work.session.execute(statement)).all())
    dice.shuffle(cases)
    await _contacts(work, dice, cases[:CONTACTED])
    await _priorities(work, dice, cases)
    own = [case for case in cases if case.agent_id is not None and case.campaign_id == campaigns[0]]
    await _gestiones(work, dice, own[:WORKED], agents)
    await _appointments(work, own[WORKED:])
    await _calls(work, dice, cases, campaigns[1], agents)


async def _contacts(work: Work, dice: random.Random, cases: Sequence[Any]) -> None:
    """Contacts of the last days, so that colours and rotation can be seen."""
    for number, customer_id, campaign_id, agent_id in cases:
        times = sorted(work.now - timedelta(hours=dice.uniform(1, 150)) for _ in range(dice.choice([1, 1, 2, 2, 3, 5])))
        channels = [dice.choice([Channel.CALL, Channel.CALL, *Channel]) for _ in times]
        rows = [
            {"customer_id": customer_id, "case_number": number, "campaign_id": campaign_id}
            | {"agent_id": agent_id, "channel": channel, "at": at}
            for channel, at in zip(channels, times, strict=True)
        ]
        await work.session.execute(insert(ContactAttempt), rows)
        contact = {"last_contact_at": times[-1], "last_contact_channel": channels[-1].value}
        await work.session.execute(update(Customer).where(Customer.id == customer_id).values(**contact))
        await work.session.execute(update(Case).where(Case.number == number).values(last_contact_at=times[-1]))


async def _priorities(work: Work, dice: random.Random, cases: Sequence[Any]) -> None:
    for rank, many in ((Priority.URGENT.rank, 40), (Priority.HIGH.rank, 120), (Priority.LOW.rank, 100)):
        chosen = [case.number for case in dice.sample(cases, min(many, len(cases)))]
        await work.session.execute(update(Case).where(Case.number.in_(chosen)).values(priority=rank))


async def _gestiones(work: Work, dice: random.Random, cases: Sequence[Any], agents: Sequence[int]) -> None:
    if not cases:
        return
    paths = _paths(await result_nodes(work.session, cases[0].campaign_id))
    rows, finished = [], []
    for case in cases:
        path, at = dice.choice(paths), _earlier(work, dice)
        agent_id, is_finished = dice.choice(agents), dice.random() < FINISHED
        rows.append(_gestion(case, path, agent_id, at, dice.randrange(45, 400)) | {"finished": is_finished})
        if is_finished:
            finished.append((case.number, agent_id, at))
    await work.session.execute(insert(Disposition), rows)
    for number, agent_id, at in finished:
        closed = {"status": CaseStatus.CLOSED, "closed_at": at, "closed_by": agent_id, "agent_id": None}
        await work.session.execute(update(Case).where(Case.number == number).values(**closed))


def _gestion(case: Any, path: list[ResultNode], agent_id: int, at: datetime, seconds: int) -> dict[str, Any]:
    return {
        "case_number": case.number,
        "customer_id": case.customer_id,
        "campaign_id": case.campaign_id,
        "agent_id": agent_id,
        "created_by": agent_id,
        "created_at": at,
        "result_path": [node.id for node in path],
        "result_id": path[-1].id,
        "result_name": " › ".join(node.name for node in path),
        "effective": any(node.successful for node in path),
        "seconds": seconds,
    }


def _paths(nodes: Sequence[ResultNode]) -> list[list[ResultNode]]:
    """Every result that has none below it, with those above it."""
    known = {node.id: node for node in nodes if node.retired_at is None}
    parents = {node.parent_id for node in known.values()}
    paths = []
    for node in known.values():
        if node.id not in parents:
            path = [node]
            while path[0].parent_id in known:
                path.insert(0, known[path[0].parent_id])
            paths.append(path)
    return paths


def _earlier(work: Work, dice: random.Random) -> datetime:
    """A moment of today, not long ago."""
    since = max(midnight(work.now, work.house.time_zone), work.now - LONGEST_DAY)
    return since + (work.now - since) * dice.random()


async def _appointments(work: Work, cases: Sequence[Any]) -> None:
    """Some done, some overdue, most to come; every third is anybody's."""
    now = work.now
    times = [now - timedelta(minutes=30 + 20 * n) for n in range(DONE)]
    times += [now - timedelta(minutes=6 + 9 * n) for n in range(OVERDUE)]
    times += [now + timedelta(minutes=12 + 25 * n) for n in range(TO_COME)]
    for place, (at, case) in enumerate(zip(times, cases, strict=False)):
        whose = case.agent_id if place % 3 else None
        row = {"case_number": case.number, "at": at, "agent_id": whose, "created_by": case.agent_id}
        is_done = place < DONE
        told = {"told_at": at if at < now else None, "done_at": at + timedelta(minutes=3) if is_done else None}
        await work.session.execute(insert(Appointment).values(row | told))
        if not is_done:
            due = update(Case).where(Case.number == case.number)
            await work.session.execute(due.values(due_at=at, due_agent_id=whose))


async def _calls(
    work: Work, dice: random.Random, cases: Sequence[Any], campaign_id: int, agents: Sequence[int]
) -> None:
    rows = []
    for place in range(CALLS):
        case, began = dice.choice(cases), _earlier(work, dice)
        lost = place < ABANDONED
        answered = None if lost else began + timedelta(seconds=dice.randrange(3, 15))
        rows.append(
            {
                "id": uuid.UUID(int=dice.getrandbits(128)).hex,
                "pbx_id": "main",
                "pbx_call": f"demo-{place}",
                "direction": "inbound",
                "phase": CallPhase.ENDED,
                "queue_name": QUEUE,
                "campaign_id": campaign_id,
                "customer_id": case.customer_id,
                "agent_id": None if lost else dice.choice(agents),
                "started_at": began,
                "answered_at": answered,
                "ended_at": min(work.now, (answered or began) + timedelta(seconds=dice.randrange(40, 280))),
            }
        )
    await work.session.execute(insert(Call), rows)
    await work.session.execute(insert(CallLeg), [leg for call in rows for leg in _legs(call)])


def _legs(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """It waited in the queue, and where it was answered one agent talked."""
    answered = call["answered_at"]
    of_call = {"call_id": call["id"], "queue_name": QUEUE, "campaign_id": call["campaign_id"]}
    of_call |= {"began_at": call["started_at"]}
    left = LegOutcome.ANSWERED if answered else LegOutcome.ABANDONED
    ended = answered or call["ended_at"]
    yield of_call | {"kind": LegKind.QUEUE, "agent_id": None, "answered_at": None, "ended_at": ended, "outcome": left}
    if answered:
        talked = {"agent_id": call["agent_id"], "answered_at": answered, "ended_at": call["ended_at"]}
        yield of_call | {"kind": LegKind.AGENT, "outcome": LegOutcome.ENDED} | talked

"""The offline checker: it reads a database and says what is wrong in it, a sentence for each fault.

What was promised to people comes in as `acknowledged`: the marks (texts found once in a gestión's observations) of
those whose saving was answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from atiende.models.bases.upload import Upload, UploadRefusal, UploadState
from atiende.models.calls.leg import CallLeg
from atiende.models.cases.case import Case, CaseCountDelta, Disposition
from atiende.models.customers.customer import BaseMember, CustomerBase
from atiende.models.people.agent import Agent, AgentStateSpan
from atiende.models.records import OutboxRow

MARK = "marca-"  # what every mark begins with


async def violations(session: AsyncSession, acknowledged: Iterable[str] = ()) -> list[str]:
    """Everything that is wrong at this moment."""
    wrong = await _gestiones(session, acknowledged)
    for check in (_holders, _counters, _uploads, _spans, _legs):
        wrong += await check(session)
    return wrong


async def left_in_outbox(session: AsyncSession) -> int:
    """How much that was told in a transaction has not been let out."""
    due = OutboxRow.not_before.is_(None) | (OutboxRow.not_before <= func.now())
    waiting = select(func.count()).select_from(OutboxRow).where(OutboxRow.released_at.is_(None), due)
    return int((await session.execute(waiting)).scalar_one())


async def _gestiones(session: AsyncSession, acknowledged: Iterable[str]) -> list[str]:
    marked = await session.scalars(select(Disposition.observations).where(Disposition.observations.startswith(MARK)))
    stored = Counter(marked.all())
    wrong = [f"the acknowledged gestión {mark} is not there" for mark in acknowledged if mark not in stored]
    return wrong + [f"the gestión {mark} is there {n} times" for mark, n in stored.items() if n > 1]


async def _holders(session: AsyncSession) -> list[str]:
    """Who has a case open is said twice, and must be said the same."""
    of_cases = select(Case.number, Case.holder_id).where(Case.holder_id.is_not(None))
    of_agents = select(Agent.case_number, Agent.user_id).where(Agent.case_number.is_not(None))
    cases = set(await session.execute(of_cases))
    agents = set(await session.execute(of_agents))
    wrong = [f"case {number} says that {agent} has it, who does not" for number, agent in cases - agents]
    wrong += [f"agent {agent} says to have case {number}, which does not" for number, agent in agents - cases]
    for place, what in enumerate(("case", "agent")):
        twice = Counter(pair[place] for pair in cases | agents)
        wrong += [f"{what} {which} is in {n} pairs of case and agent" for which, n in twice.items() if n > 1]
    return wrong


async def _counters(session: AsyncSession) -> list[str]:
    d = CaseCountDelta
    kind = (d.campaign_id, d.agent_id, d.status, d.service_state)
    sums = select(*kind, func.sum(d.n)).group_by(*kind).having(func.sum(d.n) != 0)
    counted = {row[:4]: int(row[4]) for row in (await session.execute(sums))}
    agent = func.coalesce(Case.agent_id, 0)
    real = select(Case.campaign_id, agent, Case.status, Case.service_state, func.count())
    grouped = real.group_by(Case.campaign_id, agent, Case.status, Case.service_state)
    there = {(c, a, s.value, v.value): n for c, a, s, v, n in (await session.execute(grouped))}
    return [
        f"cases of {kind}: counted {counted.get(kind, 0)}, there are {there.get(kind, 0)}"
        for kind in counted.keys() | there.keys()
        if counted.get(kind, 0) != there.get(kind, 0)
    ]


async def _uploads(session: AsyncSession) -> list[str]:
    """Of an upload of customers who were all new: as many customers, and as many refusals, as it says."""
    wrong = []
    there = select(Upload).join(CustomerBase, CustomerBase.id == Upload.base_id)
    there = there.where(Upload.state == UploadState.DONE, CustomerBase.deleted_at.is_(None))
    for job in (await session.scalars(there)).all():
        parts = job.created + job.updated + job.unchanged + job.refused
        if not job.total == job.done == parts:
            wrong.append(f"upload {job.id}: total {job.total}, done {job.done}, parts {parts}")
        members = select(func.count()).select_from(BaseMember).where(BaseMember.job_id == job.id)
        stored = (await session.execute(members)).scalar_one()
        if job.created == parts - job.refused and stored != job.created:
            wrong.append(f"upload {job.id}: {job.created} rows created, {stored} customers in the base")
        refusals = select(func.count(UploadRefusal.row_number.distinct())).where(UploadRefusal.job_id == job.id)
        written = (await session.execute(refusals)).scalar_one()
        if written < job.refused:
            wrong.append(f"upload {job.id}: {job.refused} rows refused, {written} in the report")
    doubled = text("SELECT count(*) FROM (SELECT 1 FROM customers WHERE document <> '' "
                   "GROUP BY document_type, document HAVING count(*) > 1) AS twice")  # fmt: skip
    if twice := (await session.execute(doubled)).scalar_one():
        wrong.append(f"{twice} documents are there more than once")
    return wrong


async def _spans(session: AsyncSession) -> list[str]:
    """The stretch of time that is open is the state the agent is in."""
    span = AgentStateSpan
    statement = select(Agent.user_id, Agent.state, span.state).join(span, span.user_id == Agent.user_id)
    open_ones = (await session.execute(statement.where(span.until_at.is_(None)))).all()
    return [f"agent {who} is {state}, the open stretch {open_}" for who, state, open_ in open_ones if state != open_]


async def _legs(session: AsyncSession) -> list[str]:
    """Nobody waits, rings or talks in a call that is over."""
    over = text("SELECT count(*) FROM call_legs l JOIN calls c ON c.id = l.call_id "
                "WHERE c.phase = 'ended' AND l.ended_at IS NULL")  # fmt: skip
    going_on = (await session.execute(over)).scalar_one()
    return [f"{going_on} {CallLeg.__tablename__} of calls that are over"] if going_on else []

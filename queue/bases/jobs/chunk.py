"""One chunk of an upload: some thousand rows read, checked, and stored (or only counted) in one transaction.

1. Lock the job's row. Who finds it locked goes away: the other worker does this chunk.
2. Read and check rows from the job's own place, in a thread.
3. Store them, or count what storing would do.
4. Write the refusals, the counters and the new place of the job, and tell `import.progressed`.

All of it commits together, so a worker killed anywhere leaves the job exactly between two chunks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import insert, select, text

from ....models.bases.upload import JobKind, Upload, UploadRefusal, UploadState
from ....models.campaigns.campaign import Campaign
from ....models.customers.customer import CustomerBase
from ....models.refused import N_, Conflict
from ....realtime.events import ListChanged
from ...campaigns.telling import all_of_lists
from ...work import Work
from ..file.delimited import Place
from ..file.reasons import Defect, Reason
from ..rows.batch import Batch
from ..rows.one_row import Outcome, Rules, rules_from
from ..rows.reading import Limits, Reading, read_rows
from ..store.repeats import Name, Seen, name_of
from ..store.staging import Mode, Staging
from ..store.storing import Stored, Target, count, store
from .agreement import hold
from .progress import GOING, tell_progress
from .removal import take_chunk

ROWS = 12_000
ROWS_OF_KNOWN = 3_000  # customers who are known wait, with whoever works on them, until their chunk is stored
BYTES = 8 << 20
SECONDS = 5.0  # of reading
SAME_CUSTOMER = 20  # rows of one customer in a chunk: each is a round of statements


@dataclass(frozen=True, slots=True)
class Source:
    """Where a chunk is read: the file with its rules, from which place, and the file of the names in it."""

    path: Path
    options: dict[str, Any]
    rules: Rules
    start: Place
    most: int  # rows
    seen_at: Path


@dataclass(slots=True)
class Chunk:
    """What was read: rows that can be stored, what was wrong with others, and whom they named."""

    source: Source
    reading: Reading
    rows: Batch
    names: list[Name] = field(default_factory=list)
    refused: list[tuple[Outcome, Defect]] = field(default_factory=list)
    warned: list[tuple[Outcome, Defect]] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many rows of the file were gone through, blank lines apart."""
        return len(self.rows) + len(self.refused)

    def leave_out(self, numbers: Iterable[int], defect: Callable[[int], Defect]) -> None:
        """Refuse rows that are good in themselves."""
        gone = set(numbers)
        if gone:
            self.refused += [(self.reading.outcome(number), defect(number)) for number in sorted(gone)]
            self.warned = [pair for pair in self.warned if pair[0].record.number not in gone]
            self.rows = self.rows.only(set(self.rows.numbers) - gone)


def read_chunk(source: Source) -> Chunk:
    """Sort the rows out: those refused by themselves, those that repeat an earlier one, and those to be stored."""
    limits = Limits(source.most, BYTES, SECONDS, SAME_CUSTOMER)
    reading = read_rows(source.path, source.options, source.rules, source.start, limits)
    chunk = Chunk(source, reading, reading.batch)
    for _, outcome in sorted(reading.outcomes.items()):
        if outcome.row is None:
            chunk.refused.append((outcome, next(defect for defect in outcome.defects if defect.refuses)))
        else:
            chunk.warned += [(outcome, defect) for defect in outcome.defects]
    _leave_out_repeated(chunk)
    return chunk


def _leave_out_repeated(chunk: Chunk) -> None:
    """Refuse rows whose customer and account stood before, and mark those whose customer did."""
    keys, numbers = chunk.rows.rows["key"].to_list(), chunk.rows.numbers
    accounts = chunk.rows.rows["account"].fill_null("").to_list()
    rows = [name_of(f"{key}\n{account}", n) for key, account, n in zip(keys, accounts, numbers, strict=True)]
    customers = [name_of(f"customer {key}", n) for key, n in zip(keys, numbers, strict=True)]
    start = chunk.source.start.number
    with Seen(chunk.source.seen_at, anew=start <= 1) as seen:
        again = seen.earlier(customers, start)
        named = {name for name, row in customers if row in again}
        same = [row for row, (customer, _) in zip(rows, customers, strict=True) if customer in named]
        repeated = seen.earlier(same, start)
    chunk.names = rows + customers
    chunk.leave_out(repeated, lambda number: Defect(Reason.REPEATED, value=str(repeated[number])))
    if again:
        marked = pl.Series(sorted(again), dtype=pl.Int64).implode()
        chunk.rows.rows = chunk.rows.rows.with_columns(again=pl.col("row_number").is_in(marked))


def remember(chunk: Chunk) -> None:
    """Write the chunk's names down for those after it."""
    with Seen(chunk.source.seen_at) as seen:
        seen.remember(chunk.names)


class Ahead:
    """The next chunk is read while the present one is stored. Reading stores nothing, so it may be for nothing."""

    def __init__(self) -> None:
        self._next: tuple[Source, asyncio.Task[Chunk]] | None = None

    def begin(self, source: Source, after: asyncio.Future[None]) -> None:
        """Start reading as soon as the names before it are written down."""

        async def read() -> Chunk:
            await after
            return await asyncio.to_thread(read_chunk, source)

        self._next = (source, asyncio.create_task(read()))

    async def take(self, source: Source) -> Chunk:
        """The chunk asked for, read already or now. Raises FileNotFoundError."""
        begun, self._next = self._next, None
        if begun is not None and begun[0] == source:
            return await begun[1]
        if begun is not None:
            await asyncio.wait([begun[1]])
        return await asyncio.to_thread(read_chunk, source)

    async def stop(self) -> None:
        """Let go of what was read for nothing."""
        if self._next is not None:
            await asyncio.wait([self._next[1]])
            self._next[1].exception()
            self._next = None


async def do_chunk(work: Work, job_id: str, ahead: Ahead | None = None) -> bool:
    """Do the next chunk of a job; whether there is more to do here.

    Raises FileNotFoundError when the file is gone, Conflict when the campaign was archived meanwhile.
    """
    unlocked = select(Upload).where(Upload.id == job_id, Upload.state.in_(GOING))
    job = (await work.session.execute(unlocked.with_for_update(skip_locked=True))).scalar_one_or_none()
    if job is None:
        return False
    if job.state is UploadState.UNDOING or job.kind is JobKind.DELETE:
        return await take_chunk(work, job)
    chunk = await (ahead or Ahead()).take(_source(work, job))
    remembered = asyncio.ensure_future(asyncio.to_thread(remember, chunk))
    try:
        if ahead is not None and not chunk.reading.ended:
            ahead.begin(replace(chunk.source, start=chunk.reading.next), remembered)
        await _settle(work, job, chunk)
    finally:
        # Before the commit: whoever takes the job on must find them.
        await asyncio.wait([remembered])
    remembered.result()
    return not chunk.reading.ended


def _source(work: Work, job: Upload) -> Source:
    path = Path(work.house.data_dir) / job.path
    seen_at = path.with_name(f"{path.name}.{job.state.value}")
    rules = rules_from(job.options, work.house.region)
    return Source(path, job.options, rules, Place(job.next_byte, job.next_row or 1), _most_rows(job), seen_at)


def _most_rows(job: Upload) -> int:
    """Few as long as one row in twenty is about a customer who is known, and to begin with."""
    known = job.updated + job.unchanged
    return ROWS if known * 20 < job.done else ROWS_OF_KNOWN


async def _settle(work: Work, job: Upload, chunk: Chunk) -> None:
    """Store the chunk, or count what storing would do, and move the job on."""
    if job.state is UploadState.RUNNING:
        done = await store(work, chunk.rows, await _target(work, job))
    else:
        done = await count(work.session, chunk.rows, staging_of(job, await _known_base(work, job)))
    way = Defect(Reason.KNOWN if job.options.get("mode") == Mode.CREATE else Reason.UNKNOWN)
    chunk.leave_out(done.refused, lambda _: way)
    await _write_refusals(work, job, chunk)
    _advance(job, chunk, done, work)
    if job.state is UploadState.RUNNING:
        hold(job)
    if chunk.reading.ended:
        await _end(work, job)
    await tell_progress(work, job.id)


def staging_of(job: Upload, base_id: int | None) -> Staging:
    """How this upload's rows meet the customers there are."""
    kept = [field for field in job.options.get("kept", ()) if field in job.options["columns"]]
    return Staging(base_id, job.id, Mode(job.options.get("mode", Mode.BOTH)), tuple(kept), job.started_at)


async def _known_base(work: Work, job: Upload) -> int | None:
    """The base that a trial's rows would go into, when there is one of that name."""
    named = select(CustomerBase.id).where(CustomerBase.name == job.base_name, CustomerBase.deleted_at.is_(None))
    return (await work.session.execute(named)).scalar()


async def _target(work: Work, job: Upload) -> Target:
    assert job.base_id is not None, "a running job has its base"
    how = staging_of(job, job.base_id)
    if job.campaign_id is None:
        return Target(how, None, 0, job.created_by)
    # Held until the commit, so that a new priority of the campaign reaches the cases made here too.
    held = select(Campaign).where(Campaign.id == job.campaign_id).with_for_update(read=True)
    campaign = (await work.session.execute(held.execution_options(populate_existing=True))).scalar_one()
    if campaign.archived_at is not None:
        raise Conflict(sentence=N_("La campaña está archivada: no recibe casos."))
    return Target(how, campaign.id, campaign.priority, job.created_by)


async def _write_refusals(work: Work, job: Upload, chunk: Chunk) -> None:
    header: list[str] = job.options["names"]
    rows = [
        {
            "job_id": job.id,
            "row_number": outcome.record.number,
            "column": header[defect.column] if 0 <= defect.column < len(header) else "",
            "reason": defect.reason.value,
            "value": defect.value,
            "line": [cell.replace("\0", "�")[:500] for cell in outcome.record.cells[:200]],
        }
        for outcome, defect in sorted([*chunk.refused, *chunk.warned], key=lambda pair: pair[0].record.number)
    ]
    if rows:
        await work.session.execute(insert(UploadRefusal), rows)


def _advance(job: Upload, chunk: Chunk, done: Stored, work: Work) -> None:
    reading = chunk.reading
    job.done += chunk.read
    job.refused += len(chunk.refused)
    job.created += done.created
    job.updated += done.updated
    job.unchanged += done.unchanged
    job.cases += done.cases
    job.changes += done.changes
    job.next_byte, job.next_row = reading.next.byte, reading.next.number
    job.total = job.done if reading.ended else max(job.total, job.done)
    job.moved_at = work.now
    job.version += 1


async def _end(work: Work, job: Upload) -> None:
    storing = job.state is UploadState.RUNNING
    job.state = UploadState.DONE if storing else UploadState.CHECKED
    job.ended_at = work.now
    if storing:
        counts = {name: getattr(job, name) for name in ("total", "created", "updated", "unchanged", "refused", "cases")}
        await work.audit("import.done", f"import:{job.id}", **counts)
        await tell_lists(work, job)


# Campaigns in which a customer of this upload has a case that is shown somewhere.
_TOUCHED = text("""
    SELECT k.id FROM campaigns k WHERE EXISTS (
        SELECT FROM cases o JOIN base_members m ON m.customer_id = o.customer_id
        WHERE o.campaign_id = k.id AND o.status <> 'closed' AND m.base_id = :base AND m.job_id = :job)""")


async def tell_lists(work: Work, job: Upload) -> None:
    """Tell every screen whose lists this upload may have changed to fetch them anew, once per audience."""
    await work.session.flush()
    touched = (await work.session.execute(_TOUCHED, {"base": job.base_id, "job": job.id})).scalars()
    audience = await all_of_lists(work, touched)
    stored = job.created + job.updated + job.unchanged
    work.tell(ListChanged(at=work.now, scope="cases", reason="import", count=stored, audience=audience))

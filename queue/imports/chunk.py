"""One chunk of an upload: some thousand rows read, checked, and stored (or only counted) in one transaction.

1. Lock the job's row. Who finds it locked goes away: the other worker does this chunk.
2. Read and check rows from the job's own place, in a thread.
3. Store them, or count what storing would do.
4. Write the refusals, the counters and the new place of the job, and tell `import.progressed`.

All of it commits together, so a worker killed anywhere leaves the job exactly between two chunks.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text

from ...models.campaign import Campaign
from ...models.customer import CustomerBase
from ...models.import_job import ImportJob, ImportRefusal, ImportState, JobKind
from ...models.refused import N_, Conflict
from ...realtime import topics
from ...realtime.events import ListChanged
from ..work import Work
from .progress import GOING, tell_progress
from .reader import Place, Reader, in_ascii_bytes
from .reasons import Defect, Reason
from .rows import CustomerRow, Outcome, Rules, read_row, rules_from
from .seen import Seen
from .staging import Mode, Staging
from .store import Stored, Target, count, store
from .take_back import take_chunk

ROWS = 3000
BYTES = 8 << 20
SECONDS = 5.0  # of reading
SAME_CUSTOMER = 20  # rows of one customer in a chunk: each is a round of statements


@dataclass(slots=True)
class Chunk:
    """What was read: rows that can be stored, what was wrong with others, and where the next chunk begins."""

    rows: list[CustomerRow] = field(default_factory=list)
    refused: list[tuple[Outcome, Defect]] = field(default_factory=list)
    warned: list[tuple[Outcome, Defect]] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)  # of the rows that can be stored
    next: Place = field(default_factory=Place)
    ended: bool = True

    @property
    def read(self) -> int:
        """How many rows of the file were gone through, blank lines apart."""
        return len(self.rows) + len(self.refused)

    def leave_out(self, numbers: set[int], mode: str | None) -> None:
        """Refuse rows because of the chosen way of loading."""
        if numbers:
            defect = Defect(Reason.KNOWN if mode == Mode.CREATE else Reason.UNKNOWN)
            self.refused += [(self.outcomes[number], defect) for number in sorted(numbers)]
            self.warned = [pair for pair in self.warned if pair[0].record.number not in numbers]
            self.rows = [row for row in self.rows if row.number not in numbers]


def read_chunk(path: Path, options: dict[str, Any], rules: Rules, start: Place, seen_at: Path) -> Chunk:
    """Read and check the rows from `start` up to the limits of a chunk. Raises FileNotFoundError."""
    path, encoding = in_ascii_bytes(path, options["encoding"])
    chunk, deadline = Chunk(next=start), time.monotonic() + SECONDS
    header_ahead = options["header"] and start.number == 1
    rows_of: dict[str, int] = {}
    with path.open("rb") as file, Seen(seen_at, start.number) as seen:
        for record in Reader(file, encoding, options["separator"]).records(start):
            chunk.next = record.next
            if record.blank:
                continue
            if header_ahead:
                header_ahead = False
                continue
            outcome = read_row(record, rules)
            row, same = _sort_out(outcome, chunk, seen), 0
            if row is not None:
                same = rows_of[row.key] = rows_of.get(row.key, 0) + 1
            full = chunk.read >= ROWS or record.next.byte - start.byte >= BYTES or time.monotonic() > deadline
            if full or same >= SAME_CUSTOMER:
                chunk.ended = False
                break
    return chunk


def _sort_out(outcome: Outcome, chunk: Chunk, seen: Seen) -> CustomerRow | None:
    """Put the row where it belongs; the row when it can be stored."""
    row = outcome.row
    if row is None:
        chunk.refused.append((outcome, next(defect for defect in outcome.defects if defect.refuses)))
        return None
    first = seen.first(row.identity, row.number)
    if first != row.number:
        chunk.refused.append((outcome, Defect(Reason.REPEATED, value=str(first))))
        return None
    row.again = seen.first(f"customer {row.key}", row.number) != row.number
    chunk.rows.append(row)
    chunk.outcomes[row.number] = outcome
    chunk.warned += [(outcome, defect) for defect in outcome.defects]
    return row


async def do_chunk(work: Work, job_id: str) -> bool:
    """Do the next chunk of a job; whether there is more to do here.

    Raises FileNotFoundError when the file is gone, Conflict when the campaign was archived meanwhile.
    """
    unlocked = select(ImportJob).where(ImportJob.id == job_id, ImportJob.state.in_(GOING))
    job = (await work.session.execute(unlocked.with_for_update(skip_locked=True))).scalar_one_or_none()
    if job is None:
        return False
    if job.state is ImportState.UNDOING or job.kind is JobKind.DELETE:
        return await take_chunk(work, job)
    storing = job.state is ImportState.RUNNING
    rules = rules_from(job.options, work.house.region)
    path = Path(work.house.data_dir) / job.path
    seen_at = path.with_name(f"{path.name}.{job.state.value}")
    start = Place(job.next_byte, job.next_row or 1)
    chunk = await asyncio.to_thread(read_chunk, path, job.options, rules, start, seen_at)
    if storing:
        done = await store(work, chunk.rows, await _target(work, job))
    else:
        done = await count(work.session, chunk.rows, staging_of(job, await _known_base(work, job)))
    chunk.leave_out(done.refused, job.options.get("mode"))
    await _write_refusals(work, job, chunk)
    _advance(job, chunk, done, work)
    if chunk.ended:
        await _end(work, job)
    await tell_progress(work, job.id)
    return not chunk.ended


def staging_of(job: ImportJob, base_id: int | None) -> Staging:
    """How this upload's rows meet the customers there are."""
    kept = [field for field in job.options.get("kept", ()) if field in job.options["columns"]]
    return Staging(base_id, job.id, Mode(job.options.get("mode", Mode.BOTH)), tuple(kept))


async def _known_base(work: Work, job: ImportJob) -> int | None:
    """The base that a trial's rows would go into, when there is one of that name."""
    named = select(CustomerBase.id).where(CustomerBase.name == job.base_name, CustomerBase.deleted_at.is_(None))
    return (await work.session.execute(named)).scalar()


async def _target(work: Work, job: ImportJob) -> Target:
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


async def _write_refusals(work: Work, job: ImportJob, chunk: Chunk) -> None:
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
        await work.session.execute(insert(ImportRefusal), rows)


def _advance(job: ImportJob, chunk: Chunk, done: Stored, work: Work) -> None:
    job.done += chunk.read
    job.refused += len(chunk.refused)
    job.created += done.created
    job.updated += done.updated
    job.unchanged += done.unchanged
    job.cases += done.cases
    job.next_byte, job.next_row = chunk.next.byte, chunk.next.number
    job.total = job.done if chunk.ended else max(job.total, job.done)
    job.moved_at = work.now
    job.version += 1


async def _end(work: Work, job: ImportJob) -> None:
    storing = job.state is ImportState.RUNNING
    job.state = ImportState.DONE if storing else ImportState.CHECKED
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


async def tell_lists(work: Work, job: ImportJob) -> None:
    """Tell every screen whose lists this upload may have changed to fetch them anew, once per audience."""
    await work.session.flush()
    touched = (await work.session.execute(_TOUCHED, {"base": job.base_id, "job": job.id})).scalars()
    audience = sorted({topics.SUPERVISORS, *(topics.campaign(number) for number in touched)})
    stored = job.created + job.updated + job.unchanged
    work.tell(ListChanged(at=work.now, scope="cases", reason="import", count=stored, audience=audience))

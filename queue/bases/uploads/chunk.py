"""One chunk of an upload: some thousand rows read, checked, and stored (or only counted) in one transaction.

1. Lock the upload's row. Who finds it locked goes away: the other worker does this chunk.
2. Read and check rows from the upload's own place, in a thread.
3. Store them, or count what storing would do.
4. Write the refusals, the counters and the new place of the upload, and tell `import.progressed`.

All of it commits together, so a worker killed anywhere leaves the upload exactly between two chunks.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert, select, text

from ....models.bases.upload import Upload, UploadKind, UploadRefusal, UploadState
from ....models.campaigns.campaign import Campaign
from ....models.customers.customer import CustomerBase
from ....models.refused import N_, Conflict
from ....realtime.events import ListChanged
from ...campaigns.telling import all_of_lists
from ...work import Work
from ..file.delimited import Place
from ..file.reasons import Defect, Reason
from ..rows.parse_rules import parse_rules
from ..store.staging import LoadRules, Mode
from ..store.storing import StoreCounts, Target, count, store
from .agreement import hold
from .progress import GOING, tell_progress, today_of
from .read_ahead import Chunk, ReadAhead, Source, remember
from .removal_chunk import take_chunk

ROWS = 12_000
ROWS_OF_KNOWN = 3_000  # customers who are known wait, with whoever works on them, until their chunk is stored


async def do_chunk(work: Work, upload_id: str, ahead: ReadAhead | None = None) -> bool:
    """Do the next chunk of a upload; whether there is more to do here.

    Raises FileNotFoundError when the file is gone, Conflict when the campaign was archived meanwhile.
    """
    unlocked = select(Upload).where(Upload.id == upload_id, Upload.state.in_(GOING[1:]))
    upload = (await work.session.execute(unlocked.with_for_update(skip_locked=True))).scalar_one_or_none()
    if upload is None:
        return False
    if upload.state is UploadState.UNDOING or upload.kind is UploadKind.DELETE:
        return await take_chunk(work, upload)
    chunk = await (ahead or ReadAhead()).take(_source(work, upload))
    remembered = asyncio.ensure_future(asyncio.to_thread(remember, chunk))
    try:
        if ahead is not None and not chunk.block.ended:
            ahead.begin(replace(chunk.source, start=chunk.block.next), remembered)
        await _settle(work, upload, chunk)
    finally:
        # Before the commit: whoever takes the upload on must find them.
        await asyncio.wait([remembered])
    remembered.result()
    return not chunk.block.ended


def _source(work: Work, upload: Upload) -> Source:
    path = Path(work.house.data_dir) / upload.path
    seen_at = path.with_name(f"{path.name}.{upload.state.value}")
    rules = parse_rules(upload.options, work.house.region, today_of(work.house, work.now))
    start = Place(upload.next_byte, upload.next_row or 1)
    return Source(path, upload.options, rules, start, _most_rows(upload), seen_at)


def _most_rows(upload: Upload) -> int:
    """Few as long as one row in twenty is about a customer who is known, and to begin with."""
    known = upload.updated + upload.unchanged
    return ROWS if known * 20 < upload.done else ROWS_OF_KNOWN


async def _settle(work: Work, upload: Upload, chunk: Chunk) -> None:
    """Store the chunk, or count what storing would do, and move the upload on."""
    if upload.state is UploadState.RUNNING:
        done = await store(work, chunk.rows, await _target(work, upload))
    else:
        done = await count(work.session, chunk.rows, load_rules_of(upload, await _known_base(work, upload)))
    way = Defect(Reason.KNOWN if upload.options.get("mode") == Mode.CREATE else Reason.UNKNOWN)
    chunk.leave_out(done.refused, lambda _: way)
    await _write_refusals(work, upload, chunk)
    _advance(upload, chunk, done, work)
    if upload.state is UploadState.RUNNING:
        hold(upload)
    if chunk.block.ended:
        await _end(work, upload)
    await tell_progress(work, upload.id)


def load_rules_of(upload: Upload, base_id: int | None) -> LoadRules:
    """How this upload's rows meet the customers there are."""
    kept = [field for field in upload.options.get("kept", ()) if field in upload.options["columns"]]
    return LoadRules(base_id, upload.id, Mode(upload.options.get("mode", Mode.BOTH)), tuple(kept), upload.started_at)


async def _known_base(work: Work, upload: Upload) -> int | None:
    """The base that a trial's rows would go into, when there is one of that name."""
    named = select(CustomerBase.id).where(CustomerBase.name == upload.base_name, CustomerBase.deleted_at.is_(None))
    return (await work.session.execute(named)).scalar()


async def _target(work: Work, upload: Upload) -> Target:
    assert upload.base_id is not None, "a running upload has its base"
    rules = load_rules_of(upload, upload.base_id)
    if upload.campaign_id is None:
        return Target(rules, None, 0, upload.created_by)
    # Held until the commit, so that a new priority of the campaign reaches the cases made here too.
    held = select(Campaign).where(Campaign.id == upload.campaign_id).with_for_update(read=True)
    campaign = (await work.session.execute(held.execution_options(populate_existing=True))).scalar_one()
    if campaign.archived_at is not None:
        raise Conflict(sentence=N_("La campaña está archivada: no recibe casos."))
    return Target(rules, campaign.id, campaign.priority, upload.created_by)


async def _write_refusals(work: Work, upload: Upload, chunk: Chunk) -> None:
    """Every reason of every row: the first one of a refused row is what refuses it."""
    header: list[str] = upload.options["names"]
    warned = chunk.warned_rows
    rows = [
        {
            "job_id": upload.id,
            "row_number": outcome.record.number,
            "place": place,
            "warning": outcome.record.number in warned,
            "column": header[defect.column] if 0 <= defect.column < len(header) else "",
            "reason": defect.reason.value,
            "value": defect.value,
            "line": [cell.replace("\0", "�")[:500] for cell in outcome.record.cells[:200]],
        }
        for outcome, defects in sorted([*chunk.refused, *chunk.warned], key=lambda pair: pair[0].record.number)
        for place, defect in enumerate(defects)
    ]
    if rows:
        await work.session.execute(insert(UploadRefusal), rows)


def _advance(upload: Upload, chunk: Chunk, done: StoreCounts, work: Work) -> None:
    block = chunk.block
    upload.done += chunk.read
    upload.refused += len(chunk.refused)
    upload.created += done.created
    upload.updated += done.updated
    upload.unchanged += done.unchanged
    upload.cases += done.cases
    upload.changes += done.changes
    upload.next_byte, upload.next_row = block.next.byte, block.next.number
    upload.total = upload.done if block.ended else max(upload.total, upload.done)
    upload.moved_at = work.now
    upload.version += 1


async def _end(work: Work, upload: Upload) -> None:
    storing = upload.state is UploadState.RUNNING
    upload.state = UploadState.DONE if storing else UploadState.CHECKED
    upload.ended_at = work.now
    if storing:
        told = ("total", "created", "updated", "unchanged", "refused", "cases")
        counts = {name: getattr(upload, name) for name in told}
        await work.audit("import.done", f"import:{upload.id}", **counts)
        await tell_lists(work, upload)


# Campaigns in which a customer of this upload has a case that is shown somewhere.
_TOUCHED = text("""
    SELECT campaigns.id FROM campaigns WHERE EXISTS (
        SELECT FROM cases JOIN base_members ON base_members.customer_id = cases.customer_id
        WHERE cases.campaign_id = campaigns.id AND cases.status <> 'closed'
          AND base_members.base_id = :base AND base_members.job_id = :job)""")


async def tell_lists(work: Work, upload: Upload) -> None:
    """Tell every screen whose lists this upload may have changed to fetch them again, once per audience."""
    await work.session.flush()
    touched = (await work.session.execute(_TOUCHED, {"base": upload.base_id, "job": upload.id})).scalars()
    audience = await all_of_lists(work, touched)
    stored = upload.created + upload.updated + upload.unchanged
    work.tell(ListChanged(at=work.now, scope="cases", reason="import", count=stored, audience=audience))

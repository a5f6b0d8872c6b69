"""`atiende import`: the same import as the page's, carried out here, with its progress on the terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select

from ...models.bases.upload import Upload, UploadState
from ...models.campaigns.campaign import Campaign
from ...models.refused import N_, FileRefused, NotFound, Refused
from ...models.rows.upload import UploadRow, upload_row
from ...queue.bases.uploads.lifecycle import start_check, start_run
from ...queue.bases.uploads.options import UploadOptions
from ...queue.bases.uploads.progress import GOING
from ...queue.bases.uploads.refused_rows import reason_counts
from ...queue.bases.uploads.taking import take_upload
from ...queue.bases.uploads.worker import run_upload
from ...queue.work import House, Work
from ..connections import connections
from ..doors.received_files import drop_file, keep_file
from ..settings import Settings
from .export_base import progress

ELSEWHERE = 0.3  # seconds between two looks at a job that a worker does


@dataclass(frozen=True, slots=True)
class Order:
    """What the command was given. `ask`, when a person sits there, is told how many rows change customers who exist
    and says whether they may (S4-14)."""

    file: Path
    base: str
    campaign: str | None = None
    dry_run: bool = False
    ask: Callable[[int], bool] | None = None


def import_file(settings: Settings, order: Order) -> int:
    """Bring a file in (or only try it); the exit status: 0 when all of it was gone through, 2 when refused."""
    try:
        row, reasons = asyncio.run(_import(settings, order))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"No se pudo leer {order.file}: {error.strerror}.", file=sys.stderr)
        return 2
    print(_summary(row))
    for line in reasons:
        print(line)
    if row.state == (UploadState.CHECKED if order.dry_run else UploadState.DONE):
        return 0
    print(
        row.error or ("No se cargó nada." if row.state == UploadState.CHECKED else "No se cargó todo."), file=sys.stderr
    )
    return 1


def ask(changes: int) -> bool:
    """Whether the person at the terminal lets customers who exist be changed."""
    question = f"Filas que cambian clientes que ya existen: {changes}. ¿Actualizarlos? [s/N] "
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("s", "si", "sí", "y", "yes")


async def _import(settings: Settings, order: Order) -> tuple[UploadRow, list[str]]:
    async with connections(settings) as opened:
        house = opened.house
        row = await _bring_in(house, order, await _campaign(house, order.campaign))
        async with house.look() as session:
            counts = await reason_counts(session, row.id, lambda sentence: sentence)
    return row, [f"  {reason.title}: {reason.count}{' (aviso)' if reason.warning else ''}" for reason in counts]


async def _bring_in(house: House, order: Order, campaign_id: int | None) -> UploadRow:
    """Carry the import out to its end; what became of it. Raises OSError, FileRefused, BadInput."""
    data_dir = Path(house.data_dir)
    with order.file.open("rb") as given:
        received = await asyncio.to_thread(keep_file, given, order.file.name, data_dir)
    try:
        async with house.work() as work:
            job_id = (await take_upload(work, received, UploadOptions(name=order.base, campaign_id=campaign_id))).id
        if received.workbook:
            await _open_workbook(house, job_id)
        agreed = None  # where nobody sits, the command itself is the word
        if order.dry_run or order.ask:
            tried = await _to_its_end(house, job_id, start_check)
            agreed = tried.to_agree
            if order.dry_run or (agreed and order.ask and not await asyncio.to_thread(order.ask, agreed)):
                return tried
        return await _to_its_end(house, job_id, partial(start_run, agreed=agreed))
    except Refused:
        drop_file(data_dir / received.path)
        raise


async def _open_workbook(house: House, job_id: str) -> None:
    """Wait for its rows; says which sheets are not among them. Raises FileRefused."""
    while (row := await _look(house, job_id)).state == UploadState.READING:
        await run_upload(house, job_id=job_id)
        await asyncio.sleep(0 if (await _look(house, job_id)).state != row.state else ELSEWHERE)
    if row.state == UploadState.FAILED:
        raise FileRefused(field="file", sentence=row.error)
    async with house.look() as session:
        upload = await session.get_one(Upload, job_id)
    read = upload.options["sheets_read"]
    if left := [name for name in upload.options["sheets"] if name not in read]:
        print(f"No se leen otras hojas del libro: {', '.join(left)}.", file=sys.stderr)


async def _to_its_end(house: House, job_id: str, start: Callable[[Work, str], Awaitable[object]]) -> UploadRow:
    """Start the job and do it, together with a worker if there is one."""
    async with house.work() as work:
        await start(work, job_id)
    teller = asyncio.create_task(_tell(house, job_id))
    try:
        while (row := await _look(house, job_id)).state in GOING:
            await run_upload(house, job_id=job_id)
            if (await _look(house, job_id)).done == row.done:
                await asyncio.sleep(ELSEWHERE)
    finally:
        teller.cancel()
        await asyncio.wait([teller])
    return row


async def _tell(house: House, job_id: str) -> None:
    """A bar that grows, where a person looks at it."""
    with progress() as bar:
        if bar.disable:
            return
        row = await _look(house, job_id)
        task = bar.add_task(row.name, total=row.total)
        while True:
            row = await _look(house, job_id)
            bar.update(task, completed=row.done, total=row.total)
            await asyncio.sleep(ELSEWHERE)


async def _look(house: House, job_id: str) -> UploadRow:
    async with house.look() as session:
        return await upload_row(session, job_id)


async def _campaign(house: House, name: str | None) -> int | None:
    if not name:
        return None
    async with house.look() as session:
        found = (await session.execute(select(Campaign.id).where(Campaign.name == name))).scalar()
    if found is None:
        raise NotFound(sentence=N_("No hay una campaña «%(name)s»."), name=name)
    return found


def _summary(row: UploadRow) -> str:
    kind = "Prueba, no se guardó nada" if row.state == UploadState.CHECKED else "Guardado"
    return (
        f"{kind}: {row.done} leídas = {row.created} nuevas + {row.updated} actualizan + "
        f"{row.unchanged} sin cambios + {row.refused} rechazadas. Casos creados: {row.cases}."
    )

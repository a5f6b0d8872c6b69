"""`atiende import`: the same import as the page's, carried out here, with its progress on the terminal."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sqlalchemy import select

from ..models.campaign import Campaign
from ..models.import_job import ImportState
from ..models.refused import N_, NotFound, Refused
from ..queue.import_jobs import run_import
from ..queue.imports.carry_out import start_check, start_run
from ..queue.imports.progress import GOING
from ..queue.imports.report import reason_counts
from ..queue.imports.set_up import Wishes, take_upload
from ..queue.work import SERVER, Actor, House
from ..realtime.import_rows import ImportJobRow, import_job_row
from .connections import connections
from .export_command import progress
from .settings import Settings
from .uploads import keep_file

ELSEWHERE = 0.3  # seconds between two looks at a job that a worker does


def import_file(settings: Settings, file: Path | str, base: str, campaign: str | None, dry_run: bool) -> int:
    """Bring a file in (or only try it); the exit status: 0 when all of it was gone through, 2 when refused."""
    try:
        row, reasons = asyncio.run(_import(settings, Path(file), base, campaign, dry_run))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"No se pudo leer {file}: {error.strerror}.", file=sys.stderr)
        return 2
    print(_said(row, dry_run))
    for line in reasons:
        print(line)
    if row.state in (ImportState.DONE, ImportState.CHECKED):
        return 0
    print(row.error or "La carga se detuvo.", file=sys.stderr)
    return 1


async def bring_in(
    house: House, file: Path, base: str, campaign_id: int | None, *, dry_run: bool = False, actor: Actor = SERVER
) -> ImportJobRow:
    """Carry an import of a file out to its end; what became of it. Raises OSError, FileRefused, BadInput."""
    data_dir = Path(house.data_dir)
    with file.open("rb") as given:
        upload = await asyncio.to_thread(keep_file, given, file.name, data_dir)
    try:
        async with house.work(actor) as work:
            job_id = (await take_upload(work, upload, Wishes(name=base, campaign_id=campaign_id))).id
            await (start_check if dry_run else start_run)(work, job_id)
    except BaseException:
        (data_dir / upload.path).unlink(missing_ok=True)
        raise
    return await _to_its_end(house, job_id)


async def _import(
    settings: Settings, file: Path, base: str, campaign: str | None, dry_run: bool
) -> tuple[ImportJobRow, list[str]]:
    async with connections(settings) as opened:
        house = opened.house
        row = await bring_in(house, file, base, await _campaign(house, campaign), dry_run=dry_run)
        async with house.look() as session:
            counts = await reason_counts(session, row.id, lambda sentence: sentence)
    return row, [f"  {reason.title}: {reason.count}{' (aviso)' if reason.warning else ''}" for reason in counts]


async def _to_its_end(house: House, job_id: str) -> ImportJobRow:
    """Do the job, together with a worker if there is one."""
    teller = asyncio.create_task(_tell(house, job_id))
    try:
        while (row := await _look(house, job_id)).state in GOING:
            await run_import(house, job_id=job_id)
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


async def _look(house: House, job_id: str) -> ImportJobRow:
    async with house.look() as session:
        return await import_job_row(session, job_id)


async def _campaign(house: House, name: str | None) -> int | None:
    if not name:
        return None
    async with house.look() as session:
        found = (await session.execute(select(Campaign.id).where(Campaign.name == name))).scalar()
    if found is None:
        raise NotFound(sentence=N_("No hay una campaña «%(name)s»."), name=name)
    return found


def _said(row: ImportJobRow, dry_run: bool) -> str:
    kind = "Prueba, no se guardó nada" if dry_run else "Guardado"
    return (
        f"{kind}: {row.done} leídas = {row.created} nuevas + {row.updated} actualizan + "
        f"{row.unchanged} sin cambios + {row.refused} rechazadas. Casos creados: {row.cases}."
    )

"""Uploads in the worker: chunk after chunk for some seconds, then the next upload goes on.

A upload that is killed left its chunks committed and its place with them; the clock wakes it again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from ....models.bases.upload import Upload, UploadKind, UploadState
from ....models.people.agent import Agent, State
from ....models.refused import N_, Refused
from ...work import House, again
from .chunk import do_chunk
from .lifecycle import fail
from .progress import JOB
from .read_ahead import ReadAhead
from .unpacking import unpack

log = structlog.get_logger()
SECONDS = 6.0  # of one upload; far below the worker's limit of 30
KEPT = 7 * 86_400.0  # seconds that a file waits for somebody to go on with it
_GONE = N_("El archivo ya no está en el servidor. Súbalo de nuevo: lo guardado no se duplica.")
_BROKEN = N_("La carga se detuvo por un error nuestro. Lo guardado está completo y se puede continuar.")


async def run_upload(house: House, *, job_id: str) -> None:
    """Do chunks of an upload until it ends, is stopped, or this job's time is over. `job_id` is the upload's number."""
    upload_id, began, ahead = job_id, time.monotonic(), ReadAhead()
    started = began

    async def chunk() -> bool:
        if not house.has_room():
            log.warning("import.no_room", job=upload_id)
            return False  # the clock wakes it again, until there is room
        async with house.work() as work:
            more = await do_chunk(work, upload_id, ahead)
            if more and (over := time.monotonic() - began > SECONDS):
                work.later(JOB, job_id=upload_id)
                return not over
        return more

    try:
        await unpack(house, upload_id)
        while await again(chunk):
            await asyncio.sleep(await rest(house, time.monotonic() - started))
            started = time.monotonic()
    except FileNotFoundError:
        await _fail(house, upload_id, _GONE)
    except Refused as why:
        await _fail(house, upload_id, why.message, why.extra.get("changes"))
    except Exception as why:
        if _passes(why):
            raise  # the database is away: the clock wakes the upload when it is back
        log.exception("import.failed", job=upload_id)
        await _fail(house, upload_id, _BROKEN)
    else:
        await ahead.stop()
        await _tidy(house, upload_id)
    finally:
        await ahead.stop()


async def rest(house: House, worked: float) -> float:
    """Seconds to rest after `worked` seconds, for agents: a hundredth of them for each one at work, as long at most."""
    async with house.look() as session:
        at_work = await session.scalar(select(func.count()).where(Agent.state != State.OFFLINE)) or 0
    return worked * min(at_work / 100, 1)


def _passes(why: Exception) -> bool:
    """Whether the trouble is with a connection and not with what we did."""
    if isinstance(why, DBAPIError):
        state = str(getattr(why.orig, "sqlstate", None) or "")
        return why.connection_invalidated or not state.startswith(("21", "22", "23", "42"))
    return isinstance(why, OSError | TimeoutError)


async def _fail(house: House, upload_id: str, sentence: str, changes: int | None = None) -> None:
    async with house.work() as work:
        await fail(work, upload_id, sentence, changes)


async def _tidy(house: House, upload_id: str) -> None:
    """A file that was stored is not kept: its rows are in the tables, the refused ones in the report. Nor is one that
    nobody went on with for a week."""
    async with house.look() as session:
        upload = await session.get(Upload, upload_id)
    if upload is not None and upload.kind is UploadKind.UPLOAD and upload.path and upload.state is UploadState.DONE:
        await asyncio.to_thread(_take_away, Path(house.data_dir) / upload.path)


def _take_away(path: Path) -> None:
    """The file with what was made beside it, and all that is too old."""
    old = time.time() - KEPT
    for file in path.parent.iterdir():
        if file.name.startswith(path.name) or (file.is_file() and file.stat().st_mtime < old):
            file.unlink(missing_ok=True)


JOBS: dict[str, Callable[..., Awaitable[None]]] = {JOB: run_upload}

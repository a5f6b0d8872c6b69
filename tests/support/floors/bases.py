"""A house for tests of uploads: a folder for files, jobs caught instead of sent, a campaign to fill."""

from __future__ import annotations

import asyncio
import io
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from atiende.models.bases.upload import Upload, UploadRefusal, UploadState
from atiende.models.campaigns.campaign import Campaign, CampaignType, Mode
from atiende.models.people.user import User
from atiende.models.permissions import Role
from atiende.queue.bases.examples.demo_base import Counts, write_base
from atiende.queue.bases.file.scan import FileScan
from atiende.queue.bases.uploads import chunk
from atiende.queue.bases.uploads.lifecycle import start_check, start_run
from atiende.queue.bases.uploads.options import UploadOptions
from atiende.queue.bases.uploads.preview import FilePreview, preview
from atiende.queue.bases.uploads.taking import ReceivedFile, Then, take_upload
from atiende.queue.bases.uploads.worker import run_upload
from atiende.queue.work import Actor, House, Let
from atiende.server.doors.received_files import keep_file

TODAY = date(2026, 11, 30)

if TYPE_CHECKING:
    import pytest


@dataclass
class BasesHouse:
    """`jobs` are the imports that wait for a worker, `told` the events that went out."""

    house: House
    folder: Path
    campaign: int = 0
    supervisor: Actor = field(default_factory=lambda: Actor(None, "Nadie", Role.SUPERVISOR))
    jobs: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    async def upload(self, content: bytes, **wishes: Any) -> str:
        """Take this file in; the number of its job. Without a campaign unless one is wished for."""
        path = self.folder / f"file-{len(list(self.folder.iterdir()))}"
        path.write_bytes(content)
        return await self.take(path, **wishes)

    async def upload_file(self, file: Path, **wishes: Any) -> str:
        """Take a copy of this file in, of any size; the number of its job."""
        return await self.take(Path(shutil.copy(file, self.folder / f"copy-{uuid.uuid4().hex}")), **wishes)

    async def take(self, path: Path, **wishes: Any) -> str:
        """Take in a file that lies in the folder; the number of its job."""
        scan = FileScan()
        with path.open("rb") as file:
            while block := file.read(65536):
                scan.feed(block)
        scan.finish()
        async with self.house.work(self.supervisor) as work:
            asked = UploadOptions(**{"name": "Mora", **wishes})
            return (
                await take_upload(work, ReceivedFile("base.csv", str(path.relative_to(self.folder)), scan), asked)
            ).id

    async def upload_workbook(self, content: bytes, then: Then | None = None, **wishes: Any) -> str:
        """Take a workbook in, and have it opened; the number of its job."""
        received = await asyncio.to_thread(keep_file, io.BytesIO(content), "base.xlsx", self.folder)
        async with self.house.work(self.supervisor) as work:
            asked = UploadOptions(**{"name": "Mora", **wishes})
            job_id = (await take_upload(work, received, asked, then)).id
        await self.finish(job_id)
        return job_id

    async def preview(self, job_id: str) -> FilePreview:
        """How a job's file reads."""
        return preview(await self.job(job_id), self.house, TODAY)

    async def check(self, job_id: str) -> Upload:
        """Try a job to its end."""
        async with self.house.work(self.supervisor) as work:
            await start_check(work, job_id)
        return await self.finish(job_id)

    async def run(self, job_id: str, agreed: int | None = None) -> Upload:
        """Carry a job out to its end, or to where it is held."""
        async with self.house.work(self.supervisor) as work:
            await start_run(work, job_id, agreed)
        return await self.finish(job_id)

    async def store(self, content: bytes, **wishes: Any) -> Upload:
        """Take a file in and carry it out, into the campaign."""
        return await self.run(await self.upload(content, **{"campaign_id": self.campaign, **wishes}))

    async def finish(self, job_id: str) -> Upload:
        """Do the waiting jobs until there are none."""
        while self.jobs:
            await run_upload(self.house, job_id=self.jobs.pop())
        return await self.job(job_id)

    async def job(self, job_id: str) -> Upload:
        """The job as it is stored."""
        async with self.house.look() as session:
            return (await session.execute(select(Upload).where(Upload.id == job_id))).scalar_one()

    async def refusals(self, job_id: str) -> list[UploadRefusal]:
        """Why rows were refused, in the order of the file."""
        wanted = select(UploadRefusal).where(UploadRefusal.job_id == job_id).order_by(UploadRefusal.row_number)
        async with self.house.look() as session:
            return list((await session.execute(wanted)).scalars())

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query answers."""
        async with self.house.look() as session:
            return [tuple(row) for row in await session.execute(text(query))]

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return int((await self.rows(f"SELECT count(*) FROM {table}"))[0][0])


def chunks_of(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every chunk of an upload have this many rows."""
    for most in ("ROWS", "ROWS_OF_KNOWN"):
        monkeypatch.setattr(chunk, most, rows)


def messy(folder: Path, rows: int, **values: Any) -> tuple[bytes, Counts]:
    """A made-up base with its defects, and what it holds; the same every time."""
    path = folder / "messy.csv"
    counts = write_base(path, rows, **values)
    content = path.read_bytes()
    path.unlink()
    return content, counts


def adds_up(job: Upload) -> bool:
    """Whether a finished job accounts for every row."""
    done = job.state in (UploadState.DONE, UploadState.CHECKED)
    return done and job.total == job.done == job.created + job.updated + job.unchanged + job.refused


@asynccontextmanager
async def bases_house(database_url: str, folder: Path) -> AsyncIterator[BasesHouse]:
    """A house over a test's own database and folder."""
    engine = create_async_engine(database_url)

    async def release(waiting: list[tuple[int, Let]]) -> list[int]:
        for _, let in waiting:
            if let.kind == "job":
                made.jobs.append(let.payload["arguments"]["job_id"])
            elif let.kind == "event":
                made.told.append(let.payload)
        return [row for row, _ in waiting]

    made = BasesHouse(House(engine, release, "CO", ZoneInfo("America/Bogota"), "es", str(folder)), folder)
    async with made.house.work() as work:
        user = User(username="hernan", name="Hernán Castaño", role=Role.SUPERVISOR)
        kind = (await work.session.execute(select(CampaignType.id).limit(1))).scalar() or 0
        if not kind:
            row = CampaignType(code="collections", name="Cobranza")
            work.session.add(row)
            await work.session.flush()
            kind = row.id
        campaign = Campaign(name="Recuperación de mora", type_id=kind, mode=Mode.MANUAL, priority=2)
        work.session.add_all([user, campaign])
        await work.session.flush()
        made.supervisor, made.campaign = Actor(user.id, user.name, user.role), campaign.id
    yield made
    await engine.dispose()

"""`atiende export`: a base as CSV on the standard output, the same as the page's."""

from __future__ import annotations

import asyncio
import os
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import func, select

from ...models.customers.customer import BaseMember, CustomerBase
from ...models.refused import N_, NotFound, Refused
from ...queue.bases.export.base_file import csv_lines
from ...queue.work import House
from ..connections import connections
from ..settings import Settings


def export_base(settings: Settings, base: str) -> int:
    """Write a base by its name (or number); the exit status: 2 when there is none."""
    try:
        asyncio.run(_export(settings, base))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


async def _export(settings: Settings, wanted: str) -> None:
    async with connections(settings) as opened:
        base, customers = await _find(opened.house, wanted)
        async with opened.house.work() as work:  # nobody is signed in here: whoever has the machine
            await work.audit("base.exported", f"base:{base.id}", customers=customers, format="csv", by="atiende export")
        out = sys.stdout.buffer
        with progress() as bar:
            task = bar.add_task(base.name, total=customers)
            async with opened.house.look() as session:
                async for part in csv_lines(session, base.id):
                    out.write(part)
                    bar.advance(task, part.count(b"\r\n"))
        out.flush()


async def _find(house: House, wanted: str) -> tuple[CustomerBase, int]:
    async with house.look() as session:
        named = select(CustomerBase).where(CustomerBase.deleted_at.is_(None))
        base = (await session.execute(named.where(CustomerBase.name == wanted))).scalar_one_or_none()
        if base is None and wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
            base = (await session.execute(named.where(CustomerBase.id == int(wanted)))).scalar_one_or_none()
        if base is None:
            raise NotFound(sentence=N_("No hay una base «%(name)s»."), name=wanted)
        members = select(func.count()).where(BaseMember.base_id == base.id)
        return base, (await session.execute(members)).scalar_one()


def progress() -> Progress:
    """A bar on the terminal of whoever looks; nothing where nobody does."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)

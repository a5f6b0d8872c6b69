"""Puts a backup into an empty place: the files and the secret into the data folder, the rows into the database."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from .archive import DATABASE, SECRET
from .failed import BackupFailed
from .kept_files import files_below
from .postgres_tools import load

_TABLES = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")


def refuse_used_folder(data_dir: Path) -> None:
    """Raises BackupFailed when something would be mixed with what is there."""
    used = any(files_below(data_dir)) if data_dir.exists() else False
    if used or (data_dir / "postgresql").exists():
        raise BackupFailed(f"{data_dir} ya tiene datos; restaure en una carpeta vacía: --into CARPETA.")


async def refuse_used_database(url: str) -> None:
    """Raises BackupFailed when the database has tables."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            if await connection.scalar(_TABLES):
                raise BackupFailed("La base de datos ya tiene tablas; restaure en una vacía.")
    finally:
        await engine.dispose()


@contextmanager
def all_or_nothing(data_dir: Path) -> Iterator[None]:
    """What came into the folder is taken away when the block fails."""
    before = set(data_dir.iterdir())
    try:
        yield
    except BaseException:
        for made in set(data_dir.iterdir()) - before:
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        raise


def put_secret(archive: ZipFile, data_dir: Path) -> None:
    """The secret that signs cookies and links, so that people stay signed in."""
    if SECRET in archive.namelist():
        file = data_dir / "secret_key"
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(archive.read(SECRET))


async def put_rows(archive: ZipFile, url: str) -> None:
    """The rows into an empty database. Raises BackupFailed."""
    await refuse_used_database(url)
    with archive.open(DATABASE) as dumped:
        await asyncio.to_thread(load, url, dumped)

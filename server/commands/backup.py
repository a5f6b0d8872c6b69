"""`atiende backup` and `atiende restore`: a whole installation in one file, and back."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from ...models.records import AuditRow
from ..backup.archive import Manifest, opened_archive, put_files
from ..backup.failed import BackupFailed
from ..backup.make import Made, make_backup
from ..backup.put_back import all_or_nothing, put_rows, put_secret, refuse_used_folder
from ..settings import Settings
from ..up.postgres import PrivatePostgres
from ..up.run_folder import only_one
from .migrate import migrate_database


def backup(settings: Settings, file: Path) -> int:
    """Write everything into `file`; the exit status."""
    try:
        made = asyncio.run(_backup(settings, file.absolute()))
    except (BackupFailed, DBAPIError, OSError) as why:
        return _say_why(why)
    print(f"Copia de {made.manifest.at} en {file}: {made.size / 1e6:.1f} MB, {made.files} archivos.")
    return 0


async def _backup(settings: Settings, file: Path) -> Made:
    url = settings.database_url or ""
    made = await make_backup(url, settings.data_dir, settings.secret_key, file)
    await _audit(url, "backup.made", {"file": file.name, "at": made.manifest.at, "files": made.files})
    return made


def restore(settings: Settings, file: Path, into: Path | None) -> int:
    """Put `file` back into an empty folder (and database); the exit status."""
    data_dir = (into or settings.data_dir).absolute()
    try:
        with opened_archive(file) as (archive, manifest):
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            refuse_used_folder(data_dir)
            with all_or_nothing(data_dir), ExitStack() as stack:
                url = settings.database_url or _own_database(data_dir, stack)
                put_files(archive, data_dir)
                put_secret(archive, data_dir)
                asyncio.run(_rows(url, archive, manifest, file))
    except (BackupFailed, DBAPIError, OSError) as why:
        return _say_why(why)
    print(f"Restaurado en {data_dir} lo que había en {manifest.at}.")
    if not manifest.whole:
        print("Esta copia es solo de la base de datos: faltan los archivos y la clave secreta.")
    return 0


def _own_database(data_dir: Path, stack: ExitStack) -> str:
    """A private server in the folder, for the time of the command."""
    stack.enter_context(only_one(data_dir / "run"))
    server = PrivatePostgres(data_dir)
    stack.callback(server.stop)
    server.start()
    server.wait_ready()
    return server.url()


async def _rows(url: str, archive: ZipFile, manifest: Manifest, file: Path) -> None:
    await put_rows(archive, url)
    await migrate_database(url)  # a backup of an older version goes on with this one
    await _audit(url, "backup.restored", {"file": file.name, "at": manifest.at})


async def _audit(url: str, action: str, detail: dict[str, object]) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(insert(AuditRow).values(action=action, subject="installation", detail=detail))
    finally:
        await engine.dispose()


def _say_why(why: Exception) -> int:
    reason = getattr(why, "orig", None) or why
    print(str(reason).splitlines()[0] if str(reason) else type(reason).__name__, file=sys.stderr)
    return 2

"""Which customers an upload has already had, in a small file beside it: bounded memory for any number of rows.

Written as chunks are stored and cut back to the job's own place when a chunk begins, so a killed worker leaves nothing
wrong in it. It is only about the file; what is stored is settled by the database's own unique indexes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType


class Seen:
    """Names with the number of the row where each first stood."""

    def __init__(self, path: Path, before: int) -> None:
        """Open it as it was before row `before`."""
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA temp_store = MEMORY")
        # 63 bits of a hash: among ten million names two are taken for one in one file of a hundred thousand.
        self._db.execute("CREATE TABLE IF NOT EXISTS seen (name INTEGER PRIMARY KEY, row INTEGER)")
        self._db.execute("CREATE TEMPORARY TABLE now (name INTEGER, row INTEGER)")
        self._db.execute("BEGIN IMMEDIATE")
        if before > 1:
            self._db.execute("DELETE FROM seen WHERE row >= ?", (before,))
        else:
            self._db.execute("DELETE FROM seen")

    def earlier(self, names: Sequence[str], rows: Sequence[int]) -> dict[int, int]:
        """Remember these names of rows, in the order of the file; {row: the row before it that has the same name}."""
        named = [(_digest(name), row) for name, row in zip(names, rows, strict=True)]
        self._db.execute("DELETE FROM now")
        self._db.executemany("INSERT INTO now VALUES (?, ?)", named)
        self._db.execute("INSERT OR IGNORE INTO seen SELECT name, row FROM now ORDER BY rowid")
        return dict(
            self._db.execute("SELECT now.row, seen.row FROM now JOIN seen USING (name) WHERE seen.row <> now.row")
        )

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")
        self._db.close()


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()) >> 1

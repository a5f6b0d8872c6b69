"""Which customers an upload has already had, in a small file beside it: bounded memory for any number of rows.

Written as rows are read and cut back to the job's own place when a reading starts again, so a killed worker leaves
nothing wrong in it. It is only about the file; what is stored is settled by the database's own unique indexes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from types import TracebackType


class Seen:
    """Identities with the number of the row where each first stood."""

    def __init__(self, path: Path, before: int) -> None:
        """Open it as it was before row `before`."""
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("CREATE TABLE IF NOT EXISTS seen (name BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self._db.execute("BEGIN IMMEDIATE")
        with closing(self._db.execute("SELECT max(row) FROM seen")) as found:
            last = found.fetchone()[0]
        if last is not None and last >= before:
            self._db.execute("DELETE FROM seen WHERE row >= ?", (before,))

    def first(self, name: str, row: int) -> int:
        """The row where `name` stood first: `row` itself when it is new."""
        digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=12).digest()
        found: tuple[int] | None = self._db.execute("SELECT row FROM seen WHERE name = ?", (digest,)).fetchone()
        if found is not None:
            return found[0]
        self._db.execute("INSERT INTO seen VALUES (?, ?)", (digest, row))
        return row

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")
        self._db.close()

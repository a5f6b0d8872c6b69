"""Which customers an upload has already had, in a small file beside it: bounded memory for any number of rows.

What stands in the file follows from the upload alone: each name with the first row that has it. So a chunk that is done
again after a kill writes the same, and names of rows yet to come tell it nothing: it asks for those before its own.
What is stored is settled by the database's own unique indexes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

Name = tuple[int, int]  # a customer or a row as a number, and the number of the row that names it


class SeenNames:
    """Names with the number of the row where each first stood."""

    def __init__(self, path: Path, *, afresh: bool = False) -> None:
        """`afresh` forgets an earlier try of the same file, which may have had another key."""
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA temp_store = MEMORY")
        self._db.execute("CREATE TABLE IF NOT EXISTS seen (name INTEGER PRIMARY KEY, row INTEGER)")
        if afresh:
            self._db.execute("DELETE FROM seen")

    def earlier(self, names: Sequence[Name], start: int) -> dict[int, int]:
        """{row: the row before it that has the same name}, of rows in the order of the file, none before `start`."""
        first: dict[int, int] = {}
        for name, row in names:
            first.setdefault(name, row)
        first |= self._before(first, start)
        return {row: first[name] for name, row in names if first[name] != row}

    def remember(self, names: Iterable[Name]) -> None:
        """Write names down; those that are there already stay at their first row."""
        self._db.execute("BEGIN IMMEDIATE")
        # In the order of the table, so that a chunk writes a page once; of equal names the first row.
        self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", sorted(names))
        self._db.execute("COMMIT")

    def _before(self, names: Iterable[int], start: int) -> dict[int, int]:
        self._db.execute("CREATE TEMPORARY TABLE IF NOT EXISTS now (name INTEGER PRIMARY KEY)")
        self._db.execute("DELETE FROM now")
        self._db.executemany("INSERT INTO now VALUES (?)", ((name,) for name in sorted(names)))
        found = self._db.execute("SELECT name, row FROM now CROSS JOIN seen USING (name) WHERE row < ?", (start,))
        return dict(found.fetchall())

    def __enter__(self) -> SeenNames:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()


def name_of(text: str, row: int) -> Name:
    """63 bits of a hash: among ten million names two are taken for one in one file of a hundred thousand."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) >> 1, row

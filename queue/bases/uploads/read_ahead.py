"""A chunk of a file read and sorted out: rows to be stored, rows refused by themselves, rows that repeat another.

Reading stores nothing, so the next chunk is read while the present one is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from ..file.delimited import Place
from ..file.reasons import Defect, Reason
from ..rows.block_reader import Block, Limits, read_block
from ..rows.parse_rules import ParseRules
from ..rows.parsed_rows import ParsedRows
from ..rows.row_parser import Outcome
from ..store.repeats import Name, SeenNames, name_of

BYTES = 8 << 20
SECONDS = 5.0  # of reading
SAME_CUSTOMER = 20  # rows of one customer in a chunk: each is a round of statements


@dataclass(frozen=True, slots=True)
class Source:
    """Where a chunk is read: the file with its rules, from which place, and the file of the names in it."""

    path: Path
    options: dict[str, Any]
    rules: ParseRules
    start: Place
    most: int  # rows
    seen_at: Path


@dataclass(slots=True)
class Chunk:
    """What was read: rows that can be stored, what was wrong with others, and which customers they name."""

    source: Source
    block: Block
    rows: ParsedRows
    names: list[Name] = field(default_factory=list)
    refused: list[tuple[Outcome, list[Defect]]] = field(default_factory=list)
    warned: list[tuple[Outcome, list[Defect]]] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many rows of the file were gone through, blank lines apart."""
        return len(self.rows) + len(self.refused)

    @property
    def warned_rows(self) -> set[int]:
        """The numbers of rows that are stored without some of their cells."""
        return {outcome.record.number for outcome, _ in self.warned}

    def leave_out(self, numbers: Iterable[int], defect: Callable[[int], Defect]) -> None:
        """Refuse rows that are good in themselves, apart from cells that were left out."""
        gone = set(numbers)
        if gone:
            for number in sorted(gone):
                outcome = self.block.outcome(number)
                self.refused.append((outcome, [defect(number), *outcome.defects]))
            self.warned = [pair for pair in self.warned if pair[0].record.number not in gone]
            self.rows = self.rows.only(set(self.rows.numbers) - gone)


def read_chunk(source: Source) -> Chunk:
    """Sort the rows out: those refused by themselves, those that repeat an earlier one, and those to be stored."""
    limits = Limits(source.most, BYTES, SECONDS, SAME_CUSTOMER)
    block = read_block(source.path, source.options, source.rules, source.start, limits)
    chunk = Chunk(source, block, block.parsed)
    for _, outcome in sorted(block.outcomes.items()):
        if outcome.row is None:
            chunk.refused.append((outcome, sorted(outcome.defects, key=lambda defect: defect.warning)))
        elif outcome.defects:
            chunk.warned.append((outcome, outcome.defects))
    _leave_out_repeated(chunk)
    return chunk


def _leave_out_repeated(chunk: Chunk) -> None:
    """Refuse rows whose customer and account stood before, and mark those whose customer did."""
    keys, numbers = chunk.rows.rows["key"].to_list(), chunk.rows.numbers
    accounts = chunk.rows.rows["account"].fill_null("").to_list()
    rows = [name_of(f"{key}\n{account}", n) for key, account, n in zip(keys, accounts, numbers, strict=True)]
    customers = [name_of(f"customer {key}", n) for key, n in zip(keys, numbers, strict=True)]
    start = chunk.source.start.number
    with SeenNames(chunk.source.seen_at, afresh=start <= 1) as seen:
        again = seen.earlier(customers, start)
        named = {name for name, row in customers if row in again}
        same = [row for row, (customer, _) in zip(rows, customers, strict=True) if customer in named]
        repeated = seen.earlier(same, start)
    chunk.names = rows + customers
    chunk.leave_out(repeated, lambda number: Defect(Reason.REPEATED, value=str(repeated[number])))
    if again:
        marked = pl.Series(sorted(again), dtype=pl.Int64).implode()
        chunk.rows.rows = chunk.rows.rows.with_columns(again=pl.col("row_number").is_in(marked))


def remember(chunk: Chunk) -> None:
    """Write the chunk's names down for those after it."""
    with SeenNames(chunk.source.seen_at) as seen:
        seen.remember(chunk.names)


class ReadAhead:
    """The next chunk is read while the present one is stored. Reading stores nothing, so it may be for nothing."""

    def __init__(self) -> None:
        self._next: tuple[Source, asyncio.Task[Chunk]] | None = None

    def begin(self, source: Source, after: asyncio.Future[None]) -> None:
        """Start reading as soon as the names before it are written down."""

        async def read() -> Chunk:
            await after
            return await asyncio.to_thread(read_chunk, source)

        self._next = (source, asyncio.create_task(read()))

    async def take(self, source: Source) -> Chunk:
        """The chunk asked for, read already or now. Raises FileNotFoundError."""
        begun, self._next = self._next, None
        if begun is not None and begun[0] == source:
            return await begun[1]
        if begun is not None:
            await asyncio.wait([begun[1]])
        return await asyncio.to_thread(read_chunk, source)

    async def stop(self) -> None:
        """Let go of what was read for nothing."""
        if self._next is not None:
            await asyncio.wait([self._next[1]])
            self._next[1].exception()
            self._next = None

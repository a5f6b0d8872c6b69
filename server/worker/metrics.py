"""Figures of a worker: jobs, the clock and its companions, and what waits in the outbox."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ...models.records import OutboxRow
from ..metrics import new_registry

_JOB_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_MOST = 10_000  # rows of the outbox that are counted one by one


class WorkerMetrics:
    """`job` and `tick` are put around what is done; `look` reads what only the database knows."""

    def __init__(self) -> None:
        self.registry = registry = new_registry()
        self._jobs = Counter("atiende_jobs_total", "Steps of jobs ended.", ("job", "outcome"), registry=registry)
        self._job_seconds = Histogram(
            "atiende_job_duration_seconds",
            "Time of one step of a job.",
            ("job",),
            buckets=_JOB_BUCKETS,
            registry=registry,
        )
        self._ticks = Counter(
            "atiende_ticks_total", "Rounds of what is done every second.", ("tick", "outcome"), registry=registry
        )
        self._tick_seconds = Gauge(
            "atiende_tick_duration_seconds", "Time of the last round.", ("tick",), registry=registry
        )
        self._tick_at = Gauge(
            "atiende_tick_last_success_timestamp_seconds", "When a round last ended well.", ("tick",), registry=registry
        )
        self._lag = Gauge(
            "atiende_tick_lag_seconds", "How much later than due the last round began.", ("tick",), registry=registry
        )
        self._waiting = Gauge("atiende_outbox_rows", f"Rows not let out yet, counted up to {_MOST}.", registry=registry)
        self._oldest = Gauge(
            "atiende_outbox_oldest_age_seconds", "Age of the oldest row not let out that is due.", registry=registry
        )

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """Around one step of a job."""
        with self._job_seconds.labels(name).time(), _counted(self._jobs, name):
            yield

    @contextmanager
    def tick(self, name: str, late: float) -> Iterator[None]:
        """Around one round that began `late` seconds after it was due."""
        began = time.monotonic()
        self._lag.labels(name).set(max(0.0, late))
        with _counted(self._ticks, name):
            yield
        self._tick_seconds.labels(name).set(time.monotonic() - began)
        self._tick_at.labels(name).set_to_current_time()

    async def look(self, engine: AsyncEngine) -> None:
        """Count the outbox."""
        due = func.coalesce(OutboxRow.not_before, OutboxRow.created_at)
        rows = select(due.label("due")).where(OutboxRow.released_at.is_(None)).limit(_MOST).subquery()
        age = func.extract("epoch", func.clock_timestamp() - func.min(rows.c.due))
        async with engine.connect() as connection:
            count, oldest = (await connection.execute(select(func.count(), age).select_from(rows))).one()
        self._waiting.set(count)
        self._oldest.set(max(0.0, float(oldest or 0)))


@contextmanager
def _counted(counter: Counter, name: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        counter.labels(name, "failed").inc()
        raise
    counter.labels(name, "done").inc()

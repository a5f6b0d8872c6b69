"""Figures of one process for Prometheus, and how one scrape shows those of all.

Worker and bridge leave theirs in Redis every few seconds under a key that soon expires; the web process that is asked
adds them to its own. Every sample says whose it is: `process` (web, worker, bridge) and its `pid`. A process that
died, or a Redis that is away, is seen by its figures missing.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis
from redis.exceptions import RedisError

disable_created_metrics()  # type: ignore[no-untyped-call]

KEY = "metrics:"
EVERY = 5.0  # seconds between two times a process leaves its figures
KEPT = 20  # seconds they are kept
PATIENCE = 1.0  # seconds a scrape waits for Redis

Text = tuple[Mapping[str, str], str]  # the labels that say whose it is, and the figures


def new_registry() -> CollectorRegistry:
    """A registry with what the system knows of this process: memory, CPU, open files."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    return registry


def own(process: str, registry: CollectorRegistry) -> Text:
    """The figures of this process as they are now."""
    return {"process": process, "pid": str(os.getpid())}, generate_latest(registry).decode()


def together(texts: Iterable[Text]) -> bytes:
    """The figures of several processes as one exposition, each family once."""
    merged = _Merged()
    for whose, text in texts:
        merged.add(whose, text)
    return generate_latest(merged)  # it only asks for collect()


class _Merged:
    """Families of several processes by name."""

    def __init__(self) -> None:
        self._families: dict[str, Metric] = {}

    def add(self, whose: Mapping[str, str], text: str) -> None:
        """Add the families of one process."""
        for family in text_string_to_metric_families(text):
            known = self._families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                known.add_sample(sample.name, {**sample.labels, **whose}, sample.value)

    def collect(self) -> Iterable[Metric]:
        """As a registry answers."""
        return self._families.values()


async def others(redis: Redis) -> list[Text]:
    """What the other processes left; nothing while Redis is away."""
    with suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            keys = sorted([key async for key in redis.scan_iter(match=f"{KEY}*", count=200)])
            texts = await redis.mget(keys) if keys else []
            return [(_whose(key), text.decode()) for key, text in zip(keys, texts, strict=True) if text]
    return []


def _whose(key: bytes) -> dict[str, str]:
    _, process, pid = key.decode().split(":")
    return {"process": process, "pid": pid}


@asynccontextmanager
async def published(
    redis: Redis, process: str, registry: CollectorRegistry, before: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[None]:
    """Leave the figures every few seconds for as long as the block lasts; `before` brings them up to date."""
    publishing = asyncio.create_task(_publish(redis, process, registry, before))
    try:
        yield
    finally:
        publishing.cancel()
        with suppress(asyncio.CancelledError):
            await publishing


async def _publish(
    redis: Redis, process: str, registry: CollectorRegistry, before: Callable[[], Awaitable[None]] | None
) -> None:
    while True:
        began = time.monotonic()
        with suppress(Exception):  # whatever is away: the figures are missing, which says it
            if before is not None:
                await before()
            whose, text = own(process, registry)
            await redis.set(f"{KEY}{process}:{whose['pid']}", text, ex=KEPT)
        await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began)))

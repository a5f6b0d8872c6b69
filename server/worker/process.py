"""The worker process: jobs of arq, and the clock with its counters, board and outbox sweeper.

The two go on side by side: while Redis is away no job runs, but the clock still looks at PostgreSQL once a second.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.exceptions import RedisError

from ...queue import clock
from ...queue.bases.uploads import worker
from ...queue.figures.counters import Counting
from ...queue.figures.wallboard import WallboardTeller
from ...queue.outbox import sweep
from ...queue.work import House
from ..connections import Connections, connections, make_redis
from ..metrics import published
from ..settings import Settings
from .metrics import WorkerMetrics

log = structlog.get_logger()

JOBS: dict[str, Callable[..., Awaitable[None]]] = {**worker.JOBS}
JOB_SECONDS = 30  # after a kill -9 arq starts a job again only past the longest limit of any
BOARD_SECONDS = 1.0
POLL_SECONDS = 0.5  # until a job that waits is begun; an idle worker asks as often


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sig, stop.set)
    async with connections(settings) as opened:
        house = opened.house
        metrics = WorkerMetrics()
        every = partial(_every, metrics)
        counting, board = Counting(house, opened.stream), WallboardTeller(house, opened.stream, opened.redis)
        tasks = [
            asyncio.create_task(_work_jobs(house, settings.redis_url or "", metrics)),
            asyncio.create_task(every("clock", 1.0, lambda: clock.tick(house))),
            asyncio.create_task(every("counting", 1.0, counting.tick)),
            asyncio.create_task(every("board", BOARD_SECONDS, board.tick)),
            asyncio.create_task(every("sweep", 1.0, lambda: _sweep(opened))),
        ]
        async with published(opened.redis, "worker", metrics.registry, partial(metrics.look, house.engine)):
            await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _sweep(opened: Connections) -> None:
    await sweep(opened.house.engine, opened.releaser)


async def _every(metrics: WorkerMetrics, name: str, seconds: float, act: Callable[[], Awaitable[Any]]) -> None:
    """Do `act` again and again, `seconds` from start to start; what fails is logged and tried again."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        began = loop.time()
        try:
            with metrics.tick(name, began - due):
                await act()
        except Exception as why:
            log.warning("worker.tick_failed", what=name, why=f"{type(why).__name__}: {why}"[:300])
        pause = max(0.05, seconds - (loop.time() - began))
        due = loop.time() + pause
        await asyncio.sleep(pause)


async def _work_jobs(house: House, redis_url: str, metrics: WorkerMetrics) -> None:
    """Run jobs; when Redis goes away, begin again once it is back."""
    while True:
        redis = make_redis(redis_url)
        worker = make_worker(house, redis, metrics)
        try:
            await worker.async_run()
        except (RedisError, OSError) as why:
            log.warning("worker.redis_away", why=str(why) or type(why).__name__)
        except Exception:  # whatever it was, jobs must go on
            log.exception("worker.jobs_failed")
        finally:
            with suppress(RedisError, OSError):
                await worker.close()
        await asyncio.sleep(0.5)


def make_worker(house: House, redis: ArqRedis, metrics: WorkerMetrics | None = None) -> Worker:
    """An arq worker over these jobs."""
    metrics = metrics or WorkerMetrics()
    functions = [func(_job(house, name, job, metrics), name=name, timeout=JOB_SECONDS) for name, job in JOBS.items()]
    return Worker(
        functions=functions,
        redis_pool=redis,
        handle_signals=False,
        keep_result=0,
        poll_delay=POLL_SECONDS,
        max_jobs=4,
        health_check_interval=10,
        log_results=False,
    )


def _job(house: House, name: str, job: Callable[..., Awaitable[None]], metrics: WorkerMetrics) -> Any:
    async def run(_context: dict[Any, Any], **arguments: Any) -> None:
        with structlog.contextvars.bound_contextvars(**arguments), metrics.job(name):
            await job(house, **arguments)

    run.__qualname__ = job.__name__
    return run

"""The programs of the load bench: two web processes, worker, bridge and PBX, all on the run's servers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

from ..shared.harness import Run
from ..shared.shares import Tree, alone, tree
from ..shared.web import Web, process, web
from .floor import LoadFloor, simulated_pbx


@dataclass(frozen=True)
class Programs:
    """`sites` are the two web processes; `kinds` name what takes CPU."""

    sites: list[Web]
    kinds: dict[str, Tree]


@asynccontextmanager
async def programs(run: Run, floor: LoadFloor, turn: float) -> AsyncIterator[Programs]:
    """All of them; `turn` is the seconds from one gestión of an agent to the agent's next."""
    pbx = simulated_pbx(floor, turn)
    stack = ExitStack()
    try:
        await pbx.start()
        sites = [stack.enter_context(web(run, floor.url)) for _ in range(2)]
        bridge = stack.enter_context(process(run, floor.url, "bridge", ATIENDE_AMI_URL=pbx.url))
        worker = stack.enter_context(process(run, floor.url, "worker"))
        postgres, redis = run.servers.postgres.process, run.servers.redis.process
        assert postgres is not None and redis is not None
        kinds = {
            "both web processes": tree(*(site.pid for site in sites)),
            "worker, the import included": tree(worker.pid),
            "bridge": tree(bridge.pid),
            "PostgreSQL": tree(postgres.pid),
            "Redis": alone(redis.pid),
            "the bench itself: agents, screens, PBX": alone(os.getpid()),
        }
        yield Programs(sites, kinds)
    finally:
        await asyncio.to_thread(stack.close)  # meanwhile the PBX hears that the bridge goes
        await pbx.stop()

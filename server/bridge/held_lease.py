"""The lease of a PBX's bridge as its holder knows it: the fence it shows, and until when it may act without asking."""

from __future__ import annotations

import asyncio
import time

import structlog
from sqlalchemy.exc import DBAPIError

from ...queue.lease import Fence, LeaseLost, hold, release
from ...queue.work import House

log = structlog.get_logger()

LEASE_SECONDS = 3.5
RENEW_SECONDS = 1.0
TRY_SECONDS = 0.4


class HeldLease:
    """Made by `take`. Facts show `fence` in their own transaction; what is no transaction asks `until`."""

    def __init__(self, house: House, fence: Fence, until: float) -> None:
        self.house = house
        self.fence = fence
        self.until = until  # time.monotonic, which goes on while this process is stopped

    @classmethod
    async def take(cls, house: House, name: str) -> HeldLease:
        """Wait until the lease is ours."""
        while True:
            began = time.monotonic()
            try:
                number = await hold(house.engine, name, LEASE_SECONDS)
                if number is not None:
                    return cls(house, Fence(name, number), began + LEASE_SECONDS)
            except (DBAPIError, OSError, TimeoutError) as why:
                log.warning("bridge.database_away", why=type(why).__name__)
            await asyncio.sleep(TRY_SECONDS)

    async def keep(self) -> None:
        """Renew it without end; a database that is away for a while does not take it from us. Raises LeaseLost."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            began = time.monotonic()
            try:
                number = await hold(self.house.engine, self.fence.name, LEASE_SECONDS)
            except (DBAPIError, OSError, TimeoutError) as why:
                log.warning("bridge.database_away", why=type(why).__name__)
                continue
            if number != self.fence.number:
                raise LeaseLost(self.fence.name)
            self.until = began + LEASE_SECONDS

    async def give_back(self) -> None:
        """Let the standby take over at once."""
        try:
            await release(self.house.engine, self.fence.name)
        except (DBAPIError, OSError, TimeoutError) as why:
            log.warning("bridge.lease_not_given_back", why=type(why).__name__)

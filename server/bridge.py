"""The PBX process: hears one PBX and has each fact done, in order, under a lease.

1. Wait for the PBX's lease: of several bridges one listens, the others stand by.
2. Hear facts; each is done before the next. A database that is away is waited for: the fact is not lost.
3. When the lease is lost (we were stopped for too long), end: the supervisor starts us anew, and we begin by reading
   all that the PBX says of itself.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import aclosing

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from ..queue.lease import hold, release
from ..queue.reactions import react
from ..queue.work import House
from ..telephony.ami_reader import PbxEar
from ..telephony.facts import Fact, PbxLost
from .connections import connections
from .settings import Settings

log = structlog.get_logger()

PBX = "main"
LEASE_SECONDS = 6.0
RENEW_SECONDS = 1.5
DATABASE_PAUSE = 0.3


class LeaseLost(Exception):
    """Another bridge listens now."""


def run_bridge(settings: Settings) -> int:
    """Listen until SIGTERM or SIGINT; 0, or 1 when the lease was lost."""
    return asyncio.run(_run(settings))


async def _run(settings: Settings) -> int:
    assert settings.ami_url, "the bridge needs ATIENDE_AMI_URL"
    async with connections(settings) as opened:
        listening = asyncio.create_task(listen(opened.house, settings.ami_url))
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sig, listening.cancel)
        try:
            await listening
        except asyncio.CancelledError:
            await _give_back(opened.house)
        except LeaseLost:
            log.warning("bridge.lease_lost", pbx=PBX)
            return 1
    return 0


async def listen(house: House, ami_url: str, pbx: str = PBX) -> None:
    """Listen to one PBX for as long as the lease is ours. Raises LeaseLost."""
    await _take_lease(house, pbx)
    renewing = asyncio.create_task(_renew(house, pbx))
    hearing = asyncio.create_task(_hear(house, PbxEar(pbx, ami_url)))
    try:
        done, _ = await asyncio.wait({renewing, hearing}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (renewing, hearing):
            task.cancel()
        await asyncio.gather(renewing, hearing, return_exceptions=True)


async def _hear(house: House, ear: PbxEar) -> None:
    async with aclosing(ear.facts()) as facts:
        async for fact in facts:
            with structlog.contextvars.bound_contextvars(call=getattr(fact, "call", None)):
                await do(house, fact)


async def do(house: House, fact: Fact) -> None:
    """Have one fact done, waiting for the database as long as it takes; a fact that breaks the rules is logged."""
    if isinstance(fact, PbxLost):
        log.warning("bridge.pbx_lost", pbx=fact.pbx, reason=fact.reason)
    while True:
        try:
            return await react(house, fact)
        except (OperationalError, InterfaceError, OSError, TimeoutError) as why:
            log.warning("bridge.database_away", why=type(why).__name__)
            await asyncio.sleep(DATABASE_PAUSE)
        except DBAPIError as why:
            if not why.connection_invalidated:
                log.exception("bridge.fact_failed", fact=type(fact).__name__)
                return None
            await asyncio.sleep(DATABASE_PAUSE)
        except Exception:
            log.exception("bridge.fact_failed", fact=type(fact).__name__)
            return None


async def _take_lease(house: House, pbx: str) -> None:
    while True:
        try:
            if await hold(house.engine, f"pbx:{pbx}", LEASE_SECONDS) is not None:
                return
        except (DBAPIError, OSError, TimeoutError) as why:
            log.warning("bridge.database_away", why=type(why).__name__)
        await asyncio.sleep(RENEW_SECONDS / 3)


async def _renew(house: House, pbx: str) -> None:
    """Keep the lease; a database that is away for a while takes it from nobody."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            if await hold(house.engine, f"pbx:{pbx}", LEASE_SECONDS) is None:
                raise LeaseLost
        except (DBAPIError, OSError, TimeoutError) as why:
            log.warning("bridge.database_away", why=type(why).__name__)


async def _give_back(house: House) -> None:
    try:
        await release(house.engine, f"pbx:{PBX}")
    except (DBAPIError, OSError, TimeoutError) as why:
        log.warning("bridge.lease_not_given_back", why=type(why).__name__)

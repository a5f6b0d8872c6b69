"""The bridge: it hears one PBX, acts on each fact in order, and does at the PBX what it is asked to do, under a lease.

1. Wait for the PBX's lease: of several bridges one works, the others stand by.
2. Hear facts, and act on each before the next. When the database is away, wait for it: the fact is not lost.
3. Read commands and do them at the PBX; keep the queues' members as the agents' states want them.
4. When the lease is lost (we were stopped for too long), end: the supervisor starts us again, and we begin by reading
   all that the PBX says of itself. Until then every fact and command shows its fence, and an old one is refused.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import aclosing

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from ...queue.calls.queue_members import MemberForm
from ...queue.lease import Fence, LeaseLost
from ...queue.reactions import react
from ...queue.work import House
from ...telephony.ear import PbxEar
from ...telephony.facts import Fact, PbxLost
from ...telephony.hand import Hand
from ..connections import Connections, connections
from ..metrics import published
from ..settings import Settings
from .held_lease import HeldLease
from .metrics import BridgeMetrics
from .pbx_commands import CommandReader, Outgoing
from .queue_keeper import QueueKeeper

log = structlog.get_logger()

PBX = "main"
DATABASE_PAUSE = 0.3


def run_bridge(settings: Settings) -> int:
    """Work until SIGTERM or SIGINT; 0, or 1 when the lease was lost."""
    return asyncio.run(_run(settings))


async def _run(settings: Settings) -> int:
    assert settings.ami_url, "the bridge needs ATIENDE_AMI_URL"
    async with connections(settings) as opened:
        working = asyncio.create_task(serve_pbx(opened, settings))
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sig, working.cancel)
        try:
            await working
        except asyncio.CancelledError:
            return 0
        except LeaseLost:
            log.warning("bridge.lease_lost", pbx=PBX)
            return 1
    return 0


async def serve_pbx(opened: Connections, settings: Settings, pbx: str = PBX) -> None:
    """Be the bridge of one PBX for as long as the lease is ours. Raises LeaseLost."""
    ami_url = settings.ami_url or ""
    lease = await HeldLease.take(opened.house, f"pbx:{pbx}")
    metrics = BridgeMetrics()
    metrics.leads(pbx)
    hand = Hand(settings.ami_hand_url or ami_url)
    form = MemberForm(settings.queue_member or settings.phone, settings.queue_member_state)
    keeper = QueueKeeper(pbx, hand, lease, form)
    outgoing = Outgoing(settings.dial_context, settings.dial_prefix, settings.phone)
    tasks = [
        asyncio.create_task(lease.keep()),
        asyncio.create_task(_hear(opened.house, PbxEar(pbx, ami_url), keeper, lease.fence, metrics)),
        asyncio.create_task(keeper.run()),
        asyncio.create_task(CommandReader(opened.redis, hand, keeper, lease, outgoing).run()),
    ]
    try:
        async with published(opened.redis, "bridge", metrics.registry):
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await hand.close()
        await lease.give_back()


async def _hear(house: House, ear: PbxEar, keeper: QueueKeeper, fence: Fence, metrics: BridgeMetrics) -> None:
    async with aclosing(ear.facts()) as facts:
        async for fact in facts:
            keeper.hear(fact)
            with structlog.contextvars.bound_contextvars(call=getattr(fact, "call", None)), metrics.fact(fact):
                await do(house, fact, fence)


async def do(house: House, fact: Fact, fence: Fence | None = None) -> None:
    """Act on one fact, and wait for the database as long as it takes; a fact that breaks the rules is logged.

    Raises LeaseLost when another bridge has taken over."""
    if isinstance(fact, PbxLost):
        log.warning("bridge.pbx_lost", pbx=fact.pbx, reason=fact.reason)
    while True:
        try:
            return await react(house, fact, fence)
        except (OperationalError, InterfaceError, OSError, TimeoutError) as why:
            log.warning("bridge.database_away", why=type(why).__name__)
            await asyncio.sleep(DATABASE_PAUSE)
        except DBAPIError as why:
            if not why.connection_invalidated:
                log.exception("bridge.fact_failed", fact=type(fact).__name__)
                return None
            await asyncio.sleep(DATABASE_PAUSE)
        except LeaseLost:
            raise
        except Exception:
            log.exception("bridge.fact_failed", fact=type(fact).__name__)
            return None

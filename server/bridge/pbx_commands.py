"""The commands of one PBX: read from its Redis stream by the bridge that holds the lease, done by the hand.

A new holder reads what was sent in the last minute again: a dial is begun by one conditional update, and everything
else may be done twice.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from ...queue.calls.dialling import Dialling, begin_dialling, not_dialled
from ...telephony.ami.protocol import UnsafeHeader
from ...telephony.commands import CommandRefused, HandLost, HangUp, Originate
from ...telephony.hand import Hand
from .held_lease import HeldLease
from .queue_keeper import QueueKeeper

log = structlog.get_logger()

READ_BACK = 60_000  # milliseconds
RING_AGENT = 20.0  # seconds the agent's own phone rings
BLOCK = 2.0  # seconds one read waits
PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How this installation's PBX is told to call: the dial plan's context, what goes before a number, and an agent's
    phone."""

    context: str
    prefix: str = ""
    phone: str = "PJSIP/{extension}"


class CommandReader:
    """`run` until cancelled; the house's commands for `keeper.pbx` are done one after the other."""

    def __init__(self, redis: Redis, hand: Hand, keeper: QueueKeeper, lease: HeldLease, outgoing: Outgoing) -> None:
        self._redis, self._hand, self._keeper, self._lease, self._outgoing = redis, hand, keeper, lease, outgoing
        self._pbx = keeper.pbx
        self._after = f"{int(time.time() * 1000) - READ_BACK}-0"

    async def run(self) -> None:
        """Raises LeaseLost."""
        while True:
            try:
                for name, arguments in await self._read():
                    await self._obey(name, arguments)
            except HandLost as lost:
                log.warning("bridge.hand_lost", reason=str(lost))
                await asyncio.sleep(PAUSE)
            except (RedisError, DBAPIError, OSError, TimeoutError) as why:
                log.warning("bridge.commands_wait", why=str(why) or type(why).__name__)
                await asyncio.sleep(PAUSE)

    async def _read(self) -> list[tuple[str, dict[str, Any]]]:
        """The next commands that are not too late."""
        async with asyncio.timeout(2 * BLOCK):
            stream: Any = {f"pbx:{self._pbx}": self._after}
            found = await self._redis.xread(stream, count=100, block=int(BLOCK * 1000))
        commands = []
        for entry, fields in found[0][1] if found else []:
            self._after = entry
            text = {_text(name): _text(value) for name, value in fields.items()}
            if datetime.fromisoformat(text["until"]) > datetime.now(UTC):
                commands.append((text["name"], orjson.loads(text["arguments"])))
        return commands

    async def _obey(self, name: str, arguments: dict[str, Any]) -> None:
        match name:
            case "dial":
                await self._dial(arguments["call"])
            case "hang_up":
                await self._hang_up(arguments["call"])
            case "members":
                await self._keeper.follow(arguments["agent"])
            case _:
                log.warning("bridge.unknown_command", name=name)

    async def _dial(self, call: str) -> None:
        async with self._lease.house.work(fence=self._lease.fence) as work:
            wanted = await begin_dialling(work, call)
        if wanted is None:
            return  # begun by another, over, or too late: the clock tells its agent
        reason = await self._originate(wanted)
        if reason is not None:
            async with self._lease.house.work() as work:
                await not_dialled(work, call, reason)

    async def _originate(self, wanted: Dialling) -> str | None:
        """Why it was not dialled; None when it was, or when nobody knows: then facts or the clock will tell."""
        try:
            before = min(self._lease.until, time.monotonic() + wanted.seconds_left)
            await self._hand.do(self._action(wanted), before)
        except CommandRefused as refused:
            log.warning("bridge.call_refused", call=wanted.call, reason=str(refused))
            return "refused"
        except UnsafeHeader:
            log.exception("bridge.call_unsafe", call=wanted.call)
            return "failed"
        except HandLost as lost:
            log.warning("bridge.hand_lost", call=wanted.call, reason=str(lost), sent=lost.sent)
            return None if lost.sent else "pbx_lost"
        return None

    def _action(self, wanted: Dialling) -> Originate:
        shown = "".join(sign for sign in wanted.customer if sign.isprintable() and sign not in '"\\<>')[:60]
        digits = wanted.number.lstrip("+")
        return Originate(
            call=wanted.call,
            phone=self._outgoing.phone.replace("{extension}", wanted.extension),
            number=self._outgoing.prefix + digits,
            context=self._outgoing.context,
            shown=f'"{shown}" <{digits}>',
            ring_for=RING_AGENT,
            variables={"ATIENDE_CASE": str(wanted.case_number), "ATIENDE_CAMPAIGN": str(wanted.campaign_id)},
        )

    async def _hang_up(self, call: str) -> None:
        try:
            await self._hand.do(HangUp(call), before=self._lease.until)
        except (CommandRefused, UnsafeHeader) as refused:
            log.warning("bridge.hang_up_refused", call=call, reason=str(refused))


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value

"""Keeps the queues' members at the PBX as the agents' states want them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import structlog
from sqlalchemy.exc import DBAPIError

from ...queue.calls.queue_members import Membership, Place, extension_of, mending, tell_mended, wanted_members
from ...telephony.commands import AddMember, Command, CommandRefused, HandLost, PauseMember, RemoveMember
from ...telephony.facts import Fact, MemberChanged, PbxBack, PbxLost
from ...telephony.hand import Hand
from .held_lease import HeldLease

log = structlog.get_logger()

LOOK_EVERY = 2.0  # seconds
REFUSED_FOR = 60.0  # seconds a refused wish rests
OUT = "DESCONECTADO"  # of members that the PBX's own configuration keeps in their queue


class QueueKeeper:
    """Hears of members by `hear`; `follow` goes after an agent's state, `run` looks now and then."""

    def __init__(self, pbx: str, hand: Hand, lease: HeldLease) -> None:
        self.pbx = pbx
        self._hand = hand
        self._lease = lease
        self._members: dict[Place, Membership] | None = None  # None: the PBX has not said yet
        self._suspects: set[Place] = set()  # not as they should be at the last look
        self._fixed: set[Place] = set()  # cannot be removed, only paused
        self._resting: dict[Place, float] = {}

    def hear(self, fact: Fact) -> None:
        """What the PBX says of its queues' members."""
        match fact:
            case PbxBack():
                self._members = {(queue, ext): Membership(paused, None) for queue, ext, paused in fact.members}
            case PbxLost():
                self._members = None
            case MemberChanged() if self._members is not None:
                place = (fact.queue, fact.extension)
                self._members.pop(place, None)
                if fact.present:
                    self._members[place] = Membership(fact.paused, fact.reason or None)

    async def follow(self, agent_id: int) -> None:
        """Make this agent's places right. Raises HandLost."""
        async with self._lease.house.look() as session:
            extension = await extension_of(session, agent_id)
        needed = await self._needed()
        await self._do(place for place in needed.items() if place[0][1] == extension)

    async def run(self) -> None:
        """Look now and then, without end. Raises LeaseLost."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except HandLost as lost:
                log.warning("bridge.hand_lost", reason=str(lost))
            except (DBAPIError, OSError, TimeoutError) as why:
                log.warning("bridge.database_away", why=type(why).__name__)

    async def look(self) -> None:
        """Mend what was wrong at the last look already, and say so. Raises HandLost, LeaseLost."""
        needed = await self._needed()
        again = {place: command for place, command in needed.items() if place in self._suspects}
        self._suspects = set(needed)
        mended = await self._do(again.items())
        for extension in sorted({extension for _, extension in mended}):
            async with self._lease.house.work(fence=self._lease.fence) as work:
                await tell_mended(work, self.pbx, extension)

    async def _needed(self) -> dict[Place, Command]:
        if self._members is None:
            return {}
        async with self._lease.house.look() as session:
            wanted = await wanted_members(session, self.pbx)
        for place in self._fixed & wanted.keys():
            wanted[place] = wanted[place] or Membership(True, OUT)
        now = time.monotonic()
        return {p: command for p, command in mending(wanted, self._members).items() if self._resting.get(p, 0) < now}

    async def _do(self, needed: Iterable[tuple[Place, Command]]) -> list[Place]:
        """Do them one after the other; those that were done."""
        done = []
        for place, command in needed:
            try:
                await self._hand.do(command, before=self._lease.until)
            except CommandRefused as refused:
                if isinstance(command, RemoveMember) and place not in self._fixed:
                    self._fixed.add(place)
                else:
                    self._resting[place] = time.monotonic() + REFUSED_FOR
                log.warning("bridge.member_refused", queue=place[0], extension=place[1], reason=str(refused))
                continue
            done.append(place)
            self._remember(place, command)
        return done

    def _remember(self, place: Place, command: Command) -> None:
        if self._members is None:
            return
        self._members.pop(place, None)
        if isinstance(command, AddMember | PauseMember):
            self._members[place] = Membership(command.paused, command.reason)

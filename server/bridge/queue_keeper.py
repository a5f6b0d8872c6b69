"""Keeps the queues' members at the PBX as the agents' states want them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import structlog
from sqlalchemy.exc import DBAPIError

from ...queue.calls.queue_members import (
    Member,
    MemberForm,
    Membership,
    Place,
    doubled,
    extension_of,
    keep_doubled,
    mending,
    tell_mended,
    wanted_members,
)
from ...telephony.commands import AddMember, Command, CommandRefused, HandLost, PauseMember, RemoveMember
from ...telephony.facts import Fact, MemberChanged, PbxBack, PbxLost
from ...telephony.hand import Hand
from .held_lease import HeldLease

log = structlog.get_logger()

LOOK_EVERY = 2.0  # seconds
REFUSED_FOR = 60.0  # seconds a refused wish rests
OWN_FORM = MemberForm()


class QueueKeeper:
    """Hears of members by `hear`; `follow` goes after an agent's state, `run` looks now and then."""

    def __init__(self, pbx: str, hand: Hand, lease: HeldLease, form: MemberForm = OWN_FORM) -> None:
        self.pbx = pbx
        self._form = form
        self._hand = hand
        self._lease = lease
        self._members: dict[Place, dict[str, Membership]] | None = None  # by interface; None: not said yet
        self._suspects: set[Member] = set()  # not as they should be at the last look
        self._fixed: set[Member] = set()  # cannot be removed, only paused
        self._resting: dict[Member, float] = {}
        self._doubled: list[Place] | None = None  # as was told last

    def hear(self, fact: Fact) -> None:
        """What the PBX says of its queues' members."""
        match fact:
            case PbxBack():
                self._members = {}
                for queue, extension, interface, paused in fact.members:
                    self._put((queue, extension), interface, Membership(paused, None))
            case PbxLost():
                self._members = None
            case MemberChanged() if self._members is not None:
                now = Membership(fact.paused, fact.reason or None) if fact.present else None
                self._put((fact.queue, fact.extension), fact.interface, now)

    async def follow(self, agent_id: int) -> None:
        """Make this agent's places right. Raises HandLost."""
        async with self._lease.house.look() as session:
            extension = await extension_of(session, agent_id)
        needed = await self._needed()
        await self._do(one for one in needed.items() if one[0][1] == extension)

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
        again = {member: command for member, command in needed.items() if member in self._suspects}
        self._suspects = set(needed)
        mended = await self._do(again.items())
        for extension in sorted({extension for _, extension, _ in mended}):
            async with self._lease.house.work(fence=self._lease.fence) as work:
                await tell_mended(work, self.pbx, extension)
        await self._tell_doubled()

    async def _tell_doubled(self) -> None:
        """Keep with the PBX which phones its queues ring twice: the board and `atiende check` say it."""
        if self._members is None or (now := doubled(self._members)) == self._doubled:
            return
        async with self._lease.house.work(fence=self._lease.fence) as work:
            await keep_doubled(work, self.pbx, now)
        self._doubled = now

    async def _needed(self) -> dict[Member, Command]:
        if self._members is None:
            return {}
        async with self._lease.house.look() as session:
            wanted = await wanted_members(session, self.pbx)
        now = time.monotonic()
        needed = mending(wanted, self._members, self._form, self._fixed)
        return {member: command for member, command in needed.items() if self._resting.get(member, 0) < now}

    async def _do(self, needed: Iterable[tuple[Member, Command]]) -> list[Member]:
        """Do them one after the other; those that were done."""
        done = []
        for member, command in needed:
            try:
                await self._hand.do(command, before=self._lease.until)
            except CommandRefused as refused:
                if isinstance(command, RemoveMember) and member not in self._fixed:
                    self._fixed.add(member)
                else:
                    self._resting[member] = time.monotonic() + REFUSED_FOR
                log.warning("bridge.member_refused", queue=member[0], interface=member[2], reason=str(refused))
                continue
            done.append(member)
            self._put(member[:2], member[2], _afterwards(command))
        return done

    def _put(self, place: Place, interface: str, now: Membership | None) -> None:
        """What is known of one member; None: it is not there."""
        if self._members is None:
            return
        found = self._members.setdefault(place, {})
        found.pop(interface, None)
        if now is not None:
            found[interface] = now
        if not found:
            del self._members[place]


def _afterwards(command: Command) -> Membership | None:
    return Membership(command.paused, command.reason) if isinstance(command, AddMember | PauseMember) else None

"""Whom the queues of a PBX should ring: it follows the agents' states (`docs/AGENT_STATES.md`, column PBX).

EN ESPERA is a free member; EN GESTIÓN, TIPIFICANDO and EN PAUSA are paused ones, with their reason; DESCONECTADO is
none. Only queues of campaigns and extensions of users are ours to keep; everybody else at the PBX is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.calls.call import Pbx
from ...models.campaigns.campaign import Campaign, CampaignAgent
from ...models.people.agent import Agent, PauseReason, State
from ...models.people.user import User
from ...telephony.commands import AddMember, Command, PauseMember, RemoveMember
from ..people.agents import STATE_WORDS, lock_agent, tell_state
from ..work import Work

LONGEST_REASON = 60
OUT = STATE_WORDS[State.OFFLINE]  # of members that are not ours to take out

Place = tuple[str, str]  # queue and extension
Member = tuple[str, str, str]  # queue, extension and interface


@dataclass(frozen=True, slots=True)
class MemberForm:
    """How members of our own are made: `PJSIP/{extension}`, or with FreePBX `Local/{extension}@from-queue/n` and the
    device `hint:{extension}@ext-local` that shows whether the phone is free."""

    interface: str = "PJSIP/{extension}"
    state: str = ""

    def of(self, extension: str) -> tuple[str, str]:
        """Interface and state interface of an extension's member."""
        return self.interface.replace("{extension}", extension), self.state.replace("{extension}", extension)


@dataclass(frozen=True, slots=True)
class Membership:
    """How an extension is in a queue. `reason` None: not known."""

    paused: bool
    reason: str | None = ""

    def agrees(self, other: Membership) -> bool:
        """Whether both are the same, as far as both are known."""
        reasons = None in (self.reason, other.reason) or self.reason == other.reason or not self.paused
        return self.paused == other.paused and reasons


Members = Mapping[Place, Mapping[str, Membership]]  # by interface


async def wanted_members(session: AsyncSession, pbx: str) -> dict[Place, Membership | None]:
    """For each of our queues and extensions at this PBX how it should be; None: not a member."""
    of_queues = select(Campaign.queue_name, Campaign.id).where(
        Campaign.pbx_id == pbx, Campaign.queue_name.is_not(None), Campaign.archived_at.is_(None)
    )
    queues = {str(queue.queue_name): queue.id for queue in await session.execute(of_queues)}
    people = (
        select(User.id, User.extension, User.active, Agent.state, PauseReason.name.label("reason"))
        .join(Agent, Agent.user_id == User.id)
        .outerjoin(PauseReason, PauseReason.id == Agent.reason_id)
        .where(User.pbx_id == pbx, User.extension.is_not(None))
    )
    works = select(CampaignAgent.campaign_id, CampaignAgent.user_id).where(
        CampaignAgent.campaign_id.in_(queues.values())
    )
    pairs = {(pair.campaign_id, pair.user_id) for pair in await session.execute(works)}
    wanted: dict[Place, Membership | None] = {}
    for person in await session.execute(people):
        membership = _of_state(person.state, person.reason) if person.active else None
        for queue, campaign_id in queues.items():
            wanted[queue, str(person.extension)] = membership if (campaign_id, person.id) in pairs else None
    return wanted


def mending(
    wanted: Mapping[Place, Membership | None], actual: Members, form: MemberForm, fixed: Set[Member] = frozenset()
) -> dict[Member, Command]:
    """What makes the PBX's members as they should be: every one that an extension has, whatever its interface.

    One of our own, of the form that the settings say, is added only where the extension has none, and only such a one
    is taken out again; others, and those that the PBX's configuration has `fixed`, are paused.
    """
    needed: dict[Member, Command] = {}
    for (queue, extension), wish in wanted.items():
        found, (own, state) = actual.get((queue, extension), {}), form.of(extension)
        if wish is not None and not found:
            needed[queue, extension, own] = AddMember(queue, own, state, wish.paused, wish.reason or "")
        for interface, now in found.items():
            member, asked = (queue, extension, interface), wish or Membership(True, OUT)
            if wish is None and interface == own and member not in fixed:
                needed[member] = RemoveMember(queue, interface)
            elif not asked.agrees(now):
                needed[member] = PauseMember(queue, interface, asked.paused, asked.reason or "")
    return needed


def doubled(actual: Members) -> list[Place]:
    """Extensions that a queue rings by more than one interface: their phones ring twice for one call."""
    return sorted(place for place, found in actual.items() if len(found) > 1)


async def keep_doubled(work: Work, pbx: str, places: list[Place]) -> None:
    """Keep with the PBX which phones its queues ring twice."""
    await work.session.execute(update(Pbx).where(Pbx.id == pbx).values(doubled=[list(place) for place in places]))


async def extension_of(session: AsyncSession, agent_id: int) -> str | None:
    """The agent's own extension."""
    return (await session.execute(select(User.extension).where(User.id == agent_id))).scalar_one_or_none()


async def tell_mended(work: Work, pbx: str, extension: str) -> None:
    """A member at the PBX was wrong and is right again: tell and audit it."""
    who = select(User.id).where(User.pbx_id == pbx, User.extension == extension)
    agent_id = (await work.session.execute(who)).scalar_one_or_none()
    if agent_id is not None:
        await tell_state(work, await lock_agent(work, agent_id), healed="queue-member")


def _of_state(state: State, reason: str | None) -> Membership | None:
    if state is State.OFFLINE:
        return None
    if state is State.WAITING:
        return Membership(False)
    words = STATE_WORDS[state] + (f": {reason}" if reason else "")
    return Membership(True, words[:LONGEST_REASON])

"""Click to call: an agent asks for a call to a customer, and the PBX's bridge makes it (S3-64, S4-91, S4-92, M-04).

Asking writes the call's row and a command. The bridge writes down that it begins before it dials, and begins only in
time: a customer is rather not called than called twice. What comes of it is heard as facts (`queue/reactions`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update

from ...models.calls.call import Call, CallPhase, Pbx
from ...models.campaigns.campaign import Campaign, CampaignAgent, Mode
from ...models.cases.case import Case
from ...models.contact.channels import Channel, ContactKind
from ...models.customers.customer import ContactPoint
from ...models.locking import lock, lock_all, lock_if_there
from ...models.people.agent import Agent, CallState
from ...models.people.user import User
from ...models.permissions import Permission, may
from ...models.records import Lease
from ...models.refused import (
    N_,
    AlreadyInCall,
    BadInput,
    CallOver,
    CampaignRequired,
    NotFound,
    PhoneNotReady,
    Unavailable,
)
from ...models.rows.call import call_row
from ...realtime.events import CallAsked, CustomerRang
from ..cases.taking import open_case
from ..contact.counting import count_contact
from ..contact.refusing import refuse_contact
from ..people.agents import lock_agent, tell_state
from ..work import Work
from .calls import end, tell_call

BEGIN_WITHIN = 10.0  # seconds after the click; later nobody expects his phone to ring
HEARD_WITHIN = timedelta(seconds=30)  # of a call that was begun the PBX says something, or it is given up
HANG_UP_WITHIN = 60.0
PHONE_BUSY = N_("Su teléfono está ocupado. Termine lo que tiene e intente de nuevo.")
NO_EXTENSION = N_("Usted no tiene interno: pida al administrador que se lo asigne.")
PBX_AWAY = N_("La central telefónica no responde. Registre el contacto a mano o intente en unos segundos.")


@dataclass(frozen=True, slots=True)
class Dialling:
    """What the bridge needs to make a call. `seconds_left` is how long it may still be begun."""

    call: str
    extension: str
    number: str  # E.164
    customer: str
    case_number: int
    campaign_id: int
    seconds_left: float


async def ask_call(work: Work, number: int, contact_point_id: int, campaign_id: int | None = None) -> Call:
    """Ask for a call to a phone of the case's customer; the case is opened when it was not.

    Raises what `open_case` and `refuse_contact` raise, BadInput (not a phone of this customer), CampaignRequired,
    PhoneNotReady, AlreadyInCall, Unavailable.
    """
    me = await lock_agent(work, work.actor.id or 0)
    user = await work.session.get_one(User, me.user_id)
    await _refuse_unready(work, me, user)
    await open_case(work, number)
    me = await lock_agent(work, me.user_id)
    case = await work.session.get_one(Case, number)
    point = await _phone(work, case, contact_point_id)
    campaign = await _outgoing_campaign(work, case, campaign_id)
    await refuse_contact(work, case, Channel.CALL)
    call_id = uuid.uuid4().hex
    call = Call(
        id=call_id,
        pbx_id=user.pbx_id,
        pbx_call=call_id,
        direction="outbound",
        phase=CallPhase.DIALING,
        caller_number=point.value.lstrip("+"),
        caller_phone=point.value,
        campaign_id=campaign.id,
        customer_id=case.customer_id,
        case_number=number,
        agent_id=me.user_id,
        contact_point_id=point.id,
        started_at=work.now,
        begin_before=work.now + timedelta(seconds=BEGIN_WITHIN),
    )
    work.session.add(call)
    me.call, me.call_id, me.call_since = CallState.RINGING, call_id, work.now
    await tell_state(work, me)
    row = await call_row(work.session, call_id, work.now)
    work.tell(CallAsked(at=work.now, call=row, agents=[me.user_id]))
    work.command(user.pbx_id, "dial", within=BEGIN_WITHIN, call=call_id)
    return call


async def begin_dialling(work: Work, call_id: str) -> Dialling | None:
    """Write down that this call is dialled now; None when it was begun before, is over, or comes too late."""
    asked = update(Call).where(
        Call.id == call_id,
        Call.phase == CallPhase.DIALING,
        Call.begun_at.is_(None),
        Call.begin_before > func.clock_timestamp(),
    )
    begun = await work.session.execute(asked.values(begun_at=func.clock_timestamp()).returning(Call.id))
    if begun.scalar_one_or_none() is None:
        return None
    call = await work.session.get_one(Call, call_id, populate_existing=True)
    extension = await work.session.scalar(select(User.extension).where(User.id == call.agent_id))
    row = await call_row(work.session, call_id, work.now)
    assert call.begin_before and call.caller_phone
    return Dialling(
        call=call.pbx_call,
        extension=extension or "",
        number=call.caller_phone,
        customer=row.customer.name if row.customer else "",
        case_number=call.case_number or 0,
        campaign_id=call.campaign_id or 0,
        seconds_left=(call.begin_before - work.now).total_seconds(),
    )


async def not_dialled(work: Work, call_id: str, reason: str) -> None:
    """The PBX did not take the call; its agent is free again and reads why."""
    call = await lock_if_there(work.session, Call, call_id)
    if call is not None and call.phase is CallPhase.DIALING:
        await end(work, call, None, outcome=reason)


async def customer_rang(work: Work, call: Call) -> None:
    """The customer's phone rings: the contact counts, once (PRODUCT: a call counts when the customer's side rang)."""
    if not call.asked_here or call.rang_at is not None or call.customer_id is None:
        return
    call.rang_at = work.now
    attempt = {
        "customer_id": call.customer_id,
        "case_number": call.case_number,
        "campaign_id": call.campaign_id,
        "agent_id": call.agent_id,
        "channel": Channel.CALL,
        "contact_point_id": call.contact_point_id,
        "value": call.caller_phone or "",
        "outcome": call.outcome or "",
        "call_id": call.id,
    }
    await count_contact(work, attempt)
    await tell_call(work, CustomerRang, call, [call.agent_id] if call.agent_id else [])


async def hang_up(work: Work, call_id: str) -> Call:
    """End a call the agent is in or asked for; a supervisor may end any. Raises NotFound, CallOver."""
    call = await lock(work.session, Call, call_id)
    me = await work.session.get(Agent, work.actor.id or 0)
    if not may(work.actor.role, Permission.MANAGE_AGENTS) and (me is None or me.call_id != call_id):
        raise NotFound
    if call.phase is CallPhase.ENDED:
        raise CallOver
    if call.phase is CallPhase.DIALING and call.begun_at is None:
        await end(work, call, None, outcome="cancelled")
    else:
        work.command(call.pbx_id, "hang_up", within=HANG_UP_WITHIN, call=call.pbx_call)
    return call


async def give_up_unheard(work: Work) -> None:
    """Calls that nobody began in time, or of which nothing was heard since: their agents are free again."""
    late = and_(Call.begun_at.is_(None), Call.begin_before < work.now)
    unheard = Call.begun_at < work.now - HEARD_WITHIN
    stuck = Call.phase == CallPhase.DIALING, or_(late, unheard)
    for call in await lock_all(work.session, Call, *stuck, skip_locked=True):
        if call.begun_at is not None:
            work.command(call.pbx_id, "hang_up", within=HANG_UP_WITHIN, call=call.pbx_call)
        await end(work, call, None, outcome="lost" if call.begun_at else "expired")


async def _refuse_unready(work: Work, agent: Agent, user: User) -> None:
    if not user.extension:
        raise PhoneNotReady(sentence=NO_EXTENSION)
    if agent.call is not CallState.NONE:
        raise AlreadyInCall
    pbx = await work.session.get(Pbx, user.pbx_id)
    alive = select(Lease.name).where(Lease.name == f"pbx:{user.pbx_id}", Lease.until_at > func.clock_timestamp())
    if pbx is None or not pbx.connected or (await work.session.execute(alive)).scalar_one_or_none() is None:
        raise Unavailable(sentence=PBX_AWAY)
    if agent.phone in ("in_use", "ringing", "on_hold"):
        raise PhoneNotReady(sentence=PHONE_BUSY)
    if agent.phone != "idle":
        raise PhoneNotReady


async def _phone(work: Work, case: Case, contact_point_id: int) -> ContactPoint:
    point = await work.session.get(ContactPoint, contact_point_id)
    if point is None or point.customer_id != case.customer_id:
        raise BadInput(field="contact_point_id", sentence=N_("Ese dato de contacto no es de este cliente."))
    if not ContactKind(point.kind).is_phone:
        raise BadInput(field="contact_point_id", sentence=N_("Ese dato de contacto no es un teléfono."))
    return point


async def _outgoing_campaign(work: Work, case: Case, campaign_id: int | None) -> Campaign:
    """The campaign that makes the call: the one said, else the case's own; an incoming one leaves it to the agent."""
    own = await work.session.get_one(Campaign, case.campaign_id)
    if campaign_id is None and own.mode is not Mode.INBOUND:
        return own
    choices = {campaign.id: campaign for campaign in await _outgoing(work)}
    if campaign_id is not None:
        if campaign_id != own.id and campaign_id not in choices:
            raise BadInput(field="campaign", sentence=N_("Usted no trabaja en esa campaña, o no es saliente."))
        return choices.get(campaign_id, own)
    if len(choices) > 1:
        names = [{"id": campaign.id, "name": campaign.name} for campaign in choices.values()]
        raise CampaignRequired(field="campaign", extra={"campaigns": names})
    return next(iter(choices.values()), own)


async def _outgoing(work: Work) -> list[Campaign]:
    """The outgoing campaigns in which this person may call; by priority."""
    going = select(Campaign).where(Campaign.mode != Mode.INBOUND, Campaign.archived_at.is_(None))
    if not may(work.actor.role, Permission.SEE_ALL_CASES):
        mine = select(CampaignAgent.campaign_id).where(CampaignAgent.user_id == work.actor.id)
        going = going.where(Campaign.id.in_(mine))
    return list((await work.session.execute(going.order_by(Campaign.priority, Campaign.name))).scalars())

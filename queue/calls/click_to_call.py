"""Click to call: an agent asks for a call to a customer, and the PBX's bridge makes it (S3-64, S4-91, S4-92, M-04).

Asking writes the call's row and a command. The bridge writes down that it begins before it dials, and begins only in
time: a customer is rather not called than called twice. What comes of it is heard as facts (`queue/reactions`).
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import func, select

from ...models.calls.call import Call, CallPhase, Pbx
from ...models.campaigns.campaign import Campaign, CampaignAgent, Mode
from ...models.cases.case import Case
from ...models.contact.channels import Channel, ContactKind
from ...models.customers.customer import ContactPoint
from ...models.people.agent import Agent, CallState
from ...models.people.user import User
from ...models.permissions import Permission, may
from ...models.records import Lease
from ...models.refused import (
    N_,
    AlreadyInCall,
    BadInput,
    CampaignRequired,
    PhoneNotReady,
    Unavailable,
)
from ...models.rows.call import call_row
from ...realtime.events import CallAsked
from ..cases.taking import open_case
from ..contact.refusing import refuse_contact
from ..people.agents import lock_agent, tell_state
from ..work import Work

BEGIN_WITHIN = 10.0  # seconds after the click; later the agent no longer expects the phone to ring
PHONE_BUSY = N_("Su teléfono está ocupado. Termine lo que tiene e intente de nuevo.")
NO_EXTENSION = N_("Usted no tiene interno: pida al administrador que se lo asigne.")
PBX_AWAY = N_("La central telefónica no responde. Registre el contacto a mano o intente en unos segundos.")


async def ask_call(work: Work, number: int, contact_point_id: int, campaign_id: int | None = None) -> Call:
    """Ask for a call to a phone of the case's customer; the case is opened when it was not.

    Raises what `open_case` and `refuse_contact` raise, BadInput (not a phone of this customer), CampaignRequired,
    PhoneNotReady, AlreadyInCall, Unavailable.
    """
    me = await lock_agent(work, work.me)
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
        names = [{"id": campaign.id, "name": campaign.name} for campaign in (own, *choices.values())]
        raise CampaignRequired(field="campaign", extra={"campaigns": names})
    return next(iter(choices.values()), own)


async def _outgoing(work: Work) -> list[Campaign]:
    """The outgoing campaigns in which this person may call; by priority."""
    going = select(Campaign).where(Campaign.mode != Mode.INBOUND, Campaign.archived_at.is_(None))
    if not may(work.actor.role, Permission.SEE_ALL_CASES):
        mine = select(CampaignAgent.campaign_id).where(CampaignAgent.user_id == work.actor.id)
        going = going.where(Campaign.id.in_(mine))
    return list((await work.session.execute(going.order_by(Campaign.priority, Campaign.name))).scalars())

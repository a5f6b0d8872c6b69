"""Which media a campaign's rule pack refuses for a customer, now or next: for any number of cases at once (X16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..contact.channels import Channel
from ..contact.rule_kinds import DO_NOT_CONTACT
from ..contact.rule_pack import RulePack
from ..contact.rules import ContactRules
from ..contact.verdict import Refusal, next_refusal
from ..refused import DoNotContactAsked
from .values import Named, RefusalRow

Attempts = Mapping[Channel, Sequence[datetime]]
_COUNTED = timedelta(days=8)  # contacts before it are in no rule's week or pause, whatever the zone
ASKED_NOT_TO = RefusalRow(
    code=DoNotContactAsked.code,
    rule=DO_NOT_CONTACT,
    since=None,
    until=None,
    again=None,
    pack=None,
    values={},
)


class Pack(NamedTuple):
    """A pack that some of the cases are under."""

    ref: Named
    rules: ContactRules


class Asked(NamedTuple):
    """Whose refusals: a case of a customer, the pack of its campaign, and where the customer's clock stands."""

    number: int
    customer_id: int
    pack_id: int | None
    zones: tuple[str | None, str | None]  # the customer's, the campaign's


async def packs_by_id(session: AsyncSession, ids: Iterable[int | None]) -> dict[int, Pack]:
    """These packs; no query when there are none."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    statement = select(RulePack).where(RulePack.id.in_(wanted)).execution_options(populate_existing=True)
    return {p.id: Pack(Named(id=p.id, name=p.name), p.rules) for p in await session.scalars(statement)}


def zone_of(session: AsyncSession, customer: str | None, campaign: str | None) -> ZoneInfo:
    """The customer's time zone: the customer's own, else the campaign's, else the installation's.

    It is not guessed from the customer's city: that is a free text, and several countries have a city of that name.
    """
    here: ZoneInfo | None = session.info.get("time_zone")
    return _zone(customer) or _zone(campaign) or here or ZoneInfo("UTC")


async def coming_refusals(
    session: AsyncSession, asked: Sequence[Asked], attempts: Mapping[int, Attempts], now: datetime
) -> dict[int, dict[str, RefusalRow]]:
    """By case and medium the refusal that is or comes next.

    Only the calendar can refuse customers without a recent contact; it is worked out once for all of them.
    """
    packs = await packs_by_id(session, (one.pack_id for one in asked))
    known: dict[tuple[int, ZoneInfo, Channel], RefusalRow | None] = {}
    rows: dict[int, dict[str, RefusalRow]] = {}
    for one in asked:
        if one.pack_id is None:
            continue
        pack, zone = packs[one.pack_id], zone_of(session, *one.zones)
        recent = _recent(attempts.get(one.customer_id, {}), now)
        rows[one.number] = {}
        for channel in Channel:
            key = (one.pack_id, zone, channel)
            if recent or key not in known:
                row = _row(pack, next_refusal(pack.rules, channel, recent, now, zone))
                if not recent:
                    known[key] = row
            else:
                row = known[key]
            if row:
                rows[one.number][channel.value] = row
    return rows


def refused_now(coming: Mapping[str, RefusalRow], now: datetime) -> list[str]:
    """The media that are refused at this moment."""
    return sorted(medium for medium, row in coming.items() if row.since is None or row.since <= now)


def _recent(attempts: Attempts, now: datetime) -> dict[Channel, list[datetime]]:
    recent = {channel: [at for at in times if at > now - _COUNTED] for channel, times in attempts.items()}
    return {channel: times for channel, times in recent.items() if times}


def _row(pack: Pack, refusal: Refusal | None) -> RefusalRow | None:
    if refusal is None:
        return None
    kind = refusal.why.kind
    return RefusalRow(
        code=kind.code,
        rule=kind.value,
        since=refusal.since.astimezone(UTC),
        until=refusal.why.until,
        again=refusal.again,
        pack=pack.ref,
        values=dict(refusal.why.values),
    )


@lru_cache(maxsize=1024)
def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None  # an import may have brought any text

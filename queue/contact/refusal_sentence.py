"""The refusal of a contact in words: what cannot be done, until when, by which rule, and what can be done instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ...models.contact.channels import CHANNELS, Channel
from ...models.contact.rule_kinds import SENTENCES, WEEKDAYS, RuleKind
from ...models.contact.verdict import Forbidden
from ...models.refused import (
    N_,
    ContactRefused,
    DailyMaximum,
    ForbiddenDay,
    OnHoliday,
    OutsideHours,
    PauseNeeded,
    Phrase,
    Phrases,
    WeeklyMaximum,
)
from ...models.rows.values import Named

_REFUSALS: Sequence[type[ContactRefused]] = (
    OutsideHours,
    ForbiddenDay,
    OnHoliday,
    DailyMaximum,
    WeeklyMaximum,
    PauseNeeded,
)
_CLASS: Mapping[str, type[ContactRefused]] = {kind.code: kind for kind in _REFUSALS}


def contact_refusal(
    name: str,
    channel: Channel,
    why: Forbidden,
    pack: Named,
    instead: Sequence[Channel],
    now: datetime,
    zone: ZoneInfo,
) -> ContactRefused:
    """The refusal to raise; times in words are those of `zone`, as everywhere on the screens."""
    what = Phrase(CHANNELS[channel].cannot, {"name": name})
    if why.until:
        what = Phrase(N_("%(what)s hasta %(when)s."), {"what": what, "when": _when(why.until, now, zone)})
    else:
        what = Phrase(N_("%(what)s."), {"what": what})
    parts: dict[str, Any] = {"what": what, "why": _why(why), "pack": pack.name}
    sentence = N_("%(what)s %(why)s Regla: «%(pack)s».")
    if instead:
        sentence = N_("%(what)s %(why)s Regla: «%(pack)s». Ahora se permite: %(instead)s.")
        parts["instead"] = Phrases(Phrase(CHANNELS[other].noun) for other in instead)
    extra = {"channel": channel, "until": why.until, "rule": why.kind, "pack": pack, "instead": list(instead)}
    return _CLASS[why.kind.code](field="channel", sentence=sentence, extra=extra, **parts)


def booking_refusal(why: Forbidden, pack: Named, now: datetime, zone: ZoneInfo) -> ContactRefused:
    """The refusal of a next contact at a moment at which the calendar forbids it; `until` is the first one after it."""
    sentence = N_("No se puede agendar para esa hora. %(why)s Regla: «%(pack)s».")
    parts: dict[str, Any] = {"why": _why(why), "pack": pack.name}
    if why.until:
        sentence = N_("No se puede agendar para esa hora. %(why)s Regla: «%(pack)s». Se puede desde %(when)s.")
        parts["when"] = _when(why.until, now, zone)
    extra: dict[str, Any] = {"channel": Channel.CALL, "until": why.until, "rule": why.kind, "pack": pack, "instead": []}
    return _CLASS[why.kind.code](field="next_contact_at", sentence=sentence, extra=extra, **parts)


def _why(why: Forbidden) -> Phrase:
    values = dict(why.values)
    if why.kind is RuleKind.DAY:
        values["weekday"] = WEEKDAYS[int(values["weekday"])]
    return Phrase(SENTENCES[why.kind], values)


def _when(until: datetime, now: datetime, zone: ZoneInfo) -> Phrase:
    local = until.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    values = {"hour": f"{local:%H:%M}", "day": f"{local.day}/{local.month}"}
    if days == 0:
        return Phrase(N_("las %(hour)s"), values)
    return Phrase(N_("mañana a las %(hour)s") if days == 1 else N_("el %(day)s a las %(hour)s"), values)

"""Contact pressure of a customer as a row shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..contact.channels import Channel
from ..contact.pressure import PressureRule, level
from .refused_media import refused_now
from .values import Medium, Pressure, RefusalRow


def pressure_of(
    rule: PressureRule,
    attempts: Mapping[Channel, Sequence[datetime]],
    refusals: Mapping[str, RefusalRow],
    now: datetime,
) -> Pressure:
    """Contact pressure at `now` under one campaign's rule (S2-24, S2-25), with what is refused."""
    since = rule.since(now)
    media: dict[str, Medium] = {}
    for channel in Channel:
        times = [at for at in attempts.get(channel, ()) if at > since]
        limits = rule.thresholds(channel)
        media[channel.value] = Medium(count=len(times), level=level(len(times), limits), times=times, thresholds=limits)
    total = sum(medium.count for medium in media.values())
    worst = max(level(total, rule.total), *(medium.level for medium in media.values()))
    return Pressure(
        window_days=rule.window_days,
        total_thresholds=rule.total,
        **media,
        total=total,
        level=worst,
        refused=refused_now(refusals, now),
        refusals=dict(refusals),
    )

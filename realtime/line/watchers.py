"""Whether anybody looks at the wall board, in any process: its figures are worked out only then."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError

from .. import topics as to
from .hub import Hub

EVERY = 5.0
_KEY = "atiende:wallboard:watched"
_LASTS = 12  # seconds; when nobody said it for so long, nobody looks


class WallboardWatchers:
    """Says that somebody here looks: at once, and again while it is so."""

    def __init__(self, redis: Redis, hub: Hub) -> None:
        self.redis = redis
        self.hub = hub

    async def came(self) -> None:
        """Somebody began to look. Without Redis there are no live figures either, so that is no error."""
        try:
            async with asyncio.timeout(0.5):
                await self.redis.set(_KEY, "1", ex=_LASTS)
        except (RedisError, OSError):
            pass

    async def run(self) -> None:
        """Say it again while somebody looks, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            if self.hub.hears(to.WALLBOARD):
                await self.came()


async def anybody_watches(redis: Redis) -> bool:
    """Whether a socket of any process looked within the last seconds. Raises RedisError or OSError."""
    return bool(await redis.exists(_KEY))

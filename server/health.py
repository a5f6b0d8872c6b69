"""`/health`: the process lives. `/ready`: it can serve, or which part is down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .doors.answers import json_answer
from .web_process import WebProcess, web_of

PATIENCE = 1.5


async def health(_request: Request) -> Response:
    """The process lives."""
    return json_answer({"status": "ok"})


async def ready(request: Request) -> Response:
    """Whether the database and Redis answer; 503 says which does not."""
    web = web_of(request)
    names = ("database", "redis")
    up = await asyncio.gather(_answers(_database(web)), _answers(web.redis.ping()))
    parts = {name: "up" if is_up else "down" for name, is_up in zip(names, up, strict=True)}
    status = "ok" if all(up) else "down"
    return json_answer({"status": status, **parts}, 200 if all(up) else 503)


async def _database(web: WebProcess) -> None:
    async with web.house.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


async def _answers(look: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await look
    except (SQLAlchemyError, RedisError, OSError):
        return False
    return True


HEALTH = [Route("/health", health), Route("/ready", ready)]

"""Questions that come at the same moment are asked together.

While one batch is being answered the next questions gather. A question that comes alone is asked at once; a storm of
thousands is some tens of batches, each one query.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Together(Generic[Q, A]):
    """`ask` answers a list of questions in their order; what it raises, each of them raises."""

    def __init__(self, ask: Callable[[list[Q]], Awaitable[list[A]]], most: int = 500) -> None:
        self._ask = ask
        self._most = most
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._answering: asyncio.Task[None] | None = None

    async def __call__(self, question: Q) -> A:
        """The answer to a question; it is asked after this call, never before."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._answering is None:
            self._answering = asyncio.create_task(self._answer_all())
        return await answer

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._answer(asked)
        finally:
            self._answering = None

    async def _answer(self, asked: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._ask([question for question, _ in asked])
        except Exception as why:
            for _, waits in asked:
                if not waits.done():  # who asked may be gone
                    waits.set_exception(why)
        else:
            for (_, waits), answer in zip(asked, answers, strict=True):
                if not waits.done():
                    waits.set_result(answer)

"""Finding a customer by document, phone and name at the API, among a million."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

import httpx

from ..shared.data import connect, database, secret_of
from ..shared.harness import Figure, Run, percentile
from ..shared.web import web

WHAT = "search by document, phone or name on 1 M customers (20,000) at the API"

_FIRST = ("ana", "luis", "marta", "jorge", "diana", "pedro", "rosa", "hugo")


async def bench(run: Run) -> list[Figure]:
    """One search after the other, as a supervisor who sees all."""
    customers = run.size(1_000_000, 20_000, 400)
    url = await database(run, customers, run.size(5_000_000, 100_000, 2_000))
    connection = await connect(run, url)
    boss = await connection.fetchval("SELECT id FROM users WHERE role = 'supervisor' LIMIT 1")
    bare = await connection.prepare("SELECT id FROM customers WHERE document = $1")
    dice = random.Random(7)
    surname = lambda i: "ape" + chr(97 + i % 26) + chr(97 + i // 26 % 26) + chr(97 + i // 676 % 26)  # noqa: E731
    asked: dict[str, Callable[[int], dict[str, str]]] = {
        "document": lambda i: {"document": str(10_000_000 + i)},
        "phone": lambda i: {"phone": "3" + str(i).zfill(9)},
        "name and surname": lambda i: {"q": f"{_FIRST[i % 8]} {surname(i)}"},
        "common first name": lambda i: {"q": _FIRST[i % 8]},
    }
    figures = []
    with web(run, url) as site:
        async with httpx.AsyncClient(base_url=site.address, cookies={"atiende": secret_of(boss)}) as client:
            for kind, query in asked.items():
                spent, there = [], []
                for _ in range(run.size(300, 60, 3)):
                    number = dice.randint(1, customers)
                    spent.append(await _search(client, query(number)))
                    began = time.perf_counter()
                    await bare.fetch(str(10_000_000 + number))
                    there.append((time.perf_counter() - began) * 1e3)
                    await asyncio.sleep(0)
                p95, other = percentile(spent, 95), percentile(there, 95)
                figures.append(
                    Figure(f"p95 by {kind}", p95, "ms", "<= 50", note=f"one row by its index alone {other:.2f} ms")
                )
    await connection.close()
    return figures


async def _search(client: httpx.AsyncClient, query: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = await client.get("/api/v1/customers", params=query)
    took = (time.perf_counter() - began) * 1e3
    if answer.status_code != 200 or not answer.json()["items"]:
        raise RuntimeError(f"{query} found nothing: {answer.status_code} {answer.text[:200]}")
    return took

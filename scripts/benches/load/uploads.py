"""A supervisor who brings in one base after the other by the requests of the page: upload, try, load, look how far."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from ..bases.import_steps import write_file
from ..shared.data import CAMPAIGNS, secret_of
from ..shared.web import Web
from .agents import Tally
from .line import RequestFailed

LOOK = 0.5  # seconds between two looks


def files(folder: Path, customers: int, rows: int, most: int) -> list[Path]:
    """Bases of `rows` people, half of the first one's known already; the same every time."""
    found = []
    for number in range(most):
        path = folder / f"carga{number}.csv"
        write_file(path, rows, first=max(0, customers - rows // 2) + number * rows)
        found.append(path)
    return found


async def import_on_and_on(site: Web, boss: int, paths: list[Path], tally: Tally) -> None:
    """One upload after the other, until cancelled; what fails is counted."""
    cookies = {"atiende": secret_of(boss)}
    async with httpx.AsyncClient(base_url=f"{site.address}/api/v1", cookies=cookies, timeout=30) as client:
        for number in count():
            try:
                await _bring_in(client, paths[number % len(paths)], number)
            except (RequestFailed, httpx.HTTPError) as why:
                tally.failed.append(f"{type(why).__name__}: {why}")
                await asyncio.sleep(LOOK)


async def _bring_in(client: httpx.AsyncClient, path: Path, number: int) -> None:
    form = {"name": f"Base {number}", "key": "document", "campaign": str(1 + number % CAMPAIGNS)}
    with path.open("rb") as file:
        job = await _ask(client, "POST", "/bases/uploads", data=form, files={"file": (path.name, file)})
    for step, until in (("check", "checked"), ("run", "done")):
        agreed = {"changes": job["to_agree"]} if step == "run" else {}
        job = await _ask(client, "POST", f"/jobs/{job['id']}/{step}", json=agreed)
        while job["state"] != until:
            if job["state"] in ("failed", "stopped"):
                raise RequestFailed(f"the import {job['state']}: {job['error']}")
            await asyncio.sleep(LOOK)
            job = await _ask(client, "GET", f"/jobs/{job['id']}")


async def _ask(client: httpx.AsyncClient, method: str, path: str, **more: Any) -> Any:
    answer = await client.request(method, path, **more)
    if answer.is_error:
        raise RequestFailed(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    return answer.json()

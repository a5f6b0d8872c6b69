"""Every bench runs. With a tiny size: what it measures then says nothing."""

from __future__ import annotations

import asyncio
import importlib
import shutil

import pytest
from websockets.asyncio.server import ServerConnection, serve

from atiende.scripts.benches.main import NAMES, measure
from atiende.scripts.benches.shared import bun
from atiende.scripts.benches.shared.harness import Figure, table
from atiende.scripts.benches.shared.screens import Screens
from atiende.tests.support.servers import Servers

QUICK = [name for name in NAMES if name not in ("pop", "import")]  # those need a browser and a worker


@pytest.mark.parametrize("name", QUICK)
async def test_a_bench_runs_and_its_figures_can_be_shown(name: str, servers: Servers) -> None:
    here = name != "fanout" or bun.PROGRAM.exists() or shutil.which("npm")
    assert here, "npm is missing, by which the peer comes: scripts/test installs it"
    records = await measure([name], small=True, tiny=True, servers=servers)
    assert records[name]["failed"] == ""
    assert records[name]["figures"]
    assert all(figure["what"] for figure in records[name]["figures"])
    assert name in table(records)


@pytest.mark.parametrize("name", NAMES)
def test_a_bench_says_what_it_measures(name: str) -> None:
    module = importlib.import_module(f"atiende.scripts.benches.{NAMES[name]}")
    assert module.WHAT
    assert callable(module.bench)


async def test_screens_that_are_not_measured_now_still_answer_so_that_the_server_keeps_them() -> None:
    answered = asyncio.Event()

    async def keeps(line: ServerConnection) -> None:
        await line.send('{"type": "hello"}')
        await (await line.ping())
        answered.set()
        await line.wait_closed()

    async with serve(keeps, "127.0.0.1", 0, ping_interval=None) as server:
        screens = Screens("127.0.0.1", server.sockets[0].getsockname()[1], lambda n: "/")
        await asyncio.to_thread(screens.open, range(1))
        async with asyncio.timeout(60):
            while not answered.is_set():
                screens.tend()
                await asyncio.sleep(0.01)
        assert screens.lost == 0
        screens.close()


@pytest.mark.parametrize(
    "value,ratio,goal,met",
    [(5.0, None, "<= 10", True), (5.0, None, ">= 10", False), (99.0, 1.2, "<= 1.3", True), (1.0, None, "", None)],
)
def test_a_goal_bounds_the_ratio_when_there_is_a_peer(
    value: float, ratio: float | None, goal: str, met: bool | None
) -> None:
    assert Figure("it", value, "s", goal, ratio=ratio).met is met

"""Every bench runs. With a tiny size: what it measures then says nothing."""

from __future__ import annotations

import importlib
import shutil

import pytest

from atiende.scripts.benches.main import NAMES, measure
from atiende.scripts.benches.shared import bun
from atiende.scripts.benches.shared.harness import Figure, table
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


@pytest.mark.parametrize(
    "value,ratio,goal,met",
    [(5.0, None, "<= 10", True), (5.0, None, ">= 10", False), (99.0, 1.2, "<= 1.3", True), (1.0, None, "", None)],
)
def test_a_goal_bounds_the_ratio_when_there_is_a_peer(
    value: float, ratio: float | None, goal: str, met: bool | None
) -> None:
    assert Figure("it", value, "s", goal, ratio=ratio).met is met

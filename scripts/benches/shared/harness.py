"""What every bench shares: a run with its private servers and data, figures, machine, the table and the JSON.

A bench is a module with `WHAT` (one line) and `async def bench(run: Run) -> list[Figure]`. It measures and reports; it
never asserts. A figure with a peer is a ratio of medians over interleaved rounds: ours, peer, ours, peer, …
"""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from atiende.tests.support.servers import Servers

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "atiende"
LAST = CACHE / "bench.json"
ROUNDS = 3
_OF_INTEREST = ("uvicorn", "uvloop", "websockets", "starlette", "sqlalchemy", "asyncpg", "redis", "polars", "orjson")

Measure = Callable[[], Awaitable[float]]


@dataclass
class Figure:
    """One measured number. `goal` is a bound on the ratio when there is a peer, else on the value."""

    what: str
    value: float
    unit: str
    goal: str = ""  # "<= 1.3", ">= 1000"; empty = for information
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    rounds: list[float] = field(default_factory=list)
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if not self.goal:
            return None
        sign, bound = self.goal.split()
        measured = self.value if self.ratio is None else self.ratio
        return measured <= float(bound) if sign == "<=" else measured >= float(bound)


@dataclass
class Run:
    """One run of some benches: `small` means seconds instead of minutes and the sizes in brackets."""

    small: bool
    servers: Servers
    folder: Path
    tiny: bool = False  # only to see that everything still works
    versions: dict[str, str] = field(default_factory=dict)
    _databases: dict[tuple[int, ...], str] = field(default_factory=dict)

    def size(self, full: int, small: int, tiny: int | None = None) -> int:
        """The size of this run."""
        if self.tiny:
            return small if tiny is None else tiny
        return small if self.small else full

    @property
    def rounds(self) -> int:
        return 1 if self.tiny else ROUNDS

    async def compare(self, what: str, unit: str, goal: str, ours: Measure, peer: tuple[str, Measure]) -> Figure:
        """Measure both in turn, `rounds` times."""
        mine: list[float] = []
        theirs: list[float] = []
        for _ in range(self.rounds):
            mine.append(await ours())
            theirs.append(await peer[1]())
        value, other = statistics.median(mine), statistics.median(theirs)
        return Figure(what, value, unit, goal, peer[0], other, value / other if other else None, mine + theirs)

    async def alone(self, what: str, unit: str, goal: str, ours: Measure) -> Figure:
        """Measure something that has no peer."""
        mine = [await ours() for _ in range(self.rounds)]
        return Figure(what, statistics.median(mine), unit, goal, rounds=mine)


def percentile(values: list[float], percent: float) -> float:
    """Of at least one value; the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, user and system."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def machine() -> dict[str, Any]:
    """What it ran on, and how busy that was."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load": [round(x, 2) for x in os.getloadavg()],
    }


def versions() -> dict[str, str]:
    """What of others takes part."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in _OF_INTEREST}


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def record(run: Run, name: str, figures: list[Figure], seconds: float, failed: str = "") -> dict[str, Any]:
    """One bench as it stands in the JSON."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "size": "tiny" if run.tiny else "small" if run.small else "full",
        "seconds": round(seconds, 1),
        "failed": failed,
        "machine": machine(),
        "versions": versions() | run.versions,
        "figures": [asdict(figure) | {"met": figure.met} for figure in figures],
    }


def keep(path: Path, records: dict[str, Any]) -> None:
    """Put these records into a file; those of other benches in it stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(before | records, indent=1, ensure_ascii=False) + "\n")


def table(records: dict[str, Any]) -> str:
    """All figures as a Markdown table."""
    lines = ["| bench | what | ours | peer | ratio | goal | met |", "|---|---|---|---|---|---|---|"]
    for name, one in records.items():
        if one["failed"]:
            lines.append(f"| {name} | *did not run: {one['failed']}* | | | | | |")
        lines += [_line(name, one["size"], figure) for figure in one["figures"]]
    return "\n".join(lines)


def _line(name: str, size: str, figure: dict[str, Any]) -> str:
    peer = f"{_plain(figure['peer_value'])} ({figure['peer']})" if figure["peer"] else ""
    ratio = f"{figure['ratio']:.2f}" if figure["ratio"] is not None else ""
    goal = figure["goal"].replace("<=", "≤").replace(">=", "≥")
    met = {True: "yes", False: "**no**", None: ""}[figure["met"]]
    bench = name if size == "full" else f"{name} ({size})"
    what = f"{figure['what']} — {figure['note']}" if figure["note"] else figure["what"]
    return f"| {bench} | {what} | {_plain(figure['value'])} {figure['unit']} | {peer} | {ratio} | {goal} | {met} |"


def _plain(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"

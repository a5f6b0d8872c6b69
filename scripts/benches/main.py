"""Runs benches and shows what they found."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

from atiende.tests.support.folders import temporary_folder
from atiende.tests.support.servers import Servers, private_servers

from . import docs
from .shared.harness import LAST, Figure, Run, keep, record, table

# in this order; a bench that leaves traces in the data comes after those that only read it
NAMES = {
    "fanout": "live.fanout",
    "connections": "live.connections",
    "storm": "live.storm",
    "signed-out": "live.signed_out",
    "ami": "telephony.ami",
    "phones": "bases.phones",
    "import": "bases.import_base",
    "import-countries": "bases.import_countries",
    "base": "bases.base_page",
    "list": "cases.case_list",
    "search": "cases.search",
    "next-case": "cases.next_case",
    "assign": "cases.assign",
    "wallboard": "live.wallboard",
    "pop": "live.pop",
    "first-paint": "live.first_paint",
    "load": "load.bench",
    "idle": "load.idle",
}
Show = Callable[[str, dict[str, Any]], None]

LONGEST = 1800.0  # seconds for one bench of full size
LONGEST_SMALL = 120.0


def main(arguments: list[str]) -> int:
    """Do what the command line says; the exit status is 1 when a bench could not run."""
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all of them by default")
    parser.add_argument("--small", action="store_true", help="small data, some seconds each")
    parser.add_argument("--tiny", action="store_true", help="only to see that everything works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--write-docs", action="store_true", help="put the kept figures into docs/PERFORMANCE.md")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    if options.list:
        print("\n".join(f"{name:12} {_module(name).WHAT}" for name in NAMES))
        return 0
    records: dict[str, Any] = {}
    if options.names or not options.write_docs:
        names = options.names or list(NAMES)
        records = asyncio.run(measure(names, small=options.small, tiny=options.tiny, show=_show))
        if not options.tiny:
            keep(LAST, records)
        if options.json:
            keep(options.json, records)
    if options.write_docs:
        docs.write(json.loads(LAST.read_text()))
    return int(any(one["failed"] for one in records.values()))


def _nobody(name: str, one: dict[str, Any]) -> None:
    """Nobody looks."""


async def measure(
    names: list[str], *, small: bool, tiny: bool, show: Show = _nobody, servers: Servers | None = None
) -> dict[str, Any]:
    """Run these benches on private servers of their own, or on those given; their records by name."""
    records: dict[str, Any] = {}
    folder = temporary_folder()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        run = Run(small or tiny, servers or stack.enter_context(private_servers()), folder, tiny)
        for name in names:
            began = time.monotonic()
            figures: list[Figure] = []
            failed = ""
            try:
                async with asyncio.timeout(LONGEST_SMALL if run.small else LONGEST):
                    figures = await _module(name).bench(run)
            except Exception as why:  # a bench that cannot run must not keep the others from running
                failed = f"{type(why).__name__}: {why}".splitlines()[0]
                traceback.print_exc(file=sys.stderr)
            records[name] = record(run, name, figures, time.monotonic() - began, failed)
            show(name, records[name])
    return records


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__package__}.{NAMES[name]}")


def _show(name: str, one: dict[str, Any]) -> None:
    print(f"{table({name: one})}\n({one['seconds']} s, load {one['machine']['load'][0]})\n", flush=True)

"""`python -m atiende.telephony.simulated_pbx`: the simulated PBX as a process, with customers who call."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
from pathlib import Path

from .equipment import extension_in, interface_of
from .pbx import SimulatedPbx
from .traffic import Traffic


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulated_pbx", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5038, help="0: any free one")
    parser.add_argument("--secret", default=os.environ.get("SIMULATED_PBX_SECRET", "simulated"))
    parser.add_argument("--extensions", default="1001,1002,1003", help="1001,1002")
    parser.add_argument("--queues", default="soporte:1001,1002,1003", help="soporte:1001,1002;ventas:1003")
    parser.add_argument("--callers-file", type=Path, help="a line each: number, or number;name")
    parser.add_argument("--calls-every", type=float, default=0.0, help="mean seconds between calls; 0: nobody calls")
    parser.add_argument("--quiet", action="store_true", help="do not say where it listens")
    return parser.parse_args()


def queues_of(text: str) -> dict[str, list[str]]:
    """`soporte:1001,1002;ventas:Local/1003@from-queue/n`."""
    pairs = (part.partition(":") for part in text.split(";") if part.strip())
    return {name.strip(): [member.strip() for member in members.split(",") if member] for name, _, members in pairs}


def callers_of(file: Path | None) -> list[tuple[str, str]]:
    """Numbers and names, one a line; empty lines and lines that begin with # are passed over."""
    if file is None:
        return [("", "")]
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    split = (line.partition(";") for line in lines if line and not line.startswith("#"))
    return [(number.strip(), name.strip()) for number, _, name in split]


async def serve(options: argparse.Namespace) -> None:
    queues = queues_of(options.queues)
    extensions = [part.strip() for part in options.extensions.split(",") if part.strip()]
    reached = {extension_in(interface_of(member)) for members in queues.values() for member in members}
    extensions += sorted(reached - set(extensions))
    pbx = SimulatedPbx(extensions, queues, options.secret, options.host, options.port)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await pbx.start()
    if not options.quiet:
        print(f"listening on {pbx.server.host}:{pbx.server.port}", flush=True)
    if options.calls_every > 0:
        pbx.spawn(Traffic(pbx, callers_of(options.callers_file), options.calls_every).run())
    await stop.wait()
    await pbx.stop()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments()))

"""How what moves in the demonstration is started: its extensions, its queue, who calls and how often."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from ..settings import Settings

# The demo's agents sign in to these, in this order.
EXTENSIONS = ("1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008")
QUEUE = "soporte"
SECONDS_BETWEEN_CALLS = 15
SECRET = "SIMULATED_PBX_SECRET"  # noqa: S105 - the name of a variable


def callers_file(data_dir: Path) -> Path:
    """Where the demo writes the numbers that call, one a line."""
    return data_dir / "demo_callers.txt"


def simulated_pbx_command(_settings: Settings) -> list[str]:
    """The command that listens where the settings' `ami_url` says; it reads them from its environment."""
    return [sys.executable, "-P", "-m", "atiende.server.up.demo_process"]


def simulated_pbx_environment(settings: Settings) -> dict[str, str]:
    """What it is told aside: its secret, which everybody on the machine could read on the command line."""
    return {SECRET: urlsplit(settings.ami_url or "").password or ""}

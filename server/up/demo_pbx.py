"""How the demonstration's simulated PBX is started: its extensions, its queue, who calls and how often."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from ..settings import Settings

# The demo's agents sign in to these, in this order.
EXTENSIONS = ("1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008")
QUEUE = "soporte"
SECONDS_BETWEEN_CALLS = 12


def callers_file(data_dir: Path) -> Path:
    """Where the demo writes the numbers that call, one a line."""
    return data_dir / "demo_callers.txt"


def simulated_pbx_command(settings: Settings) -> list[str]:
    """The command that listens where the settings' `ami_url` says."""
    pbx = urlsplit(settings.ami_url or "")
    members = ",".join(EXTENSIONS)
    command = [sys.executable, "-P", "-m", "atiende.telephony.simulated_pbx", "--quiet"]
    command += ["--port", str(pbx.port)]
    command += ["--extensions", members, "--queues", f"{QUEUE}:{members}"]
    command += ["--calls-every", str(SECONDS_BETWEEN_CALLS)]
    callers = callers_file(settings.data_dir)
    return [*command, "--callers-file", str(callers)] if callers.exists() else command


def simulated_pbx_environment(settings: Settings) -> dict[str, str]:
    """What it is told aside: its secret, which everybody on the machine could read on the command line."""
    return {"SIMULATED_PBX_SECRET": urlsplit(settings.ami_url or "").password or ""}

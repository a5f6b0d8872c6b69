"""The systemd units of docs/OPERATING.md, as systemd itself reads them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "docs/operating"
PROGRAM = "/opt/atiende/.venv/bin/atiende"
MOST_EXPOSED = 30  # tenths; systemd calls less than this "OK"
SERVICES = sorted(file.name for file in UNITS.glob("*.service"))


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The units with a program that this machine has."""
    for file in UNITS.glob("atiende*"):
        text = file.read_text()
        assert PROGRAM in text or file.suffix == ".timer"
        (tmp_path / file.name).write_text(text.replace(PROGRAM, sys.executable))
    return tmp_path


def test_systemd_reads_every_unit_without_a_complaint(here: Path) -> None:
    said = analyze("verify", "--man=no", *sorted(here.glob("atiende*")))
    ours = [line for line in said.stderr.splitlines() if "atiende" in line]
    assert (said.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_reach_little_of_the_machine(here: Path, name: str) -> None:
    said = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", here / name)
    assert said.returncode == 0, said.stdout[-300:] + said.stderr

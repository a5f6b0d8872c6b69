"""The real thing: `atiende up` with every real process, and the commands beside it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import httpx
import pytest

from atiende.tests.support.running_atiende import COMMAND, RunningAtiende


@pytest.fixture(scope="module")
def atiende() -> Iterator[RunningAtiende]:
    with RunningAtiende() as running:
        yield running


def command(atiende: RunningAtiende, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=atiende.environment, input=said, capture_output=True, text=True, timeout=60
    )


async def test_a_first_start_prints_a_link_for_the_first_administrator_that_opens(atiende: RunningAtiende) -> None:
    atiende.until(lambda: "primer administrador" in atiende.last_lines())
    link = next(line.strip() for line in atiende.output if line.strip().startswith(atiende.address))
    assert httpx.get(link, follow_redirects=True).status_code == 200


@pytest.mark.faults
async def test_the_web_is_back_after_being_killed(atiende: RunningAtiende) -> None:
    atiende.wait_for_another("web", than=atiende.kill("web"))
    atiende.wait_until_ready()


async def test_commands_work_on_the_running_one(atiende: RunningAtiende) -> None:
    added = command(atiende, "user", "add", "ana", "--role", "supervisor")
    assert added.returncode == 0, added.stderr
    assert atiende.address in added.stdout
    again = command(atiende, "migrate")
    assert again.returncode == 0, again.stderr
    checked = command(atiende, "check")
    assert "✓  base de datos  PostgreSQL 18" in checked.stdout
    assert "✓  redis" in checked.stdout


async def test_a_command_starts_the_private_servers_itself_when_nothing_runs() -> None:
    atiende = RunningAtiende()
    try:
        assert command(atiende, "migrate").stdout == "La base de datos está al día.\n"
        assert command(atiende, "user", "add", "ana", "--role", "admin").returncode == 0
        assert "ATIENDE_DATABASE_URL no sirve: falta" in command(atiende, "web").stderr
    finally:
        atiende.__exit__()

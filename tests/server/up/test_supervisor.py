"""`atiende up`: what dies comes back, and nothing stays when it goes. The programs it starts are stand-ins."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import asyncpg
import psutil
import pytest

from atiende.server.up.child_processes import alive, marked, working_in
from atiende.server.up.service import wait_before_restart
from atiende.tests.support.running_atiende import RunningAtiende

STUB = (sys.executable, "-P", "-m", "atiende.tests.support.stub_program")


@pytest.fixture
def atiende() -> Iterator[RunningAtiende]:
    with RunningAtiende(command=STUB) as running:
        yield running


def left_behind(atiende: RunningAtiende) -> list[psutil.Process]:
    us = os.getpid()
    found = [*marked(atiende.data_dir), *working_in(atiende.data_dir / "postgresql")]
    return [process for process in found if process.pid != us and alive(process)]


async def test_up_says_where_it_is_and_stops_in_order_when_asked(atiende: RunningAtiende) -> None:
    atiende.until(lambda: "prepared" in atiende.last_lines())
    assert f"Atiende está en {atiende.address}" in atiende.last_lines()
    assert set(atiende.pids) == {"supervisor", "postgres", "redis", "web", "worker"}
    assert int((atiende.data_dir / "run/web.pid").read_text()) == atiende.pids["web"]
    assert (atiende.data_dir / "run/up.json").stat().st_mode & 0o077 == 0

    assert atiende.stop() == 0
    assert left_behind(atiende) == []
    assert not (atiende.data_dir / "run/up.json").exists()
    assert not (atiende.data_dir / "postgresql/postmaster.pid").exists()


@pytest.mark.faults
async def test_nothing_stays_when_the_supervisor_is_killed_and_the_next_one_starts(atiende: RunningAtiende) -> None:
    atiende.kill("supervisor")
    assert atiende.process
    atiende.process.wait()
    deadline = time.monotonic() + 60
    while left_behind(atiende):
        assert time.monotonic() < deadline, left_behind(atiende)
        time.sleep(0.05)

    with RunningAtiende(command=STUB, data_dir=atiende.data_dir) as another:
        assert another.state


@pytest.mark.faults
async def test_the_next_supervisor_ends_a_child_that_could_not_stop(atiende: RunningAtiende) -> None:
    frozen = psutil.Process(atiende.pids["worker"])
    frozen.suspend()
    atiende.kill("supervisor")
    assert atiende.process
    atiende.process.wait()
    with RunningAtiende(command=STUB, data_dir=atiende.data_dir):
        assert not alive(frozen)


@pytest.mark.faults
@pytest.mark.parametrize("name", ["postgres", "redis", "web", "worker"])
async def test_what_is_killed_is_started_again(atiende: RunningAtiende, name: str) -> None:
    atiende.wait_for_another(name, than=atiende.kill(name))
    atiende.wait_until_ready()
    if name == "postgres":
        connection = await _connected(str(atiende.state["database_url"]).replace("+asyncpg", ""))
        await connection.close()


@pytest.mark.faults
async def test_a_bridge_that_stands_by_is_kept_running_too() -> None:
    """Two on request, one without, none without a PBX."""
    environment = {"ATIENDE_AMI_URL": "ami://atiende:secret@127.0.0.1:1"}
    with RunningAtiende(command=STUB, environment=environment) as atiende:
        atiende.until(lambda: "bridge" in atiende.pids)
        assert "bridge-2" not in atiende.pids
    with RunningAtiende(command=STUB, environment=environment, arguments=("--bridges", "2")) as atiende:
        atiende.until(lambda: {"bridge", "bridge-2"} <= set(atiende.pids))
        atiende.wait_for_another("bridge-2", than=atiende.kill("bridge-2"))
        assert atiende.stop() == 0
        assert left_behind(atiende) == []


async def test_a_second_up_on_the_same_data_is_refused_with_the_address(atiende: RunningAtiende) -> None:
    second = subprocess.run([*atiende.command], env=atiende.environment, capture_output=True, text=True, timeout=20)
    assert second.returncode == 2
    assert "ya está en marcha" in second.stderr
    assert atiende.address in second.stderr
    assert set(atiende.pids) == {"supervisor", "postgres", "redis", "web", "worker"}


async def test_a_taken_port_stops_the_start_with_a_sentence(atiende: RunningAtiende) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment = {**atiende.environment, "ATIENDE_DATA_DIR": str(atiende.data_dir / "another")}
        command = [*STUB, "up", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert done.stderr.startswith("ATIENDE_PORT no sirve")


async def test_ctrl_c_stops_it_while_it_is_still_starting() -> None:
    atiende = RunningAtiende(command=STUB)
    atiende.start()
    atiende.until(lambda: "postgres" in atiende.pids)
    assert atiende.process
    atiende.process.send_signal(signal.SIGINT)
    assert atiende.process.wait(15) == 0
    assert left_behind(atiende) == []
    atiende.__exit__()


def test_the_first_death_is_answered_at_once_and_the_pauses_stay_below_five_seconds() -> None:
    assert [wait_before_restart(failures) for failures in (1, 2, 3, 4, 5, 6, 7, 50)] == [0, 0.25, 0.5, 1, 2, 4, 5, 5]


async def _connected(url: str) -> asyncpg.Connection:
    deadline = time.monotonic() + 5
    while True:
        try:
            return await asyncpg.connect(url)
        except (OSError, asyncpg.PostgresError):
            assert time.monotonic() < deadline
            time.sleep(0.05)

"""`atiende check`: which link is up, and why one is not. Each link is broken once; the others are still told of."""

from __future__ import annotations

import asyncio
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from atiende.models.calls.call import Pbx
from atiende.server.commands import check
from atiende.server.connections import connections
from atiende.server.settings import Settings
from atiende.tests.support.servers import Servers

NOBODY = "127.0.0.1:9"  # where nobody listens
WELCOME = b"Asterisk Call Manager/9.0.0\r\n"
GRANTED = b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
REFUSED = b"Response: Error\r\nMessage: Authentication failed\r\n\r\n"


@contextmanager
def listener(greeting: bytes, answer: bytes | None) -> Iterator[str]:
    """A server that greets, and answers the first thing it reads; with no answer it falls silent. Its host and port."""

    class Talk(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(greeting)
            self.request.recv(4096)
            if answer is None:
                silent.wait(10)
            else:
                self.request.sendall(answer)

    silent = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            silent.set()
            server.shutdown()


@pytest.fixture
def healthy(settings: Settings) -> Settings:
    """An installation whose database, Redis and worker are up, without a PBX."""
    with redis.Redis.from_url(settings.redis_url or "") as client:
        client.set(check.WORKER_SIGN, "Nov-21 10:42:00 j_complete=3")
    return settings


def lines(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit status, and what was said of each link."""
    status = check.examine(settings)
    said = capsys.readouterr().out.splitlines()
    return status, {line[3:17].strip(): f"{line[0]} {line[18:].strip()}" for line in said}


def test_all_that_is_configured_works(healthy: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = lines(healthy, capsys)
    assert status == 0
    assert said["base de datos"].startswith("✓ PostgreSQL") and "revisión" in said["base de datos"]
    assert said["redis"].startswith("✓ Redis") and said["trabajos"].startswith("✓ ")
    assert said["AMI"].startswith("– sin configurar") and said["ARI"].startswith("– sin configurar")


def test_nothing_configured_and_nothing_running(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = lines(Settings(data_dir=tmp_path), capsys)
    assert status == 1
    assert said["base de datos"] == "✗ sin configurar (ATIENDE_DATABASE_URL)"
    assert said["redis"] == said["trabajos"] == "✗ sin configurar (ATIENDE_REDIS_URL)"
    assert said["AMI"] == "– sin configurar (ATIENDE_AMI_URL)"


def test_a_database_that_is_away(healthy: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    away = healthy.with_values(database_url=f"postgresql+asyncpg://nobody@{NOBODY}/x")
    status, said = lines(away, capsys)
    assert status == 1 and said["base de datos"] == f"✗ nadie escucha en {NOBODY}"
    assert said["redis"].startswith("✓")


def test_a_database_without_tables(healthy: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    empty = healthy.with_values(database_url=(healthy.database_url or "").replace(_name(healthy), "postgres"))
    status, said = lines(empty, capsys)
    assert status == 1 and said["base de datos"].startswith("✗ falta `atiende migrate` (revisión ninguna")


def _name(settings: Settings) -> str:
    return (settings.database_url or "").partition("?")[0].rpartition("/")[2]


def test_a_redis_that_is_away(healthy: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = lines(healthy.with_values(redis_url=f"redis://{NOBODY}/0"), capsys)
    assert status == 1 and said["redis"] == said["trabajos"] == f"✗ nadie escucha en {NOBODY}"
    assert said["base de datos"].startswith("✓")


def test_a_worker_that_gives_no_sign_of_life(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = lines(settings, capsys)
    assert status == 1 and said["trabajos"] == "✗ ningún `atiende worker` da señales de vida"


@pytest.mark.parametrize(
    ("greeting", "answer", "mark", "reason"),
    [
        (WELCOME, GRANTED, "✓", "Asterisk Call Manager/9.0.0"),
        (WELCOME, REFUSED, "✗", "usuario o clave rechazados"),
        (WELCOME, None, "✗", "no responde en 3 s"),
        (b"", None, "✗", "no responde en 3 s"),
    ],
)
def test_a_pbx_that_welcomes_refuses_or_is_silent(
    healthy: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    greeting: bytes,
    answer: bytes | None,
    mark: str,
    reason: str,
) -> None:
    if answer is None:
        monkeypatch.setattr(check, "PATIENCE", 3.0)
    with listener(greeting, answer) as place:
        status, said = lines(healthy.with_values(ami_url=f"ami://atiende:secreto@{place}"), capsys)
    assert (status == 0) == (mark == "✓")
    assert said["AMI"].startswith(mark) and reason in said["AMI"]
    assert "secreto" not in str(said)


def test_a_pbx_that_is_away(healthy: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    away = healthy.with_values(ami_url=f"ami://a:secreto@{NOBODY}", ari_url=f"http://a:secreto@{NOBODY}")
    status, said = lines(away, capsys)
    assert status == 1 and said["AMI"] == said["ARI"] == f"✗ nadie escucha en {NOBODY}"
    assert "secreto" not in str(said)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "✓ responde"),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", "✗ respondió 401 Unauthorized"),
        (b"", "✗ respondió nada"),
    ],
)
def test_the_rest_interface_of_the_pbx(
    healthy: Settings, capsys: pytest.CaptureFixture[str], answer: bytes, expected: str
) -> None:
    with listener(b"", answer) as place:
        status, said = lines(healthy.with_values(ari_url=f"http://a:b@{place}"), capsys)
    assert said["ARI"] == expected and (status == 0) == (expected[0] == "✓")


async def test_a_phone_that_a_queue_rings_twice_is_named(healthy: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    async with connections(healthy) as opened, opened.house.work() as work:
        work.session.add(Pbx(id="main", doubled=[["ventas", "1001"]]))
    status, said = await asyncio.to_thread(lines, healthy, capsys)
    assert status == 1
    assert said["colas"] == "✗ llaman dos veces a una extensión, quite un miembro: ventas a 1001"


def test_what_is_wrong_with_this_machine_is_said_of_each_thing(
    healthy: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (healthy.data_dir / "postgresql").mkdir()
    secret = healthy.data_dir / "secret_key"
    secret.write_text("x" * 40)
    secret.chmod(0o644)
    healthy.data_dir.chmod(0o755)
    status, said = lines(healthy.with_values(disk_floor_mb=10**9), capsys)
    assert status == 1
    assert "chmod 700" in said["carpeta"] and "chmod 600" in said["clave secreta"]
    assert said["disco"].startswith("✗") and "no se guarda nada" in said["disco"]
    assert said["última copia"].startswith("– ninguna") and said["web"].startswith("– ninguna")
    healthy.data_dir.chmod(0o700)
    secret.chmod(0o600)
    status, said = lines(healthy, capsys)
    assert (status, said["carpeta"][0], said["clave secreta"][0], said["disco"][0]) == (0, "✓", "✓", "✓")


async def test_tables_of_a_newer_version_are_told_from_missing_ones(
    healthy: Settings, servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    await servers.run_sql("UPDATE alembic_version SET version_num = '9999'", _name(healthy))
    _, said = await asyncio.to_thread(lines, healthy, capsys)
    assert "versión más nueva de Atiende (revisión 9999)" in said["base de datos"]

"""A disk that is nearly full: nothing is changed, everything can be read, and it goes on by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from atiende.server import disk_space
from atiende.server.disk_space import MB, DiskSpace
from atiende.server.settings import Settings
from atiende.server.up.postgres import largest_log
from atiende.tests.support.client import PASSWORD, Client, Site, running_app

FLOOR = 500
PAUSE = {"state": "paused", "reason": "break"}
BASE = {"file": ("base.csv", b"tipo_documento;documento;primer_nombre\r\nCC;1;Ana")}


class Disk:
    """A disk with so much left."""

    megabytes = 10 * FLOOR

    def free(self, _folder: Path) -> int:
        return self.megabytes * MB


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    monkeypatch.setattr(disk_space, "LOOK_EVERY", 0.0)
    yield Disk()


@pytest.fixture
async def site(settings: Settings, disk: Disk) -> AsyncIterator[Site]:
    (settings.data_dir / "postgresql").mkdir()
    async with running_app(settings) as site:
        site.app.state.web.disk.free = disk.free
        yield site


async def upload(person: Client) -> int:
    return (await person.post("/api/v1/bases", data={"name": "Mora", "key": "document"}, files=BASE)).status_code


async def test_below_the_floor_changes_are_refused_with_a_sentence_and_reading_goes_on(site: Site, disk: Disk) -> None:
    user = await site.user("agent")
    agent = await site.session_of(user)
    disk.megabytes = FLOOR - 1
    refused = await agent.post("/api/v1/agents/me/state", json=PAUSE)
    assert (refused.status_code, refused.json()["code"]) == (507, "disk-full")
    assert "casi lleno" in refused.json()["message"]
    for path in ("/api/v1/me", "/api/v1/cases?section=active", "/casos"):
        assert (await agent.get(path)).status_code == 200
    signed = await site.visitor().post("/api/v1/session", json={"username": agent.username, "password": PASSWORD})
    assert signed.status_code == 200
    assert (await agent.delete("/api/v1/session")).status_code == 204


async def test_it_goes_on_by_itself_when_there_is_room_again(site: Site, disk: Disk) -> None:
    supervisor = await site.signed_in("supervisor")
    disk.megabytes = FLOOR - 1
    assert await upload(supervisor) == 507
    disk.megabytes = 2 * FLOOR
    assert await upload(supervisor) == 202


async def test_files_are_refused_before_work_is(site: Site, disk: Disk) -> None:
    supervisor, agent = await site.signed_in("supervisor"), await site.signed_in("agent")
    disk.megabytes = 2 * FLOOR - 1
    assert await upload(supervisor) == 507
    assert (await agent.post("/api/v1/agents/me/state", json=PAUSE)).status_code != 507
    assert not list((site.settings.data_dir / "uploads").glob("*"))


def test_the_disk_of_a_database_elsewhere_is_its_own(tmp_path: Path) -> None:
    disk = DiskSpace(tmp_path, FLOOR, lambda _: 0)
    assert (disk.takes_changes(), disk.takes_uploads()) == (True, False)


def test_the_log_of_the_private_database_is_bounded_by_its_disk() -> None:
    assert [largest_log(gigabytes * 1024) for gigabytes in (1, 40, 10_000)] == [256, 819, 4096]

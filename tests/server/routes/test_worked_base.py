"""Undoing an upload and deleting a base after agents worked some of it, all of them through their own doors.

The counts said before are the counts after, and what was done with a customer is still told on the case.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from atiende.models.permissions import Role
from atiende.queue.bases.uploads.worker import run_upload
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

API = "/api/v1"
PEOPLE = 9
CITY = "Cali"


@dataclass
class Office:
    """A supervisor with a base in a campaign, and its agent with a ready phone."""

    site: Site
    boss: Client
    agent: Client
    job: str
    base: int
    cases: list[int]  # by the order of the file

    async def load(self, city: str, **fields: str) -> str:
        """Send the base, with everybody in this city; the job when it is done."""
        job = await load(self.site, self.boss, city, **fields)
        assert (await self.boss.get(f"{API}/jobs/{job}")).json()["state"] == "done"
        return job

    async def work(self) -> None:
        """A call, a gestión, an appointment, an attempt, a case that is open now, and one that was only looked at."""
        called, finished, promised, tried, held, left, *_ = self.cases
        sheet = (await self.agent.get(f"{API}/cases/{called}")).json()["sheet"]
        phone = {"contact_point_id": sheet["customer"]["contact_points"][0]["id"]}
        call = await self.do("POST", "/calls", {"case": called, **phone})
        await self.do("POST", f"/calls/{call['call']['id']}/hangup")
        await self.do("POST", f"/cases/{called}/leave")
        await self.gestion(finished, finish=True, result=await self.result())
        await self.gestion(promised, next_contact_at=(datetime.now(UTC) + timedelta(days=1)).isoformat(), mine=True)
        sheet = (await self.agent.get(f"{API}/cases/{tried}")).json()["sheet"]
        phone = {"contact_point_id": sheet["customer"]["contact_points"][0]["id"]}
        await self.do("POST", f"/cases/{tried}/open")
        await self.do("POST", f"/cases/{tried}/attempts", {"channel": "whatsapp", **phone})
        await self.do("POST", f"/cases/{tried}/leave")
        await self.do("POST", f"/cases/{left}/open")
        await self.do("POST", f"/cases/{left}/leave")
        await self.do("POST", f"/cases/{held}/open")

    async def gestion(self, number: int, **form: Any) -> None:
        await self.do("POST", f"/cases/{number}/open")
        done = await self.do("POST", f"/cases/{number}/dispositions", {"observations": f"Gestión de {number}", **form})
        # Who is done gets the next case at once.
        await self.do("POST", f"/cases/{done['next_case']['number'] if done['next_case'] else number}/leave")

    async def result(self) -> list[int]:
        """A result of the campaign, through all its levels."""
        found, level = [], (await self.agent.get(f"{API}/cases/{self.cases[0]}")).json()["sheet"]["results"]
        while level:
            found.append(level[0]["id"])
            level = level[0]["children"]
        return found

    async def do(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.agent.request(method, API + path, json=body)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json() if answer.content else None

    async def taken(self, told: str, method: str, path: str) -> tuple[dict[str, int], dict[str, Any]]:
        """What was said before taking back, and the job after it."""
        said = (await self.boss.get(API + told)).json()
        agreed = {name: said[name] for name in ("removes", "unlinks")}
        answer = await self.boss.request(method, API + path, json=agreed)
        assert answer.status_code == 202, answer.text
        job = answer.json().get("job") or answer.json()["id"]
        await run_upload(self.site.house, job_id=job)
        return said, (await self.boss.get(f"{API}/jobs/{job}")).json()

    async def left(self) -> set[int]:
        """The cases that are still there, by their place in the file."""
        answers = [await self.boss.get(f"{API}/cases/{number}") for number in self.cases]
        assert {answer.status_code for answer in answers} <= {200, 404}
        return {place for place, answer in enumerate(answers) if answer.status_code == 200}


async def load(site: Site, boss: Client, city: str, **fields: str) -> str:
    lines = [f"{number};Ana;Gil {number};310555{number:04};{city};7{number}" for number in range(PEOPLE)]
    content = "\n".join(["documento;primer_nombre;primer_apellido;telefono;ciudad;cuenta", *lines]).encode()
    files = {"file": ("base.csv", content, "text/csv")}
    answer = await boss.post(f"{API}/bases", data={"name": "Mora", **fields}, files=files)
    assert answer.status_code == 202, answer.text
    await run_upload(site.house, job_id=answer.json()["job"])
    return str(answer.json()["job"])


@pytest.fixture
async def office(settings: Settings) -> AsyncIterator[Office]:
    async with running_app(settings) as site:
        boss = await site.signed_in(Role.SUPERVISOR)
        agent = await site.signed_in(Role.AGENT, extension="1001")
        new = {"name": "Mora", "type": "collections", "agents": [agent.user_id]}
        assert (await boss.post(f"{API}/campaigns", json=new)).status_code == 201
        async with site.house.work() as work:
            for statement in (
                "INSERT INTO pbxs (id, connected) VALUES ('main', true)",
                "INSERT INTO leases (name, holder, until_at) VALUES ('pbx:main', 'x', now() + interval '1 hour')",
                "UPDATE agents SET phone = 'idle'",
            ):
                await work.session.execute(text(statement))
        job = await load(site, boss, CITY, campaign="Mora")
        base = (await boss.get(f"{API}/jobs/{job}")).json()["base"]
        async with site.house.look() as session:
            numbers = "SELECT o.number FROM cases o JOIN customers c ON c.id = o.customer_id ORDER BY c.document"
            cases = list((await session.execute(text(numbers))).scalars())
        yield Office(site, boss, agent, job, base, cases)


@pytest.mark.proves("S4-17")
async def test_what_agents_did_outlives_the_upload_and_the_counts_are_true(office: Office) -> None:
    """A call, a gestión, an appointment, an attempt and an open case keep their customers."""
    await office.work()
    said, job = await office.taken(f"/jobs/{office.job}/undo", "POST", f"/jobs/{office.job}/undo")
    assert said == {"removes": PEOPLE - 5, "unlinks": 5, "restores": 0}
    assert (job["state"], job["removed"], job["unlinked"], job["restored"]) == ("undone", PEOPLE - 5, 5, 0)
    assert await office.left() == {0, 1, 2, 3, 4}
    called, finished, promised, tried, held = office.cases[:5]
    history = {n: (await office.boss.get(f"{API}/cases/{n}")).json()["sheet"]["history"] for n in office.cases[:5]}
    assert [row["observations"] for row in history[finished]] == [f"Gestión de {finished}"]
    assert [row["observations"] for row in history[promised]] == [f"Gestión de {promised}"]
    # The call was hung up before it rang: it keeps its customer, but was no contact.
    assert [len(history[n]) for n in (called, tried, held)] == [0, 1, 0]
    again = (await office.boss.get(f"{API}/cases/{promised}")).json()
    assert again["next_contact_at"] is not None
    assert (await office.agent.get(f"{API}/me")).json()["state"] == "handling"
    await office.gestion(held, finish=True, result=await office.result())


async def test_a_base_is_deleted_around_what_agents_did(office: Office) -> None:
    """The same with all uploads of a base; agents who work on meanwhile are asked about again."""
    await office.load("Pasto", campaign="Mora")
    told = (await office.boss.get(f"{API}/bases/{office.base}/removal")).json()
    assert told == {"removes": PEOPLE, "unlinks": 0, "restores": 0}
    await office.work()
    late = await office.boss.request("DELETE", f"{API}/bases/{office.base}", json={"removes": PEOPLE, "unlinks": 0})
    assert (late.status_code, late.json()["removes"], late.json()["unlinks"]) == (409, PEOPLE - 5, 5)
    said, job = await office.taken(f"/bases/{office.base}/removal", "DELETE", f"/bases/{office.base}")
    assert said == {"removes": PEOPLE - 5, "unlinks": 5, "restores": 0}
    assert (job["state"], job["removed"], job["unlinked"]) == ("done", PEOPLE - 5, 5)
    assert await office.left() == {0, 1, 2, 3, 4}


async def test_an_update_is_undone_around_what_agents_wrote(office: Office) -> None:
    """The city comes back, but not where an agent corrected it since; nobody goes, no gestión is lost."""
    update = await office.load("Pasto")
    await office.work()
    corrected = (await office.agent.get(f"{API}/cases/{office.cases[3]}")).json()["customer"]["id"]
    await office.do("PATCH", f"/customers/{corrected}", {"city": "Neiva"})
    said, job = await office.taken(f"/jobs/{update}/undo", "POST", f"/jobs/{update}/undo")
    assert said == {"removes": 0, "unlinks": 0, "restores": PEOPLE}
    assert (job["state"], job["removed"], job["unlinked"], job["restored"]) == ("undone", 0, 0, PEOPLE)
    sheets = [(await office.boss.get(f"{API}/cases/{number}")).json()["sheet"] for number in office.cases]
    assert [sheet["customer"]["city"] for sheet in sheets] == [CITY] * 3 + ["Neiva"] + [CITY] * (PEOPLE - 4)
    assert [len(sheet["history"]) for sheet in sheets] == [0, 1, 1, 1] + [0] * (PEOPLE - 4)

"""People at work on a whole running Atiende, seen from outside: HTTP requests that are sent again, sockets that resume.

async with running_floor(atiende) as floor:
    await floor.agents[0].ask("POST", "/cases/10001/open")
    await floor.screens_are_true(within=10)
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from atiende.models.permissions import Role
from atiende.tests.support.promises import LIMIT
from atiende.tests.support.running_atiende import COMMAND, RunningAtiende
from atiende.tests.support.screen_model import ScreenModel, differences, recount, reload

PASSWORD = "caballo-correcto-9"
AGAIN = 0.05  # seconds until a request that was not answered is sent again
RECONNECT = 0.2


class Person:
    """Somebody signed in: `ask` sends a request until it is answered, and tells how long each answer took."""

    def __init__(self, atiende: RunningAtiende, username: str, role: Role) -> None:
        self.username, self.role, self.id = username, role, 0
        self.client = httpx.AsyncClient(
            base_url=f"{atiende.address}/api/v1", headers={"Sec-Fetch-Site": "same-origin"}, timeout=20
        )

    async def sign_in(self) -> None:
        signed = await self.ask("POST", "/session", {"username": self.username, "password": PASSWORD})
        assert signed.status_code == 200, signed.text
        self.id = (await self.ask("GET", "/me")).json()["id"]

    async def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, patience: float = 20.0, **more: Any
    ) -> httpx.Response:
        """The answer; while nobody answers, or 503 is, the same request goes again with the same Idempotency-Key."""
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} if method != "GET" else {}
        deadline = time.monotonic() + patience
        while True:
            with suppress(httpx.TransportError):
                answer = await self.client.request(method, path, json=body, headers=headers, **more)
                if answer.status_code != 503 or time.monotonic() > deadline:
                    return answer
            assert time.monotonic() < deadline, f"{method} {path}: no answer in {patience} s"
            await asyncio.sleep(AGAIN)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())


class LiveScreen(ScreenModel):
    """A screen fed by the live socket of a person: it reconnects, resumes, and reads itself again when told to.

    `frames` are all that came; `drop(seconds)` cuts the line without a word and comes back after that time.
    """

    def __init__(self, person: Person, engine: AsyncEngine) -> None:
        super().__init__()
        self.person, self.engine = person, engine
        self.frames: list[dict[str, Any]] = []
        self.cursor = ""
        self.connected = asyncio.Event()
        self._away = 0.0
        self._socket: Any = None

    async def run(self) -> None:
        """Connect, resume, hear, without end."""
        url = str(self.person.client.base_url).replace("http", "ws", 1)
        tab = f"?tab=t{id(self)}" if self.person.role is Role.AGENT else ""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                headers = {"Cookie": self.person.cookie}
                async with connect(f"{url}live{tab}", additional_headers=headers, compression=None) as socket:
                    self._socket = socket
                    await self._converse(socket)
            self.connected.clear()
            await asyncio.sleep(self._away or RECONNECT)
            self._away = 0.0

    def drop(self, seconds: float) -> None:
        """The network is gone for so long."""
        self._away = seconds
        self._socket.transport.abort()

    async def heard(self, kind: str, within: float = LIMIT, since: int = 0, **values: Any) -> dict[str, Any]:
        """The first frame of a type with these values among those after the first `since`."""
        deadline = time.monotonic() + within
        while True:
            for frame in self.frames[since:]:
                if frame["type"] == kind and all(frame.get(name) == value for name, value in values.items()):
                    return frame
            came = [frame["type"] for frame in self.frames[since:]]
            assert time.monotonic() < deadline, f"no {kind} {values} in {within} s, but {came}"
            await asyncio.sleep(0.02)

    async def _converse(self, socket: Any) -> None:
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "hello":
                self.cursor = self.cursor or frame["cursor"]
                await socket.send(json.dumps({"type": "resume", "since": self.cursor}))
                if not self.things:
                    await self._read()
                self.connected.set()
                continue
            self.frames.append(frame)
            self.cursor = frame.get("id") or self.cursor
            self.hear(frame)
            if self.stale:
                await self._read()

    async def _read(self) -> None:
        async with AsyncSession(self.engine, info={"region": "CO"}) as session:
            self.reread(await reload(session))


@dataclass
class RunningFloor:
    """A running Atiende with its people; `screens` are open all the time."""

    atiende: RunningAtiende
    engine: AsyncEngine
    supervisor: Person
    agents: list[Person] = field(default_factory=list)
    screens: list[LiveScreen] = field(default_factory=list)
    campaign: int = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _tasks: dict[LiveScreen, asyncio.Task[None]] = field(default_factory=dict)

    def look(self) -> AsyncSession:
        """A session on its database."""
        return AsyncSession(self.engine, info={"region": "CO"})

    async def screen_of(self, person: Person) -> LiveScreen:
        """Open a screen; it has read what there is when this returns."""
        screen = LiveScreen(person, self.engine)
        self.screens.append(screen)
        self._tasks[screen] = asyncio.create_task(screen.run())
        await asyncio.wait_for(screen.connected.wait(), LIMIT)
        return screen

    async def close(self, screens: Sequence[LiveScreen]) -> None:
        """Close these screens."""
        tasks = [self._tasks.pop(screen) for screen in screens]
        self.screens = [screen for screen in self.screens if screen in self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def make_campaign(self, name: str, agents: Sequence[Person], **values: Any) -> int:
        body = {"name": name, "agents": [agent.id for agent in agents], **values}
        answer = await self.supervisor.ask("POST", "/campaigns", body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    async def upload(self, text: str, campaign: str = "") -> str:
        """Send a base of customers; the job's id."""
        name = f"Base {next(self._numbers)} {uuid.uuid4().hex[:6]}"
        form = {"name": name, "key": "document"} | ({"campaign": campaign} if campaign else {})
        answer = await self.supervisor.ask("POST", "/bases", data=form, files={"file": ("base.csv", text.encode())})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job"])

    async def job_done(self, job: str, within: float = 90.0) -> dict[str, Any]:
        """The job's row when it is over."""
        deadline = time.monotonic() + within
        while True:
            row: dict[str, Any] = (await self.supervisor.ask("GET", f"/jobs/{job}")).json()
            if row["state"] not in ("checking", "running"):
                return row
            assert time.monotonic() < deadline, f"the upload is not over in {within} s: {row}"
            await asyncio.sleep(0.05)

    async def screens_are_true(self, within: float = LIMIT) -> float:
        """Wait until every supervisor's screen shows what a reload shows; how long that took."""
        began = time.monotonic()
        while wrong := await self._wrong():
            assert time.monotonic() - began < within, f"not true after {within} s: {wrong[:5]}"
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    async def _wrong(self) -> list[str]:
        for task in self._tasks.values():
            if task.done():
                task.result()  # a screen that met a contradiction
        try:
            async with self.look() as session:
                fresh, counters = await reload(session), await recount(session)
        except Exception as why:
            return [f"the database does not answer: {why!r}"]
        wrong = [
            f"{screen.person.username} is not connected" for screen in self.screens if not screen.connected.is_set()
        ]
        for screen in self.screens:
            if screen.person.role is Role.AGENT:
                mine = ("person", screen.person.id)
                if screen.things.get(mine) != fresh.get(mine):
                    wrong.append(f"{screen.person.username}: their own state")
                continue
            wrong += differences(screen, fresh)
            told = {campaign: counts for campaign, (_, counts) in screen.counters.items()}
            wrong += [f"counters of {i}: {told[i]} ≠ {counters[i]}" for i in told if told[i] != counters.get(i)]
        return wrong


@asynccontextmanager
async def running_floor(atiende: RunningAtiende, agents: int = 3) -> AsyncIterator[RunningFloor]:
    """People the running Atiende: an administrator, a supervisor, agents with extensions 1001, 1002…"""
    arguments = [*COMMAND, "user", "add", "admin", "--role", "admin", "--password-stdin"]
    made = await asyncio.to_thread(
        subprocess.run, arguments, env=atiende.environment, input=PASSWORD + "\n", capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    admin = Person(atiende, "admin", Role.ADMIN)
    await admin.sign_in()
    engine = create_async_engine(str(atiende.state["database_url"]), pool_pre_ping=True)
    floor = RunningFloor(atiende, engine, Person(atiende, "jefe", Role.SUPERVISOR))
    floor.agents = [Person(atiende, f"agente{n}", Role.AGENT) for n in range(1, agents + 1)]
    for n, person in enumerate([floor.supervisor, *floor.agents]):
        user = {"username": person.username, "name": person.username.title(), "role": person.role}
        user |= {"password": PASSWORD} | ({"extension": f"100{n}"} if n else {})
        assert (answer := await admin.ask("POST", "/users", user)).status_code == 201, answer.text
        await person.sign_in()
    try:
        yield floor
    finally:
        await floor.close(floor.screens)
        for person in [admin, floor.supervisor, *floor.agents]:
            await person.client.aclose()
        await engine.dispose()

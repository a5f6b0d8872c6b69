"""The examples of docs/OPERATING.md, with the real nginx and Caddy of Debian before a whole running Atiende."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext

import httpx
import pytest
from websockets.asyncio.client import connect

from atiende.server.identity.request_lookup import cookie_name
from atiende.tests.support import proxies
from atiende.tests.support.folders import temporary_folder
from atiende.tests.support.running_atiende import COMMAND, RunningAtiende

PASSWORD = "caballo-correcto-9"
SAME = {"Sec-Fetch-Site": "same-origin"}
Proxy = Callable[[Path, int, str], AbstractContextManager[None]]


@dataclass
class Behind:
    """An Atiende as people reach it."""

    address: str
    trusting: SSLContext

    def browser(self) -> httpx.AsyncClient:
        headers = SAME | {"Origin": self.address}
        return httpx.AsyncClient(base_url=self.address, verify=self.trusting, headers=headers, timeout=120)

    async def sign_in(self, browser: httpx.AsyncClient) -> None:
        answer = await browser.post("/api/v1/session", json={"username": "jefa", "password": PASSWORD})
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module", params=[proxies.nginx, proxies.caddy], ids=["nginx", "caddy"])
async def behind(request: pytest.FixtureRequest) -> AsyncIterator[Behind]:
    folder = temporary_folder()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"https://localhost:{port}"
    try:
        with RunningAtiende(environment={"ATIENDE_PUBLIC_URL": address}) as atiende:
            add = [*COMMAND, "user", "add", "jefa", "--role", "supervisor", "--password-stdin"]
            environment = atiende.environment
            subprocess.run(add, env=environment, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
            with request.param(folder, port, atiende.upstream):
                yield Behind(address, proxies.trusting(folder / "cert.pem"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def large_base(megabytes: int) -> bytes:
    """A base whose rows carry a long column that nobody uses."""
    lines = ["TIPO_DOC;DOCUMENTO;PRIMER_NOMBRE;NOTAS"]
    lines += [f"CC;{1_000_000 + n};Ana;{'x' * 10_000}" for n in range(megabytes * 100)]
    return "\n".join(lines).encode()


async def test_a_page_a_live_line_and_a_large_file_pass(behind: Behind) -> None:
    async with behind.browser() as browser:
        await behind.sign_in(browser)
        assert all(cookie.secure for cookie in browser.cookies.jar)
        cookie = next(one for one in browser.cookies.jar if one.name == cookie_name(https=True))
        page = await browser.get("/tablero")
        assert page.status_code == 200
        assert "text/html" in page.headers["content-type"]
        await hears(behind, cookie.name, cookie.value or "")
        content = large_base(50)
        assert len(content) > 50_000_000
        form, file = {"name": "Grande", "key": "document"}, {"file": ("grande.csv", content)}
        answer = await browser.post("/api/v1/bases", data=form, files=file)
        assert answer.status_code == 202, answer.text


async def hears(behind: Behind, name: str, value: str) -> None:
    """The live line answers in both directions."""
    url = behind.address.replace("https", "wss", 1) + "/api/v1/live"
    headers = {"Cookie": f"{name}={value}"}
    async with (
        asyncio.timeout(60),
        connect(url, ssl=behind.trusting, additional_headers=headers, origin=behind.address) as line,
    ):  # type: ignore[arg-type]
        assert json.loads(await line.recv())["type"] == "hello"
        await line.send(json.dumps({"type": "ping"}))
        while json.loads(await line.recv())["type"] != "pong":
            pass


async def test_what_is_too_large_is_said_by_us_in_a_sentence(behind: Behind) -> None:
    """Not by a page of the proxy."""
    async with behind.browser() as browser:
        await behind.sign_in(browser)
        answer = await browser.post("/api/v1/session", content=b"x" * 2_000_000)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")

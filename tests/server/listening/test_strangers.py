"""What people who are not signed in can make the server keep, wait for and say."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.server.listening.connections import Connections, Place
from atiende.server.listening.descriptors import ConnectionLimits, raise_descriptors
from atiende.server.listening.http_protocol import HEAD_BYTES, MOST_QUEUED
from atiende.server.settings import Settings
from atiende.tests.support.client import Site, running_app
from atiende.tests.support.listening import Peer, listening
from atiende.tests.support.sockets import heard, socket_of, until

FEW = ConnectionLimits(all=12, strangers=6, of_address=4, of_person=2)


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as site:
        yield site


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 2 * HEAD_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 2 * HEAD_BYTES + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20 * HEAD_BYTES,  # and no end
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 200 + b"\r\n",
    ],
)
async def test_a_head_without_end_is_answered_431_and_the_connection_closed(site: Site, head: bytes) -> None:
    async with listening(site) as served:
        peer = await served.open()
        assert b" 431 " in await peer.say(head)
        assert await peer.read() == b""
        assert served.connections.open == 0


async def test_the_longest_head_that_is_taken_may_come_in_pieces_and_after_others(site: Site) -> None:
    async with listening(site) as served:
        peer = await served.open()
        for size in (10, HEAD_BYTES - 200, 10, HEAD_BYTES - 200):
            head = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"a" * size + b"\r\n\r\n"
            for at in range(0, len(head), 3000):
                peer.writer.write(head[at : at + 3000])
                await peer.writer.drain()
                await asyncio.sleep(0)
            assert b" 200 " in await peer.read()


async def test_who_does_not_finish_a_request_is_told_and_cut_off(site: Site) -> None:
    async with listening(site, seconds=0.05) as served:
        silent, slow, dribbling = await served.open(), await served.open(), await served.open()
        slow.writer.write(b"GET / HTTP/1.1\r\nHo")
        dribbling.writer.write(
            b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"user'
        )
        assert await silent.read() == b""
        assert b" 408 " in await slow.read()
        assert await dribbling.read() == b""
        await until(lambda: served.connections.open == 0)


async def test_somebody_who_is_signed_in_may_take_their_time_over_a_body(site: Site) -> None:
    agent = await site.signed_in("agent")
    cookie = "; ".join(f"{name}={value}" for name, value in agent.cookies.items())
    async with listening(site, seconds=0.05) as served:
        peer = await served.open()
        peer.writer.write(
            b"PATCH /api/v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 15\r\nCookie: " + cookie.encode() + b"\r\n\r\n"
        )
        await until(lambda: served.connections.open == 1 and served.connections.strangers == 0)
        await asyncio.sleep(0.2)  # four times what a stranger has
        assert b" 200 " in await peer.say(b'{"locale":"en"}')


async def test_thousands_of_half_open_connections_push_out_each_other_and_nobody_else(site: Site) -> None:
    """An agent with a live screen works on, and one who comes now gets in, from the attacker's own address even."""
    agent = await site.signed_in("agent")
    cookie = "; ".join(f"{name}={value}" for name, value in agent.cookies.items())
    async with listening(site, FEW) as served, socket_of(f"127.0.0.1:{served.port}", agent) as screen:
        await heard(screen, "hello")
        half_open: list[Peer] = []
        for number in range(60):
            half_open.append(await served.open(f"127.0.0.{2 + number % 8}"))
            half_open[-1].writer.write(b"GET / HTTP/1.1\r\nX-A: ")
            assert served.connections.strangers <= FEW.strangers and served.connections.open <= FEW.all
        newcomer = await served.open("127.0.0.2")
        assert b" 200 " in await newcomer.ask("/api/v1/me", Cookie=cookie)
        await screen.send('{"type": "ping"}')
        await heard(screen, "pong")
        assert served.connections.ended["gave_way"] >= 60 - FEW.strangers
        for peer in (*half_open, newcomer):
            peer.close()


async def test_one_person_cannot_take_all_connections_by_signing_in(site: Site) -> None:
    agent = await site.signed_in("agent")
    cookie = "; ".join(f"{name}={value}" for name, value in agent.cookies.items())
    async with listening(site, FEW) as served:
        peers = [await served.open() for _ in range(4)]
        for peer in peers:
            assert b" 200 " in await peer.ask("/api/v1/me", Cookie=cookie)
        assert served.connections.strangers == 4 - FEW.of_person
        for peer in peers:
            peer.close()
        await until(lambda: (served.connections.open, served.connections.strangers) == (0, 0))


async def test_requests_sent_without_end_ahead_of_their_answers_are_cut_off(site: Site) -> None:
    async with listening(site) as served:
        peer = await served.open()
        request = b"GET /api/v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        await peer.say(request * (MOST_QUEUED + 10))
        while await peer.read():
            pass
        await until(lambda: served.connections.open == 0)


async def test_a_body_without_end_after_its_refusal_is_cut_off(site: Site) -> None:
    """Trailers and chunks that nobody reads count, too."""
    async with listening(site) as served:
        peer = await served.open()
        head = b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        peer.writer.write(head + b"1\r\n{\r\n0\r\nX-Trailer: ")
        for _ in range(200):
            peer.writer.write(b"a" * 16384)
            try:
                await peer.writer.drain()
            except ConnectionError:
                break
            await asyncio.sleep(0)
        while await peer.read():
            pass
        await until(lambda: served.connections.open == 0)


async def test_an_answer_does_not_grow_with_what_was_sent(site: Site) -> None:
    visitor, agent = site.visitor(), await site.signed_in("supervisor")
    many = {f"clave-{number}": number for number in range(80_000)}
    assert (await visitor.post("/api/v1/session", json=many)).status_code == 413
    longest = 4096
    answers = [
        await visitor.post("/api/v1/session", json={f"k{number}": 1 for number in range(1200)}),
        await visitor.post("/api/v1/session", json={"k" * 15_000: 1}),
        await visitor.get("/api/v1/customers?" + "&".join(f"k{number}" for number in range(4000))),
        await visitor.get("/casos?" + "k" * 30_000),
        await agent.post("/api/v1/campaigns", json={f"k{number}": number for number in range(50_000)}),
        await agent.post("/api/v1/campaigns", json={f"k{number}": number for number in range(5_000)}),
        await agent.post("/api/v1/campaigns", json={"k" * 500_000: "\0"}),
        await agent.get("/api/v1/customers?" + "&".join(f"k{number}=1" for number in range(190))),
        await agent.get("/api/v1/customers?" + "&".join(f"k{number}=1" for number in range(4000))),
        await agent.get("/api/v1/customers?" + "k" * 20_000 + "=%00"),
    ]
    told = [(answer.status_code, len(answer.content) + len(str(answer.headers))) for answer in answers]
    assert [size for _, size in told if size > longest] == [], told
    assert [status for status, _ in told if status >= 500] == []
    lost = [await visitor.get("/" + "k" * length) for length in (1, 30_000)]
    assert len(lost[0].content) == len(lost[1].content)


class _Attempt:
    def __init__(self) -> None:
        self.cut = False


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["enter", "works", "waits", "known", "leave"]))))
def test_counts_of_connections_hold_in_any_order(steps: list[tuple[int, str]]) -> None:
    """No limit is ever passed, whoever gave way was cut, and when all are gone nothing is left."""
    connections, places = Connections(FEW), list[tuple[Place, _Attempt]]()
    for number, what in steps:
        if what == "enter":
            attempt = _Attempt()
            place = connections.enter(f"10.0.0.{number}", lambda attempt=attempt: setattr(attempt, "cut", True))
            places += [(place, attempt)] if place else []
        elif places:
            place = places[number % len(places)][0]
            act = {"works": place.works, "waits": place.waits, "leave": place.leave}
            act[what]() if what in act else place.recognise(f"u:{number % 2}")
        still = [place for place, _ in places if place.open]
        assert connections.open == len(still) <= FEW.all
        assert connections.strangers == len([place for place in still if not place.known]) <= FEW.strangers
        assert all(not attempt.cut or not place.open for place, attempt in places)
    for place, _ in places:
        place.leave()
    assert (connections.open, connections.strangers) == (0, 0)
    assert not connections._silent and not connections._silent_of and not +connections._of_address


def test_as_many_descriptors_are_taken_as_there_are_and_connections_fit_into_them() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, before[1]), before[1]))
        descriptors = raise_descriptors()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
        limits = ConnectionLimits.fitting(descriptors)
        assert limits.of_address < limits.strangers < limits.all < descriptors
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

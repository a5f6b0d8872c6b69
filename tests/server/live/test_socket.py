"""The live socket over a real port: who gets in, what comes down, what may come up, and every named close code."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from atiende.models.campaigns.campaign import Campaign, CampaignAgent, CampaignType, Mode
from atiende.models.cases.case import Case
from atiende.models.customers.customer import Customer
from atiende.models.people.presence import ScreenSeen
from atiende.models.people.user import Session
from atiende.queue.figures.wallboard import WallboardTeller
from atiende.realtime.events import Event, PbxBack, PbxLost, RightsChanged
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app
from atiende.tests.support.promises import promised
from atiende.tests.support.sockets import close_code, heard, served, socket_of, until


async def tell(site: Site, *events: Event) -> None:
    async with site.house.work() as work:
        work.tell(*events)


def lost(since: datetime | None = None) -> PbxLost:
    at = since or datetime.now(UTC)
    return PbxLost(at=at, pbx="main", since=at, version=1)


async def up(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def test_an_event_comes_down_after_its_work_with_a_cursor_to_resume_from(site: Site, address: str) -> None:
    """Hello says who and where; the event carries its cursor; after a break the rest is replayed."""
    agent = await site.signed_in("agent", "sandra")
    async with socket_of(address, agent) as socket:
        hello = await heard(socket, "hello")
        assert hello["user"]["username"] == "sandra"
        assert hello["active"] is True
        await up(socket, type="resume", since=hello["cursor"])
        await tell(site, lost())
        event = await heard(socket, "pbx.lost")
        assert set(event) == {"id", "type", "at", "pbx", "since", "version"}
    at = datetime.now(UTC)
    await tell(site, PbxBack(at=at, pbx="main", since=at, version=2))
    async with socket_of(address, agent) as socket:
        await up(socket, type="resume", since=event["id"])
        assert (await heard(socket, "pbx.back"))["version"] == 2
        await up(socket, type="ping")
        assert "at" in await heard(socket, "pong")


async def test_a_program_comes_in_with_its_token(site: Site, address: str) -> None:
    supervisor = await site.signed_in("supervisor")
    made = await supervisor.post("/api/v1/tokens", json={"name": "tablero"})
    assert made.status_code < 300, made.text
    async with socket_of(address, Authorization=f"Bearer {made.json()['token']}") as socket:
        assert (await heard(socket, "hello"))["user"]["role"] == "supervisor"


@pytest.mark.parametrize("origin", ["https://example.com", "null", "http://127.0.0.1:1"])
async def test_another_sites_page_is_refused_before_the_socket_opens(site: Site, address: str, origin: str) -> None:
    agent = await site.signed_in("agent")
    with pytest.raises(InvalidStatus) as refused:
        async with socket_of(address, agent, Origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_our_own_page_gets_in(site: Site, address: str) -> None:
    agent = await site.signed_in("agent")
    async with socket_of(address, agent, Origin=f"http://{address}") as socket:
        assert await heard(socket, "hello")


async def test_the_signed_out_are_told_so_by_a_code(address: str) -> None:
    async with socket_of(address) as socket:
        assert await close_code(socket) == 4401


BAD = {
    "not JSON": ("hola", 4400),
    "no object": ("[1]", 4400),
    "no type": ("{}", 4400),
    "another type": ('{"type": "case.open"}', 4400),
    "resume without since": ('{"type": "resume"}', 4400),
    "since is no text": ('{"type": "resume", "since": 7}', 4400),
    "bytes": (b"\x00\xff", 4400),
    "deep": ("[" * 60_000, 4400),
    "not their board": ('{"type": "watch", "topic": "wallboard"}', 4403),
    "others' events": ('{"type": "watch", "topic": "user:1"}', 4403),
    "no such case": ('{"type": "watch", "topic": "case:999"}', 4403),
    "no number": ('{"type": "watch", "topic": "case:٣"}', 4403),
    "too large": ('{"type": "ping", "x": "' + "x" * 65_536 + '"}', 4413),
}


@pytest.mark.parametrize("text,code", BAD.values(), ids=BAD)
async def test_what_may_not_come_up_closes_with_a_named_code(site: Site, address: str, text: Any, code: int) -> None:
    async with socket_of(address, await site.signed_in("agent")) as socket:
        await socket.send(text)
        assert await close_code(socket) == code


async def test_no_more_topics_are_watched_than_a_screen_needs(site: Site, address: str) -> None:
    supervisor = await site.signed_in("supervisor")
    numbers = (await make_cases(site, supervisor.user_id, 51))[1]
    async with socket_of(address, supervisor) as socket:
        for number in numbers:
            await up(socket, type="watch", topic=f"case:{number}")
        assert await close_code(socket) == 4403


async def make_cases(site: Site, user_id: int, count: int = 1) -> tuple[int, list[int]]:
    """A campaign of this person with that many cases."""
    async with site.house.work() as work:
        kind = await work.session.scalar(select(CampaignType.id).limit(1))
        if kind is None:
            statement = insert(CampaignType).values(code="support", name="Soporte").returning(CampaignType.id)
            kind = await work.session.scalar(statement)
        campaign = Campaign(name=f"Mora {user_id}", type_id=kind, mode=Mode.MANUAL)
        work.session.add(campaign)
        await work.session.flush()
        work.session.add(CampaignAgent(campaign_id=campaign.id, user_id=user_id))
        customers = [Customer(full_name=f"Cliente {n}", document=f"{user_id}-{n}") for n in range(count)]
        work.session.add_all(customers)
        await work.session.flush()
        cases = [Case(campaign_id=campaign.id, customer_id=c.id, campaign_priority=5) for c in customers]
        work.session.add_all(cases)
        await work.session.flush()
        return campaign.id, [case.number for case in cases]


async def test_a_case_is_watched_by_those_who_may_see_it(site: Site, address: str) -> None:
    """An agent of its campaign may; after the agent left the campaign the case's events end."""
    agent, other = await site.signed_in("agent"), await site.signed_in("agent")
    campaign, [number] = await make_cases(site, agent.user_id)
    topic = f"case:{number}"
    hub = site.app.state.web.live.hub
    async with socket_of(address, other) as socket:
        await up(socket, type="watch", topic=topic)
        assert await close_code(socket) == 4403
    async with socket_of(address, agent) as socket:
        await up(socket, type="watch", topic=topic)
        await until(lambda: hub.hears(topic))
        await up(socket, type="unwatch", topic=topic)
        await until(lambda: not hub.hears(topic))
        await up(socket, type="watch", topic=topic)
        await until(lambda: hub.hears(topic) and hub.hears(f"campaign:{campaign}"))
        async with site.house.work() as work:
            await work.session.execute(CampaignAgent.__table__.delete())
            work.tell(RightsChanged(at=work.now, user_id=agent.user_id))
        await until(lambda: not hub.hears(topic) and not hub.hears(f"campaign:{campaign}"))
        assert await heard(socket, "rights.changed")


async def test_the_board_comes_within_a_second_to_who_watches_it(site: Site, address: str) -> None:
    """Supervisors watch live figures; nothing is worked out while nobody does."""
    supervisor = await site.signed_in("supervisor")
    await site.signed_in("agent", "paola")
    web = site.app.state.web
    teller = WallboardTeller(site.house, web.live.stream, web.redis)
    assert not await teller.tick()
    async with socket_of(address, supervisor) as socket:
        await up(socket, type="resume", since=(await heard(socket, "hello"))["cursor"])
        await up(socket, type="watch", topic="wallboard")
        await until(lambda: web.live.hub.hears("wallboard"))
        await up(socket, type="ping")
        await heard(socket, "pong")
        assert await teller.tick()
        figures = (await heard(socket, "wallboard.figures", 1.0))["figures"]
        answer = (await supervisor.get("/api/v1/wallboard")).json()
        assert figures.keys() == answer.keys()
        assert {**figures, "as_of": 0, "today": 0} == {**answer, "as_of": 0, "today": 0}


async def test_a_session_revoked_elsewhere_closes_its_socket(site: Site, address: str) -> None:
    """4401 within seconds; the person's other browser stays."""
    agent = await site.signed_in("agent")
    again = await site.session_of(agent.user_id)
    async with socket_of(address, agent) as socket, socket_of(address, again) as other:
        await heard(socket, "hello")
        await heard(other, "hello")
        assert (await agent.delete("/api/v1/session")).status_code == 204
        assert await close_code(socket, 2.0) == 4401
        await up(other, type="ping")
        assert await heard(other, "pong")


async def test_two_tabs_of_an_agent_have_one_that_is_active(site: Site, address: str) -> None:
    """The second is told and closed, unless it takes over; a reload stays; a closed first leaves room."""
    agent = await site.signed_in("agent")
    async with socket_of(address, agent, "?tab=uno") as first:
        assert (await heard(first, "hello"))["active"] is True
        async with socket_of(address, agent, "?tab=dos") as second:
            assert (await heard(second, "hello"))["active"] is False
            assert await close_code(second) == 4409
        async with socket_of(address, agent, "?tab=uno") as reloaded:
            assert (await heard(reloaded, "hello"))["active"] is True
            assert await close_code(first) == 4409  # the line the reload left behind
            async with socket_of(address, agent, "?tab=dos&take=1") as second:
                assert (await heard(second, "hello"))["active"] is True
                assert await close_code(reloaded) == 4409
                async with socket_of(address, agent) as program:
                    assert (await heard(program, "hello"))["active"] is True
                await up(second, type="ping")
                assert await heard(second, "pong")
    await until(lambda: not site.app.state.web.live.hub.people)
    await asyncio.sleep(0)
    async with socket_of(address, agent, "?tab=tres") as third:
        assert (await heard(third, "hello"))["active"] is True


async def test_a_supervisor_may_have_many_tabs(site: Site, address: str) -> None:
    supervisor = await site.signed_in("supervisor")
    async with socket_of(address, supervisor, "?tab=a") as one, socket_of(address, supervisor, "?tab=b") as two:
        assert (await heard(one, "hello"))["active"] is True
        assert (await heard(two, "hello"))["active"] is True


async def test_an_open_screen_is_written_down_at_once(site: Site, address: str) -> None:
    """The server knows who is here."""
    agent = await site.signed_in("agent")
    async with socket_of(address, agent) as socket:
        await heard(socket, "hello")

        async def seen() -> bool:
            async with site.house.look() as session:
                asked = select(ScreenSeen.at > func.now() - func.make_interval(0, 0, 0, 0, 0, 0, 5))
                return bool(await session.scalar(asked.where(ScreenSeen.user_id == agent.user_id)))

        async with asyncio.timeout(promised(2)):
            while not await seen():
                await asyncio.sleep(0.02)


async def test_a_screen_that_reads_nothing_is_cut_off_and_the_others_are_not(site: Site, address: str) -> None:
    """A client that does not even read its close is gone within seconds."""
    slow, quick = await site.signed_in("supervisor"), await site.signed_in("supervisor")
    hub, stream = site.app.state.web.live.hub, site.app.state.web.live.stream
    async with socket_of(address, quick) as reads:
        hello = await heard(reads, "hello")
        await up(reads, type="resume", since=hello["cursor"])
        deaf = await socket_of(address, slow)
        deaf.transport.pause_reading()
        await until(lambda: len(hub.listeners) == 2)
        await asyncio.sleep(0.35)  # it never says from where it resumes
        for n in range(160):
            await stream.publish([(["everyone"], {"type": "tried", "n": n, "x": "x" * 50_000})])
            assert (await heard(reads, "tried"))["n"] == n
        await until(lambda: len(hub.listeners) == 1, 10)
        deaf.transport.abort()
        await up(reads, type="ping")
        assert await heard(reads, "pong")


async def test_sockets_close_when_the_process_stops(site: Site) -> None:
    async with served(site) as address:
        socket = await socket_of(address, await site.signed_in("agent"))
        await heard(socket, "hello")
    with pytest.raises(ConnectionClosed):
        await heard(socket, "never")
    assert socket.close_code in (1001, 1012)


async def test_without_redis_people_still_get_in_and_nobody_is_locked_out(site: Site, settings: Settings) -> None:
    """Hello without a cursor; every tab is active."""
    agent = await site.signed_in("agent")
    nowhere = settings.with_values(redis_url="redis://127.0.0.1:1")
    async with running_app(nowhere) as dark, served(dark) as address:
        dark_agent: Client = agent
        for tab in "ab":
            async with socket_of(address, dark_agent, f"?tab={tab}") as socket:
                hello = await heard(socket, "hello")
                assert (hello["active"], hello["cursor"]) == (True, "")


async def test_an_expired_session_is_no_session(site: Site, address: str) -> None:
    """Neither for a new socket nor, within minutes, for one that is open."""
    agent = await site.signed_in("agent")
    async with socket_of(address, agent) as opened:
        await heard(opened, "hello")
        async with site.house.work() as work:
            await work.session.execute(update(Session).values(expires_at=func.now()))
        async with socket_of(address, agent) as socket:
            assert await close_code(socket) == 4401
        await site.app.state.web.live.hub.ask_everybody()
        assert await close_code(opened) == 4401

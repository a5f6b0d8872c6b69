"""Figures for Prometheus: one scrape shows all processes, names and documentation agree."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families as read

from atiende.realtime.line.hub import Hub
from atiende.server.bridge.metrics import BridgeMetrics
from atiende.server.connections import connections
from atiende.server.listening.connections import Connections
from atiende.server.listening.descriptors import ConnectionLimits
from atiende.server.metrics import own, published, together
from atiende.server.settings import Settings
from atiende.server.web_metrics import WebMetrics
from atiende.server.worker.metrics import WorkerMetrics
from atiende.telephony.facts import PbxLost
from atiende.tests.support.client import Client, Site, running_app

DOCS = Path(__file__).parents[2] / "docs/METRICS.md"
UNITS = (
    "_seconds",
    "_total",
    "_rows",
    "_sockets",
    "_people",
    "_hearing",
    "_connected",
    "_leading",
    "_connections",
    "_strangers",
)


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def scraped(client: Client) -> dict[tuple[str, str], float]:
    """Samples by name and process."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain"), answer.text[:200]
    return {(s.name, s.labels["process"]): s.value for family in read(answer.text) for s in family.samples}


async def test_a_scrape_counts_requests_by_their_route_and_not_their_address(site: Site) -> None:
    client = await site.signed_in("supervisor")
    for number in (1, 2, 3):
        await client.get(f"/api/v1/customers/{number}")
    text = (await client.get("/metrics")).text
    found = [
        s for family in read(text) for s in family.samples if s.labels.get("route") == "/api/v1/customers/{id:int}"
    ]
    counts = {(s.labels["method"], s.labels["status"]): s.value for s in found if s.name.endswith("requests_total")}
    assert counts == {("GET", "404"): 3}
    (count,) = [s.value for s in found if s.name.endswith("_duration_seconds_count")]
    assert count == 3


async def test_one_scrape_shows_the_worker_too_until_it_is_gone(site: Site, settings: Settings) -> None:
    client, metrics = await site.signed_in("admin"), WorkerMetrics()
    async with (
        connections(settings) as opened,
        published(opened.redis, "worker", metrics.registry, lambda: metrics.look(opened.house.engine)),
    ):
        async with asyncio.timeout(20):
            while ("atiende_outbox_rows", "worker") not in await scraped(client):
                await asyncio.sleep(0.05)
        shown = await scraped(client)
        assert shown["atiende_outbox_rows", "worker"] == 0 and ("atiende_live_sockets", "web") in shown
        await opened.redis.delete(*await opened.redis.keys("metrics:*"))
    assert ("atiende_outbox_rows", "worker") not in await scraped(client)


async def test_two_bridges_are_one_family_with_two_owners() -> None:
    active, standby = BridgeMetrics(), BridgeMetrics()
    active.leads("main")
    with active.fact(PbxLost(at=datetime.now(UTC), pbx="main", reason="x")):
        pass
    _, first = own("bridge", active.registry)
    _, second = own("bridge", standby.registry)
    text = together([({"process": "bridge", "pid": "1"}, first), ({"process": "bridge", "pid": "2"}, second)]).decode()
    assert text.count("# TYPE atiende_bridge_leading gauge") == 1
    leading = {s.labels["pid"]: s.value for f in read(text) if f.name == "atiende_bridge_leading" for s in f.samples}
    assert leading == {"1": 1, "2": 0}
    facts = [s.labels["fact"] for f in read(text) for s in f.samples if s.name == "atiende_pbx_facts_total"]
    assert facts == ["PbxLost"]


def test_a_job_that_fails_is_counted_and_still_fails() -> None:
    metrics = WorkerMetrics()
    with pytest.raises(ZeroDivisionError), metrics.job("divide"):
        1 / 0  # noqa: B018
    labels = {"job": "divide", "outcome": "failed"}
    assert metrics.registry.get_sample_value("atiende_jobs_total", labels) == 1


def names(*registries: CollectorRegistry) -> set[str]:
    """What the registries show, under the name that is asked for."""
    families = [family for registry in registries for family in registry.collect()]
    return {
        family.name + ("_total" if family.type == "counter" else "")
        for family in families
        if family.name.startswith("atiende")
    }


def test_every_figure_is_documented_and_named_with_its_unit() -> None:
    web = WebMetrics()
    web.watch(Hub(None))  # type: ignore[arg-type]
    web.count(Connections(ConnectionLimits.fitting(1024)))
    shown = names(web.registry, WorkerMetrics().registry, BridgeMetrics().registry)
    assert shown == set(re.findall(r"^\| `(\w+)`", DOCS.read_text(), re.MULTILINE))
    assert all(name.endswith(UNITS) for name in shown), shown

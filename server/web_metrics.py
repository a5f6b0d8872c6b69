"""Figures of a web process: requests by route, live sockets, and what the stream made them do."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import Counter, Histogram, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from ..realtime.line.hub import Hub
from .listening.connections import REASONS, Connections
from .metrics import new_registry

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class WebMetrics:
    """`answered` is told of every request that passed a door."""

    def __init__(self) -> None:
        self.registry = new_registry()
        self._requests = Counter(
            "atiende_http_requests_total", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "atiende_http_request_duration_seconds",
            "Time from a request's head to its answer's head.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered; `route` is the path with its places unfilled."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def count(self, connections: Connections) -> None:
        """Show the figures of the connections, too."""
        self.registry.register(_OfConnections(connections))

    def watch(self, hub: Hub) -> None:
        """Show the figures of this hub, too."""
        self.registry.register(_OfHub(hub))


class _OfHub(Collector):
    """Read at each scrape, so that the hub itself only counts."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def collect(self) -> Iterable[Metric]:
        """Sockets and what happened to them."""
        hub = self.hub
        yield GaugeMetricFamily("atiende_live_sockets", "Live sockets open now.", len(hub.listeners))
        yield GaugeMetricFamily("atiende_live_people", "People with a live socket open now.", len(hub.people))
        hearing = "1 while the stream of events is heard, 0 while Redis is away."
        yield GaugeMetricFamily("atiende_live_hearing", hearing, int(hub.hearing.is_set()))
        resyncs = "Times a screen was told to refetch all it shows."
        yield CounterMetricFamily("atiende_live_resyncs_total", resyncs, hub.resyncs)
        slow = "Sockets closed with their frames dropped, because the other side did not read."
        yield CounterMetricFamily("atiende_live_too_slow_total", slow, hub.too_slow)


class _OfConnections(Collector):
    """Connections open now, and those that ended before their time."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections

    def collect(self) -> Iterable[Metric]:
        """Read at each scrape."""
        ours = self.connections
        yield GaugeMetricFamily("atiende_connections", "Connections open now.", ours.open)
        strangers = "Connections open now on which nobody is signed in."
        yield GaugeMetricFamily("atiende_connections_strangers", strangers, ours.strangers)
        ended = CounterMetricFamily(
            "atiende_connections_ended_total", "Connections refused or cut by a limit.", labels=["reason"]
        )
        for reason in REASONS:
            ended.add_metric([reason], ours.ended[reason])
        yield ended

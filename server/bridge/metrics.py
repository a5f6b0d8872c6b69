"""Figures of a bridge: what the PBX says, how long it takes to be done, and whether it is heard at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

from ...telephony.facts import Fact, PbxBack, PbxLost
from ..metrics import new_registry

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class BridgeMetrics:
    """`fact` is put around the doing of each fact."""

    def __init__(self) -> None:
        self.registry = registry = new_registry()
        self._facts = Counter("atiende_pbx_facts_total", "Facts heard from the PBX.", ("fact",), registry=registry)
        self._seconds = Histogram(
            "atiende_pbx_react_duration_seconds",
            "Time from a fact's turn to its work's commit, waiting for the database included.",
            buckets=_BUCKETS,
            registry=registry,
        )
        self._connected = Gauge(
            "atiende_pbx_connected", "1 while the PBX is heard, 0 while it is not.", ("pbx",), registry=registry
        )
        self._leading = Gauge("atiende_bridge_leading", "1 for the bridge that listens.", registry=registry)

    @contextmanager
    def fact(self, fact: Fact) -> Iterator[None]:
        """Around one fact."""
        self._facts.labels(type(fact).__name__).inc()
        if isinstance(fact, PbxBack | PbxLost):
            self._connected.labels(fact.pbx).set(isinstance(fact, PbxBack))
        with self._seconds.time():
            yield

    def leads(self, pbx: str) -> None:
        """This bridge took the lease."""
        self._leading.set(1)
        self._connected.labels(pbx).set(0)

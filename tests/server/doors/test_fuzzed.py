"""The whole JSON interface under invented requests: no answer that its own document does not foresee.

For every operation of the document schemathesis makes requests that fit its schemas and requests that do not, sent to
a whole running Atiende with a demonstration in it. An administrator and an agent ask.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from atiende.models.permissions import Permission, Role, may
from atiende.server.doors.openapi import document
from atiende.server.route_table import all_routes
from atiende.tests.support.running_atiende import RunningAtiende

THOROUGH = os.environ.get("FUZZ") == "thorough"
EXAMPLES = 10  # requests to each operation by each person
NEAR = 60  # numbers up to here exist in a demonstration
load_all_checks()
HELD_TO = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        *(["negative_data_rejection"] if THOROUGH else []),
    ]
)
SCHEMA = schemathesis.openapi.from_dict(
    document(all_routes()),
    config=SchemathesisConfig.from_dict(
        {
            "generation": {"mode": "all", "max-examples": EXAMPLES},
            # Every boundary of every field, ten times the requests: FUZZ=thorough asks for them.
            "phases": {"coverage": {"enabled": THOROUGH}},
        }
    ),
)


@SCHEMA.hook
def map_path_parameters(_context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Half of the numbers are brought near, where there is something to be found."""
    return {
        name: value % NEAR if type(value) is int and 0 < value < 10**18 and value % 2 else value
        for name, value in (path_parameters or {}).items()
    }


@pytest.fixture(scope="module")
def atiende() -> Iterator[RunningAtiende]:
    """A whole Atiende with its demonstration."""
    with RunningAtiende(demo=True) as running:
        yield running


class Asker:
    """A program that asks with the key of a person of this role; a new person when it has shut itself out."""

    def __init__(self, address: str, role: str) -> None:
        self.address, self.role, self.made = address, role, 0
        self.boss = _session(address, "admin", "atiende-demo")
        self.key = self._key()

    def headers(self) -> dict[str, str]:
        """What each request carries."""
        known = httpx.get(f"{self.address}/api/v1/me", headers=self.key)
        if known.status_code == 401:
            self.key = self._key()
        return self.key

    def ask(self, case: Case) -> None:
        """Send it; whatever the document does not foresee fails the test."""
        case.call_and_validate(base_url=self.address, headers=self.headers(), checks=HELD_TO, timeout=20)

    def close(self) -> None:
        """Be done."""
        self.boss.close()

    def _key(self) -> dict[str, str]:
        self.made += 1
        username, password = f"{self.role}-{self.made}", "caballo-correcto"
        person = {"username": username, "name": username, "role": self.role, "password": password}
        self.boss.post("/api/v1/users", json=person).raise_for_status()
        with closing(_session(self.address, username, password)) as client:
            answer = client.post("/api/v1/tokens", json={"name": "fuzz"}).raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['token']}"}


def _session(address: str, username: str, password: str) -> httpx.Client:
    client = httpx.Client(base_url=address)
    client.post("/api/v1/session", json={"username": username, "password": password}).raise_for_status()
    return client


@pytest.fixture(scope="module")
def admin(atiende: RunningAtiende) -> Iterator[Asker]:
    """An administrator's program."""
    with closing(Asker(atiende.address, "admin")) as asker:
        yield asker


@pytest.fixture(scope="module")
def agent(atiende: RunningAtiende) -> Iterator[Asker]:
    """An agent's program."""
    with closing(Asker(atiende.address, "agent")) as asker:
        yield asker


def open_to_agents(context: Any) -> bool:
    """Whether an agent may ask here at all; that an agent is refused elsewhere is held by test_dispatch."""
    wanted = context.operation.definition.raw.get("x-permission")
    return wanted is None or may(Role.AGENT, Permission(wanted))


BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@SCHEMA.parametrize()
@BOUNDED
def test_an_administrator_is_answered_only_what_the_document_foresees(case: Case, admin: Asker) -> None:
    admin.ask(case)


@SCHEMA.include(open_to_agents).parametrize()
@BOUNDED
def test_an_agent_is_answered_only_what_the_document_foresees(case: Case, agent: Asker) -> None:
    agent.ask(case)

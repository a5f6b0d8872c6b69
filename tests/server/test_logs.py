"""Logs: one line for each event, whoever writes it, without secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from atiende.server.logs import configure_logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("web", format="json", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


def test_both_kinds_of_loggers_write_the_same_json_with_what_is_bound(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(call="c-1", agent=7):
        structlog.get_logger("here").info("call.answered", seconds=3)
        logging.getLogger("uvicorn.error").warning("slow %s", "client")
    ours, theirs = (json.loads(line) for line in lines.getvalue().splitlines())
    assert ours | {"timestamp": ""} == {
        "event": "call.answered",
        "seconds": 3,
        "call": "c-1",
        "agent": 7,
        "process": "web",
        "level": "info",
        "logger": "here",
        "timestamp": "",
    }
    assert (theirs["event"], theirs["call"], theirs["level"]) == ("slow client", "c-1", "warning")


def test_secrets_are_taken_out_wherever_they_stand(lines: io.StringIO) -> None:
    log = structlog.get_logger()
    log.info("hello", password="hunter2", session_token="hunter2")
    log.info("connecting to ami://admin:hunter2@pbx:5038")
    log.info("redis", url="redis://:hunter2@host")
    logging.getLogger("elsewhere").info('GET /first?token=hunter2&x=1 "200"')
    try:
        raise ValueError("postgresql://me:hunter2@db/a")
    except ValueError:
        log.exception("failed")
    assert len(lines.getvalue().splitlines()) == 5
    assert "hunter2" not in lines.getvalue()
    assert "x=1" in lines.getvalue()

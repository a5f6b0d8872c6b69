"""Logs of every process: one JSON object a line for machines, coloured lines on a terminal.

structlog, the standard library and uvicorn all go through one handler on standard error. What is bound with
`structlog.contextvars.bound_contextvars(call=…, agent=…)` is on every line written within. Secrets are taken out here,
at the last moment, because nobody remembers to do it everywhere.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET_NAME = re.compile(r"password|secret|token|authorization|cookie|clave", re.IGNORECASE)
_SECRET_PART = re.compile(r"(://[^\s/:@]*:)[^\s/@]+(?=@)|((?:token|secret|password)=)[^\s&\"']+", re.IGNORECASE)


def configure_logs(process: str, level: str = "INFO", format: str = "auto", stream: TextIO = sys.stderr) -> None:
    """Send all logs of this process to `stream`, each line with the name of the `process`.

    `format` is `json`, `console`, or `auto`: console on a terminal.
    """
    console = format == "console" or (format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _named(process),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(console, stream.isatty()))
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    # one line for each step, query or job would bury everything else
    for name in ("alembic", "sqlalchemy", "arq", "uvicorn", "asyncio", "websockets"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _rendering(console: bool, colours: bool) -> list[Processor]:
    first: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if console:
        return [*first, without_secrets, structlog.dev.ConsoleRenderer(colors=colours)]
    exceptions = structlog.processors.format_exc_info
    return [*first, exceptions, without_secrets, structlog.processors.JSONRenderer(ensure_ascii=False)]


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace what a name or a form gives away as secret (passwords in URLs, tokens in queries) by three points."""
    for name, value in event.items():
        if _SECRET_NAME.search(name):
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = _SECRET_PART.sub(r"\1\2…", value)
    return event


def _named(process: str) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    return add

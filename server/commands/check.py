"""`atiende check`: says which links work and, of one that does not, why."""

from __future__ import annotations

import asyncio
import base64
import errno
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from redis.asyncio import Redis
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from ...models.calls.call import Pbx
from ...telephony.ami.address import Address
from ..backup.moment import revision_of
from ..settings import Settings, WrongSetting
from ..up.missing_urls import joined
from ..up.run_folder import running_state
from .check_machine import on_this_machine
from .migrate import known_revisions, newest_revision

# arq's own sign of life, which `atiende worker` renews every few seconds
WORKER_SIGN = "arq:queue:health-check"
PATIENCE = 5.0
_CONNECTIONS = text(
    "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
    " current_setting('max_connections')::int"
)
NEEDED = ("database_url", "redis_url")  # without a PBX there are no calls, but everything else works


class Down(Exception):
    """A link does not work; the text is the reason."""


def examine(settings: Settings) -> int:
    """Print one line for each link; 0 when all that are needed or configured work, else 1."""
    with suppress(WrongSetting):  # nothing runs here: what the settings do not name is told as missing
        settings = joined(settings)
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> int:
    links: list[tuple[str, Callable[[str], Awaitable[str]], str]] = [
        ("base de datos", database, "database_url"),
        ("redis", redis, "redis_url"),
        ("trabajos", worker, "redis_url"),
        ("AMI", ami, "ami_url"),
        ("colas", queues, "database_url"),
        ("ARI", ari, "ari_url"),
    ]
    failures = sum(not _tell(*said) for said in [*on_this_machine(settings), ("web", *await _web(settings))])
    for name, look, setting in links:
        url: str | None = getattr(settings, setting)
        if url is None:
            needed = setting in NEEDED
            failures += needed
            _tell(name, None if not needed else False, f"sin configurar (ATIENDE_{setting.upper()})")
            continue
        try:
            async with asyncio.timeout(PATIENCE):
                _tell(name, True, await look(url))
        except Exception as error:  # whatever it is, it is the answer
            failures += 1
            reason = f"no responde en {PATIENCE:g} s" if isinstance(error, TimeoutError) else _reason(error, url)
            _tell(name, False, reason)
    return 1 if failures else 0


async def _web(settings: Settings) -> tuple[bool | None, str]:
    """The web process that listens here; other machines may have theirs."""
    state = running_state(settings.run_dir)
    address = settings.with_values(port=state.port if state else settings.port).own_address
    try:
        async with asyncio.timeout(PATIENCE):
            return True, await web(address)
    except Exception as error:
        if state is None and isinstance(error, ConnectionRefusedError):
            return None, "ninguna en esta máquina"
        return False, _reason(error, address)


def _tell(name: str, well: bool | None, what: str) -> bool:
    """One line; whether it is no failure. `well` is None for what is not there and need not be."""
    print(f"{ {True: '✓', False: '✗', None: '–'}[well] }  {name:<14} {what}")
    return well is not False


async def database(url: str) -> str:
    """Version and revision of the database."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            version = await connection.scalar(text("SHOW server_version"))
            revision, newest = await revision_of(connection), newest_revision()
            used, most = (await connection.execute(_CONNECTIONS)).one()
    finally:
        await engine.dispose()
    if not revision or (revision != newest and revision in known_revisions()):
        raise Down(f"falta `atiende migrate` (revisión {revision or 'ninguna'}, se espera {newest})")
    if revision != newest:
        raise Down(f"es de una versión más nueva de Atiende (revisión {revision})")
    if used >= most * 9 // 10:
        raise Down(f"{used} de {most} conexiones en uso: suba max_connections")
    return f"PostgreSQL {version}, revisión {revision}, {used} de {most} conexiones"


async def web(address: str) -> str:
    """What the web process says about itself."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"GET /ready HTTP/1.0\r\nHost: {parts.hostname}\r\n\r\n".encode())
        status = (await reader.readline()).decode(errors="replace").split(" ", 1)[-1].strip()
        said = (await reader.read(65536)).partition(b"\r\n\r\n")[2].decode(errors="replace")
    finally:
        writer.close()
    if not status.startswith("200"):
        raise Down(f"respondió {status}: {said}"[:200])
    return f"responde en {address}"


async def queues(url: str) -> str:
    """Whether a queue of the PBX rings a phone twice, as the bridge found it."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            found = (await connection.scalars(select(Pbx.doubled).order_by(Pbx.id))).all()
    finally:
        await engine.dispose()
    twice = [f"{queue} a {extension}" for places in found for queue, extension in places]
    if twice:
        raise Down(f"llaman dos veces a una extensión, quite un miembro: {', '.join(twice)}")
    return "ninguna extensión está dos veces en una cola"


async def redis(url: str) -> str:
    """Version of Redis."""
    async with Redis.from_url(url) as client:
        return f"Redis {(await client.info('server'))['redis_version']}"


async def worker(url: str) -> str:
    """The worker's last sign of life."""
    async with Redis.from_url(url, decode_responses=True) as client:
        sign = await client.get(WORKER_SIGN)
    if sign is None:
        raise Down("ningún `atiende worker` da señales de vida")
    return str(sign)


async def ami(url: str) -> str:
    """Sign in to the PBX and out again."""
    to = Address.parse(url)
    reader, writer = await asyncio.open_connection(to.host, to.port, ssl=to.tls_context())
    try:
        banner = (await reader.readline()).decode(errors="replace").strip()
        if any(mark in to.user + to.secret for mark in "\r\n\0"):
            raise Down("usuario o clave con caracteres imposibles")
        login = f"Action: Login\r\nUsername: {to.user}\r\nSecret: {to.secret}\r\nEvents: off\r\n\r\n"
        writer.write(login.encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
    finally:
        writer.close()
    if "Response: Success" not in answer:
        raise Down(f"{banner}: usuario o clave rechazados")
    return banner


async def ari(url: str) -> str:
    """Ask the PBX's REST interface who it is."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 8088)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=parts.scheme == "https" or None)
    try:
        account = base64.b64encode(f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()).decode()
        path = f"{parts.path.rstrip('/')}/ari/asterisk/ping"
        request = f"GET {path} HTTP/1.0\r\nHost: {parts.hostname}\r\nAuthorization: Basic {account}\r\n\r\n"
        writer.write(request.encode())
        status = (await reader.readline()).decode(errors="replace").split(" ", 1)[-1].strip()
    finally:
        writer.close()
    if not status.startswith("200"):
        raise Down(f"respondió {status or 'nada'}")
    return "responde"


def _reason(error: Exception, url: str) -> str:
    """The reason in one line, without the secrets of the address."""
    parts = urlsplit(url)
    cause: BaseException = error
    while not isinstance(cause, OSError) and (deeper := cause.__cause__ or cause.__context__):
        cause = deeper
    if isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED:
        return f"nadie escucha en {parts.hostname}" + (f":{parts.port}" if parts.port else "")
    if isinstance(cause, socket.gaierror):
        return f"no se conoce la máquina {parts.hostname}"
    reason = getattr(error, "orig", None) or error
    return (str(reason).strip() or type(reason).__name__).splitlines()[0]

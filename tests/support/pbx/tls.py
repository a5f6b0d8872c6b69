"""Certificates for a test's PBX, and a TLS door in front of a manager that has none."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import trustme


@dataclass(frozen=True)
class Certificates:
    """The files of one authority and of a certificate it gave out."""

    authority: Path
    certificate: Path
    key: Path


def certificates(folder: Path, *hosts: str) -> Certificates:
    """A new authority and its certificate for these hosts."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Certificates(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
    authority = trustme.CA()
    given = authority.issue_cert(*hosts)
    authority.cert_pem.write_to_path(files.authority)
    for blob in given.cert_chain_pems:
        blob.write_to_path(files.certificate, append=True)
    given.private_key_pem.write_to_path(files.key)
    return files


@asynccontextmanager
async def behind_tls(url: str, files: Certificates) -> AsyncIterator[str]:
    """The `amis://` address of a door to the manager at `url`; its authority is not named in it."""
    parts = urlsplit(url)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, to_inner = await asyncio.open_connection(parts.hostname, parts.port)
        writers.extend((writer, to_inner))
        await asyncio.gather(_pump(reader, to_inner), _pump(inner, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"amis://{parts.netloc.rpartition('@')[0]}@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.transport.abort()

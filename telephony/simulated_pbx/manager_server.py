"""Where managers connect to the simulated PBX: their sign-in, and an answer to each action."""

from __future__ import annotations

import asyncio
import contextlib
import hmac

from .actions import ACTIONS, Fields, refused
from .equipment import Pairs
from .exchange import Exchange
from .managers import packet

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


class ManagerServer:
    """Listens on `host`:`port` (0: any free one, then kept)."""

    def __init__(self, exchange: Exchange, secret: str, host: str, port: int) -> None:
        self.exchange = exchange
        self.host = host
        self.port = port
        self.managers = exchange.managers
        self.faults = exchange.managers.faults
        self._secret = secret
        self._server: asyncio.Server | None = None
        self._signed_in: set[asyncio.StreamWriter] = set()
        self._connections: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """OSError when the port is taken."""
        self.managers.thaw()
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.drop()
        self.managers.thaw()
        if self._server is not None:
            await self._server.wait_closed()
        if self._serving:  # their lines are cut, so they end; a task that is left is cancelled with a traceback
            await asyncio.wait(self._serving)
        self._server = None

    def drop(self) -> None:
        for writer in list(self._connections):
            writer.transport.abort()
        self.managers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        try:
            await self.managers.running.wait()
            writer.write(BANNER)
            while True:
                fields = read_fields(await reader.readuntil(b"\r\n\r\n"))
                if self.faults.slow:
                    await asyncio.sleep(self.faults.slow)
                await self.managers.running.wait()
                if not self._answer(writer, fields):
                    break
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the manager went away, or sent no manager protocol
        finally:
            self._connections.discard(writer)
            self._signed_in.discard(writer)
            self.managers.discard(writer)
            with contextlib.suppress(OSError):
                writer.close()

    def _answer(self, writer: asyncio.StreamWriter, fields: Fields) -> bool:
        """Whether the connection goes on."""
        action = fields.get("action", "").lower()
        number = [("ActionID", fields["actionid"])] if fields.get("actionid") else []
        if action == "login":
            return self._login(writer, fields, number)
        if action == "logoff":
            writer.write(packet([("Response", "Goodbye"), *number, ("Message", "Thanks for all the fish.")]))
            return False
        if writer not in self._signed_in and action != "ping":
            answers = refused("Permission denied")
        elif action in ACTIONS:
            answers = ACTIONS[action](self.exchange, fields)
        else:
            known = "Use Action: ListCommands to show available commands."
            answers = refused(f"Invalid/unknown command: {fields.get('action', '')}. {known}")
        for pairs in answers:
            writer.write(packet([pairs[0], *number, *pairs[1:]]))
        return True

    def _login(self, writer: asyncio.StreamWriter, fields: Fields, number: Pairs) -> bool:
        if not hmac.compare_digest(fields.get("secret", "").encode(), self._secret.encode()):
            writer.write(packet([("Response", "Error"), *number, ("Message", "Authentication failed")]))
            return False
        writer.write(packet([("Response", "Success"), *number, ("Message", "Authentication accepted")]))
        self._signed_in.add(writer)
        if fields.get("events", "on").lower() != "off":
            self.managers.add(writer)
        booted = [("Event", "FullyBooted"), ("Privilege", "system,all"), ("Status", "Fully Booted")]
        writer.write(packet(booted))
        return True


def read_fields(block: bytes) -> dict[str, str]:
    """An action's headers; names in lower case, the first of a repeated one."""
    fields: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields

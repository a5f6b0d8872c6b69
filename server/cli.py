"""The command `atiende`. Every subcommand imports what it needs when it runs, so that each starts quickly.

What a person has done wrong or must do is said in one sentence (exit status 2); anything else is a defect and shows
its traceback.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import __version__
from .data_folder import keep_to_ourselves
from .settings import Settings, WrongSetting, load_settings
from .up.missing_urls import borrowed, joined
from .up.private_server import DatabaseUnreachable, PrivateServerFailed
from .up.run_folder import AlreadyRunning
from .up.system_user import NoSystemUser

FOR_PEOPLE = (WrongSetting, AlreadyRunning, PrivateServerFailed, NoSystemUser, DatabaseUnreachable)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    options = parser().parse_args(arguments)
    keep_to_ourselves()
    try:
        settings = load_settings(host=getattr(options, "host", None), port=getattr(options, "port", None))
        return int(options.run(settings, options) or 0)
    except FOR_PEOPLE as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; each sets `run(settings, options)`."""
    top = argparse.ArgumentParser(prog="atiende", description="Servidor de centro de contacto en tiempo real.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(required=True, metavar="ORDEN")

    command = commands.add_parser("up", help="todo: base de datos, web, trabajos y central telefónica")
    command.add_argument("--demo", action="store_true", help="con datos, usuarios y llamadas de demostración")
    command.add_argument("--bridges", type=int, choices=(1, 2), default=1, help="2: un puente de reserva")
    _add_address(command)
    command.set_defaults(run=_up)

    command = commands.add_parser("web", help="solo el proceso web")
    _add_address(command)
    command.set_defaults(run=_web)
    commands.add_parser("worker", help="solo el proceso de trabajos").set_defaults(run=_worker)
    commands.add_parser("bridge", help="solo el puente con la central telefónica").set_defaults(run=_bridge)
    commands.add_parser("check", help="dice qué enlaces funcionan y por qué no los otros").set_defaults(run=_check)
    commands.add_parser("version", help="dice la versión").set_defaults(run=lambda *_: print(__version__))

    command = commands.add_parser("prepare")  # no help: for `up` alone
    command.add_argument("--demo", action="store_true")
    command.set_defaults(run=_prepare)

    _add_user(commands.add_parser("user", help="usuarios"))

    command = commands.add_parser("import", help="importa una base desde un archivo CSV o XLSX")
    command.add_argument("file", type=Path, metavar="ARCHIVO")
    command.add_argument("--base", required=True, metavar="NOMBRE")
    command.add_argument("--campaign", required=True, metavar="NOMBRE")
    command.add_argument("--dry-run", action="store_true", help="solo dice lo que haría")
    command.add_argument("--yes", action="store_true", help="actualiza clientes que ya existen sin preguntar")
    command.set_defaults(run=_import)

    command = commands.add_parser("export", help="escribe una base como CSV en la salida")
    command.add_argument("base", metavar="BASE")
    command.set_defaults(run=_export)
    _add_care(commands)
    return top


def _add_care(commands: Any) -> None:
    """What keeps an installation safe."""
    command = commands.add_parser("migrate", help="pone la base de datos al día; antes guarda una copia")
    command.add_argument("--no-copy", action="store_true", help="sin la copia")
    command.set_defaults(run=_migrate)
    command = commands.add_parser("backup", help="guarda todo en un archivo, sin detener nada")
    command.add_argument("file", type=Path, metavar="ARCHIVO")
    command.set_defaults(run=_backup)
    command = commands.add_parser("restore", help="pone en una carpeta vacía lo que guardó backup")
    command.add_argument("file", type=Path, metavar="ARCHIVO")
    command.add_argument("--into", type=Path, metavar="CARPETA", help="carpeta de datos (ATIENDE_DATA_DIR)")
    command.set_defaults(run=_restore)


def _add_address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=int, help="puerto (8000; 0 elige uno libre)")
    command.add_argument("--host", help="dirección en la que escucha (127.0.0.1)")


def _add_user(command: argparse.ArgumentParser) -> None:
    add = command.add_subparsers(required=True, metavar="ACCIÓN").add_parser("add", help="agrega un usuario")
    add.add_argument("name", metavar="NOMBRE")
    add.add_argument("--role", required=True, choices=["admin", "supervisor", "agent"])
    add.add_argument("--extension")
    add.add_argument("--password-stdin", action="store_true", help="lee la clave de la entrada")
    add.set_defaults(run=_user_add)


def _up(settings: Settings, options: argparse.Namespace) -> int:
    from .up.supervisor import NotPrepared, up

    # sentences and lines of the log stand in one stream: both for people, or both for machines
    if settings.log_format == "auto":
        settings = settings.with_values(log_format="console")
    say = _say_as_log if settings.log_format == "json" else _say
    try:
        return up(settings, options.demo, options.bridges, say)
    except NotPrepared as error:
        print(error, file=sys.stderr)
        return 1


def _say_as_log(line: str) -> None:
    """As the logs of the other processes; not by the log itself, which would take the secret out of a link."""
    import json
    from datetime import UTC, datetime

    _say(json.dumps({"event": line, "process": "up", "level": "info", "timestamp": f"{datetime.now(UTC):%FT%TZ}"}))


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody reads any more, or the disk is full: no reason to stop serving
        print(line, flush=True)


def _web(settings: Settings, _options: argparse.Namespace) -> None:
    from .web_server import run_web

    _configure_logs("web", settings)
    run_web(joined(settings))


def _worker(settings: Settings, _options: argparse.Namespace) -> None:
    from .worker.process import run_worker

    _configure_logs("worker", settings)
    run_worker(joined(settings))


def _bridge(settings: Settings, _options: argparse.Namespace) -> int:
    from .bridge.process import run_bridge

    _configure_logs("bridge", settings)
    return run_bridge(joined(settings))


def _migrate(settings: Settings, options: argparse.Namespace) -> int:
    from .commands.migrate import NotMigrated, migrate

    try:
        with borrowed(settings) as reachable:
            migrate(reachable, copy=not options.no_copy)
    except NotMigrated as error:
        print(error, file=sys.stderr)
        return 2
    print("La base de datos está al día.")
    return 0


def _prepare(settings: Settings, options: argparse.Namespace) -> int:
    from .commands.migrate import NotMigrated
    from .commands.prepare import prepare

    _configure_logs("prepare", settings)
    try:
        print(prepare(joined(settings), options.demo))
    except NotMigrated as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _check(settings: Settings, _options: argparse.Namespace) -> int:
    from .commands.check import examine

    return examine(settings)


def _user_add(settings: Settings, options: argparse.Namespace) -> int | None:
    from .commands.user import add_user

    password = sys.stdin.readline().rstrip("\n") if options.password_stdin else None
    with borrowed(settings) as reachable:
        return add_user(reachable, options.name, options.role, options.extension, password)


def _import(settings: Settings, options: argparse.Namespace) -> int | None:
    from .commands.import_base import Order, ask, import_file

    asked = None if options.yes or not sys.stdin.isatty() else ask
    with borrowed(settings) as reachable:
        return import_file(reachable, Order(options.file, options.base, options.campaign, options.dry_run, asked))


def _export(settings: Settings, options: argparse.Namespace) -> int | None:
    from .commands.export_base import export_base

    with borrowed(settings) as reachable:
        return export_base(reachable, options.base)


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    from .commands.backup import backup

    with borrowed(settings) as reachable:
        return backup(reachable, options.file)


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    from .commands.backup import restore

    return restore(settings, options.file, options.into)


def _configure_logs(process: str, settings: Settings) -> None:
    from .logs import configure_logs

    configure_logs(process, settings.log_level, settings.log_format)


if __name__ == "__main__":
    sys.exit(main())

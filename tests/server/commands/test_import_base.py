"""`atiende import`: the page's import from a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from atiende.queue.bases.examples.demo_base import write_base
from atiende.server.commands.export_base import export_base
from atiende.server.commands.import_base import Order, import_file
from atiende.server.settings import Settings


async def test_a_base_is_tried_and_brought_in_from_the_command_line(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The counts and the reasons are said; a trial stores nothing."""
    file = tmp_path / "base.csv"
    counts = write_base(file, 120)
    assert await asyncio.to_thread(import_file, settings, Order(file, "Mora", dry_run=True)) == 0
    assert f"120 leídas = {counts.good} nuevas" in capsys.readouterr().out
    assert await asyncio.to_thread(import_file, settings, Order(file, "Mora")) == 0
    said = capsys.readouterr().out
    assert f"Guardado: 120 leídas = {counts.good} nuevas + 0 actualizan" in said
    assert f"Fijo sin indicativo: {counts.warned['no-area-code']}" in said


async def test_a_person_at_the_terminal_is_asked_before_customers_are_changed(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is asked about new customers; a no stores nothing, a yes what was tried."""
    asked: list[int] = []

    def answer(word: bool) -> Callable[[int], bool]:
        return lambda changes: asked.append(changes) or word

    file = tmp_path / "base.csv"
    file.write_text("documento;primer_nombre;ciudad\n1;Luz;Cali\n2;Ana;Cali\n")
    assert await asyncio.to_thread(import_file, settings, Order(file, "Mora", ask=answer(False))) == 0
    assert asked == []
    file.write_text("documento;primer_nombre;ciudad\n1;Luz;Pasto\n3;Eva;Cali\n")
    assert await asyncio.to_thread(import_file, settings, Order(file, "Mora", ask=answer(False))) == 1
    assert asked == [1] and "no se guardó nada" in capsys.readouterr().out
    assert await asyncio.to_thread(import_file, settings, Order(file, "Mora", ask=answer(True))) == 0
    assert "Guardado: 2 leídas = 1 nuevas + 1 actualizan" in capsys.readouterr().out


async def test_what_cannot_be_brought_in_is_said_in_a_sentence(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file, an empty one, no such campaign."""
    assert await asyncio.to_thread(import_file, settings, Order(tmp_path / "none.csv", "Mora")) == 2
    (tmp_path / "empty.csv").touch()
    assert await asyncio.to_thread(import_file, settings, Order(tmp_path / "empty.csv", "Mora")) == 2
    assert "vacío" in capsys.readouterr().err
    (tmp_path / "one.csv").write_text("documento\n1\n")
    assert await asyncio.to_thread(import_file, settings, Order(tmp_path / "one.csv", "Mora", "Ninguna")) == 2
    assert "Ninguna" in capsys.readouterr().err


@pytest.mark.proves("S4-07")
async def test_a_base_is_written_from_the_command_line(
    settings: Settings, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """By name; one that does not exist is said."""
    file = tmp_path / "base.csv"
    counts = write_base(file, 60)
    await asyncio.to_thread(import_file, settings, Order(file, "Mora"))
    capfdbinary.readouterr()
    assert await asyncio.to_thread(export_base, settings, "Mora") == 0
    assert capfdbinary.readouterr().out.count(b"\r\n") >= counts.good + 1
    assert await asyncio.to_thread(export_base, settings, "Ninguna") == 2
    assert "Ninguna" in capfdbinary.readouterr().err.decode()

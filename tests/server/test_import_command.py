"""`atiende import`: the page's import from a terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from atiende.queue.imports.made_up import write_base
from atiende.server.export_command import export_base
from atiende.server.import_command import import_file
from atiende.server.settings import Settings


async def test_a_base_is_tried_and_brought_in_from_the_command_line(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S4-12: the counts and the reasons are said; a trial stores nothing."""
    file = tmp_path / "base.csv"
    counts = write_base(file, 120)
    assert await asyncio.to_thread(import_file, settings, file, "Mora", None, True) == 0
    assert f"120 leídas = {counts.good} nuevas" in capsys.readouterr().out
    assert await asyncio.to_thread(import_file, settings, file, "Mora", None, False) == 0
    said = capsys.readouterr().out
    assert f"Guardado: 120 leídas = {counts.good} nuevas + 0 actualizan" in said
    assert f"Fijo sin indicativo: {counts.refused['no-area-code']}" in said


async def test_what_cannot_be_brought_in_is_said_in_a_sentence(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S4-12: no file, an empty one, no such campaign."""
    assert await asyncio.to_thread(import_file, settings, tmp_path / "none.csv", "Mora", None, False) == 2
    (tmp_path / "empty.csv").touch()
    assert await asyncio.to_thread(import_file, settings, tmp_path / "empty.csv", "Mora", None, False) == 2
    assert "vacío" in capsys.readouterr().err
    (tmp_path / "one.csv").write_text("documento\n1\n")
    assert await asyncio.to_thread(import_file, settings, tmp_path / "one.csv", "Mora", "Ninguna", False) == 2
    assert "Ninguna" in capsys.readouterr().err


async def test_a_base_is_written_from_the_command_line(
    settings: Settings, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """S4-07: by name; one that does not exist is said."""
    file = tmp_path / "base.csv"
    counts = write_base(file, 60)
    await asyncio.to_thread(import_file, settings, file, "Mora", None, False)
    capfdbinary.readouterr()
    assert await asyncio.to_thread(export_base, settings, "Mora") == 0
    assert capfdbinary.readouterr().out.count(b"\r\n") >= counts.good + 1
    assert await asyncio.to_thread(export_base, settings, "Ninguna") == 2
    assert "Ninguna" in capfdbinary.readouterr().err.decode()

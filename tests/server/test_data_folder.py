"""What Atiende keeps is closed to the other users of the machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from atiende.server.settings import WrongSetting, load_settings
from atiende.tests.support.running_atiende import COMMAND


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    made = tmp_path / "made-beforehand"
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(made))
    return made


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o711, 0o777])
def test_a_folder_that_others_could_read_is_closed_to_them(folder: Path, mode: int) -> None:
    folder.mkdir()
    folder.chmod(mode)
    load_settings()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_everybody_uses_is_refused_and_left_as_it_is(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o1777)
    with pytest.raises(WrongSetting, match=r"^ATIENDE_DATA_DIR no sirve: .*otros"):
        load_settings()
    assert folder.stat().st_mode & 0o7777 == 0o1777


def test_whatever_the_program_writes_others_cannot_read(folder: Path, tmp_path: Path) -> None:
    """A careless umask of whoever starts it changes nothing."""
    script = "import os, sys; os.umask(0); from atiende.server.cli import main; main(['version']);"
    script += f"open({str(tmp_path / 'written')!r}, 'w').close()"
    subprocess.run([COMMAND[0], "-P", "-c", script], check=True, capture_output=True)
    assert (tmp_path / "written").stat().st_mode & 0o077 == 0

"""The browser's modules: their form, their types, and which folder may import which."""

from __future__ import annotations

import re
import shutil
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
WEB = TOP / "web"
STATIC = WEB / "static"
TOOLS = TOP / ".atiende/tools/node_modules"
CHECKS = {
    "form and lint": ("@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "--colors=off", "."),
    "types": ("typescript/bin/tsc", "--project", ".", "--pretty", "false"),
}
# What every page stands on, from the ground up. All other folders are pages: they import these, and each other
# without a circle.
GROUND = {"lib": set(), "contact": {"lib"}, "frame": {"lib", "contact"}}


@pytest.mark.parametrize("check", CHECKS)
def test_the_modules_pass(check: str) -> None:
    tool, *arguments = CHECKS[check]
    node = shutil.which("node")
    assert node and (TOOLS / tool).exists(), "a tool is missing: scripts/test and scripts/check install it"
    told = subprocess.run([node, TOOLS / tool, *arguments], cwd=WEB, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_modules_import_only_what_lies_below_them() -> None:
    folders = folders_imported()
    for folder, below in GROUND.items():
        assert folders[folder] <= below, f"{folder} may import {below} alone"
    TopologicalSorter(folders).prepare()  # raises CycleError when two folders import each other


def folders_imported() -> dict[str, set[str]]:
    """The other folders that the modules of each folder import, for their types too."""
    found: dict[str, set[str]] = {}
    for module in STATIC.rglob("*.js"):
        folder = module.relative_to(STATIC).parts[0]
        if folder == "vendor":
            continue
        others = found.setdefault(folder, set())
        for path in re.findall(r'from "(\.[^"]+)"', module.read_text()):
            imported = (module.parent / path).resolve()
            assert imported.exists(), f"{module.relative_to(STATIC)} imports {path}, which is not there"
            others.add(imported.relative_to(STATIC).parts[0])
        others.discard(folder)
    return found

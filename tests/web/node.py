"""Runs one of the browser's modules in Node, so that a rule written twice can be held against itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parents[2] / "web" / "static"


def in_node(module: str, expression: str, values: list[Any]) -> list[Any]:
    """What `expression` (over `m`, the module, and `v`, a value) gives for each value; one process for all of them."""
    node = shutil.which("node")
    assert node, "Node is missing: scripts/test installs it"
    address = (STATIC / module).as_uri()
    program = f"""
        globalThis.document = {{ documentElement: {{ dataset: {{}} }}, addEventListener() {{}} }};
        globalThis.sessionStorage = {{ getItem: () => null, setItem() {{}} }};
        const m = await import({json.dumps(address)});
        let text = "";
        for await (const chunk of process.stdin) text += chunk;
        console.log(JSON.stringify(JSON.parse(text).map((v) => {expression})));
    """
    run = subprocess.run(
        [node, "--input-type=module", "--no-warnings", "-e", program],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return list(json.loads(run.stdout))

"""Writes the last figures into docs/PERFORMANCE.md, between its two marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .shared.harness import table

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/PERFORMANCE.md"
BEGIN, END = "<!-- figures: written by scripts/bench --write-docs -->", "<!-- end of figures -->"


def write(records: dict[str, Any]) -> None:
    """Replace what stands between the marks."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{_about(records)}\n\n{table(records)}\n\n{END}{after}")


def _about(records: dict[str, Any]) -> str:
    newest = max(records.values(), key=lambda one: one["at"])
    on, loads = newest["machine"], [one["machine"]["load"][0] for one in records.values()]
    days = sorted({one["at"][:10] for one in records.values()})
    used: dict[str, str] = {}
    for one in records.values():
        used |= one["versions"]
    versions = ", ".join(f"{name} {version}" for name, version in used.items())
    return (
        f"Measured {' to '.join(dict.fromkeys((days[0], days[-1])))} on {on['cores']} cores ({on['processor']}), "
        f"{on['memory_gb']} GB, {on['system']}; load between {min(loads)} and {max(loads)}.\n\nVersions: {versions}."
    )

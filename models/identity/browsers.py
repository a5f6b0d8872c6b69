"""A browser as people name it: `Firefox 145 · Windows` instead of what it sends."""

from __future__ import annotations

import re

# The first that fits: most browsers also call themselves by the names below theirs.
_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Headless)?(?:Chrome|CriOS|Chromium)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari")),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Name, version and system; what nobody knows is shown as it came, up to 60 characters."""
    found = next(((name, fit[1]) for name, sign in _BROWSERS if (fit := sign.search(agent))), None)
    if found is None:
        return agent[:60]
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return " · ".join(part for part in (" ".join(found), system) if part)

"""The catalogue of everything that is pushed to a screen, one file for each capability.

An event is one frozen class: its name says what happened (never "updated"), its payload holds the whole new state and
version of that thing as a row shows it, and `topics()` says who hears it: the audience is part of the definition.
`scripts/write_events` makes `docs/EVENTS.md`, the JSON Schema and the browser's types from this folder.

A new event is a new class in the file of its capability. Nothing is written here: every class is found and exported.
"""

from __future__ import annotations

from .bases import *
from .calls import *
from .campaigns import *
from .cases import *
from .contact import *
from .customers import *
from .event import Event as Event
from .figures import *
from .pbx import *
from .people import *


def _all(root: type[Event]) -> list[type[Event]]:
    return [c for sub in root.__subclasses__() for c in ([sub] if "type" in vars(sub) else []) + _all(sub)]


CATALOGUE: dict[str, type[Event]] = {event.type: event for event in _all(Event)}

"""How many files and sockets this process may have open, and how many connections fit into that."""

from __future__ import annotations

import contextlib
import resource
from dataclasses import dataclass

RESERVED = 256  # for the database, Redis, uploads and logs
MOST = 65_536  # connections of one process, however many descriptors there are
MOST_STRANGERS = 8_192


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Connections of one process: in `all`, and those of whom nobody is signed in yet, together and of one address.

    `of_person` signed-in connections are nobody's strangers; what one person opens beyond them is.
    """

    all: int
    strangers: int
    of_address: int
    of_person: int = 256

    @classmethod
    def fitting(cls, descriptors: int) -> ConnectionLimits:
        """The limits that so many descriptors can bear."""
        every = max(64, min(descriptors - RESERVED, MOST))
        strangers = min(every // 2, MOST_STRANGERS)
        return cls(every, strangers, strangers // 2)


def raise_descriptors() -> int:
    """Let this process open as many files as the system allows; how many that is."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # a limit that may not be raised is the one to live with
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        soft = most
    return MOST + RESERVED if soft == resource.RLIM_INFINITY else soft

"""Memory: one file per noun. Importing this package registers every table."""

from . import records
from .base import Base
from .bases import upload
from .calls import call
from .campaigns import campaign
from .cases import case
from .contact import rule_pack
from .customers import customer
from .people import agent, presence, user

__all__ = [
    "Base",
    "agent",
    "call",
    "campaign",
    "case",
    "customer",
    "presence",
    "records",
    "rule_pack",
    "upload",
    "user",
]

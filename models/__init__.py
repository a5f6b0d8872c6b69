"""Memory: one file per noun. Importing this package registers every table."""

from . import agent, call, campaign, case, customer, import_job, records, rule_pack, user
from .base import Base

__all__ = ["Base", "agent", "call", "campaign", "case", "customer", "import_job", "records", "rule_pack", "user"]

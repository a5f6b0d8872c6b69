"""How long the audit is kept: a setting that administrators change, in days."""

from __future__ import annotations

NAME = "audit_days"
USUAL = 730
SHORTEST, LONGEST = 90, 3650

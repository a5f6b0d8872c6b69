"""Packs of contact rules: campaigns choose one of them (X16, X21)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId, Created, Versioned
from .rules import ContactRules


class RulePack(Base, Versioned, Created):
    """Rules under a name, with a text for the people who work by them; `stored` is a ContactRules as JSON."""

    __tablename__ = "rule_packs"
    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(server_default="", default="")
    stored: Mapped[dict[str, Any]] = mapped_column("rules", server_default="{}", default=dict)

    @property
    def rules(self) -> ContactRules:
        """The rules, checked again."""
        return ContactRules.model_validate(self.stored)

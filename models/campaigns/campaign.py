"""Campaigns: cases worked under one common mode (S0-01), the agents in them, and their result tree (S4-19, S4-20)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId, Created, Versioned
from .result_actions import ResultAction


class Mode(StrEnum):
    """How customers and agents are brought together."""

    MANUAL = "manual"
    PREVIEW = "preview"
    PROGRESSIVE = "progressive"
    PREDICTIVE = "predictive"
    INBOUND = "inbound"

    @property
    def dials(self) -> bool:
        """Whether the dialer places the calls (a campaña de Marcador, S4-85)."""
        return self in (Mode.PROGRESSIVE, Mode.PREDICTIVE)


class AssignmentMode(StrEnum):
    """Who gives a case to an agent (X9)."""

    SELF = "self"  # autoasignación
    DIRECTED = "directed"  # dirigida
    MIXED = "mixed"  # mixta


class CampaignType(Base):
    """The tipología of a campaign; four come ready-made (S2-01), others may be added (S1-14)."""

    __tablename__ = "campaign_types"
    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(unique=True)  # support, survey, collections, promotion, …
    name: Mapped[str]


class Campaign(Base, Versioned, Created):
    """A common mode of work. `priority` 1 goes first (S1-12); `pressure` holds colours and window (X21)."""

    __tablename__ = "campaigns"
    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(unique=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("campaign_types.id"))
    priority: Mapped[int] = mapped_column(server_default="5", default=5)
    mode: Mapped[Mode]
    assignment_mode: Mapped[AssignmentMode] = mapped_column(server_default="mixed", default=AssignmentMode.MIXED)
    queue_name: Mapped[str | None] = mapped_column(unique=True)  # queue of the PBX that brings its calls
    pbx_id: Mapped[str] = mapped_column(server_default="main", default="main")
    time_zone: Mapped[str | None]  # IANA name; the installation's when empty
    wrap_up_seconds: Mapped[int] = mapped_column(server_default="0", default=0)
    pressure: Mapped[dict[str, Any]] = mapped_column(server_default="{}", default=dict)
    rule_pack_id: Mapped[int | None] = mapped_column(ForeignKey("rule_packs.id"))  # empty = no contact is refused
    archived_at: Mapped[datetime | None]
    results_version: Mapped[int] = mapped_column(server_default="1", default=1)
    __table_args__ = (CheckConstraint("priority BETWEEN 1 AND 9", name="priority"),)


class CampaignAgent(Base):
    """A user works in a campaign (S1-19)."""

    __tablename__ = "campaign_agents"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class ResultNode(Base):
    """One result in a campaign's tree of up to three levels; agenda and action exclude each other (S4-26).

    `action` empty = inherited: the deepest chosen level that has one wins, else its parent's (X19).
    A retired node stays, because old dispositions point to it.
    """

    __tablename__ = "result_nodes"
    id: Mapped[BigId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("result_nodes.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    name: Mapped[str]
    action: Mapped[ResultAction | None]
    schedules: Mapped[bool] = mapped_column(server_default="false", default=False)  # permite agendar (S4-25)
    clears_appointments: Mapped[bool] = mapped_column(server_default="false", default=False)  # S4-27
    successful: Mapped[bool] = mapped_column(server_default="false", default=False)  # contacto exitoso
    right_party: Mapped[bool] = mapped_column(server_default="false", default=False)  # titular contactado
    measure: Mapped[int | None]
    colour: Mapped[str] = mapped_column(server_default="grey", default="grey")
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "campaign_id", "parent_id", "position"),
        CheckConstraint("NOT (schedules AND action IS NOT NULL)", name="agenda_or_action"),
    )

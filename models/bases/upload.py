"""Uploads of bases: what was asked, how far it is, and why rows were refused."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId, Created, Versioned


class UploadState(StrEnum):
    """Life of an upload."""

    READING = "reading"  # a workbook waits for the worker, or is being opened
    UPLOADED = "uploaded"  # file kept, columns may still be changed
    CHECKING = "checking"  # dry run going on
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    UNDOING = "undoing"  # what it brought is being taken back
    UNDONE = "undone"


class UploadKind(StrEnum):
    """What becomes of a base: an upload into it, or its deletion."""

    UPLOAD = "upload"
    DELETE = "delete"  # of a whole base


class Upload(Base, Versioned, Created):
    """One upload, or the deletion of a base. When an upload is done, `total = created + updated + unchanged + refused`.

    `next_row` is raised in the transaction that stores the rows before it, so a killed worker goes on exactly there.

    Undoing an upload and deleting a base take customers back: of `to_take` members `removed` are gone, `unlinked` stay
    without the base, and `restored` had the data of before the upload put back.

    Of the updated rows `changes` are about customers who were there before the upload; a run may store `agreed` of them
    (None: any number). At `forgotten_at`, when it could not be undone any more, what it changed was forgotten.
    """

    __tablename__ = "import_jobs"
    id: Mapped[str] = mapped_column(primary_key=True)  # 32 hexadecimal digits
    base_id: Mapped[int | None] = mapped_column(ForeignKey("bases.id", ondelete="SET NULL"), index=True)
    base_name: Mapped[str]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    file_name: Mapped[str]
    kind: Mapped[UploadKind] = mapped_column(server_default="upload", default=UploadKind.UPLOAD)
    path: Mapped[str]
    size: Mapped[int]
    options: Mapped[dict[str, Any]] = mapped_column(server_default="{}", default=dict)
    state: Mapped[UploadState]
    total: Mapped[int] = mapped_column(server_default="0", default=0)
    done: Mapped[int] = mapped_column(server_default="0", default=0)
    created: Mapped[int] = mapped_column(server_default="0", default=0)
    updated: Mapped[int] = mapped_column(server_default="0", default=0)
    unchanged: Mapped[int] = mapped_column(server_default="0", default=0)
    refused: Mapped[int] = mapped_column(server_default="0", default=0)
    cases: Mapped[int] = mapped_column(server_default="0", default=0)
    changes: Mapped[int] = mapped_column(server_default="0", default=0)
    agreed: Mapped[int | None]
    to_take: Mapped[int] = mapped_column(server_default="0", default=0)
    removed: Mapped[int] = mapped_column(server_default="0", default=0)
    unlinked: Mapped[int] = mapped_column(server_default="0", default=0)
    restored: Mapped[int] = mapped_column(server_default="0", default=0)
    next_row: Mapped[int] = mapped_column(server_default="0", default=0)
    next_byte: Mapped[int] = mapped_column(server_default="0", default=0)
    error: Mapped[str] = mapped_column(server_default="", default="")
    started_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]  # last progress; a running job that stands still is woken by the clock
    ended_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    # One workbook of each person waits to be opened.
    __table_args__ = (Index("uq_import_jobs_reading", "created_by", unique=True, postgresql_where="state = 'reading'"),)

    @property
    def beyond(self) -> bool:
        """Whether it changes more customers who exist than was agreed to. Agents work between the trial and the run, so
        some more than were counted are let pass, but none where none were."""
        most = self.agreed and self.agreed + max(100, self.agreed // 10)
        return most is not None and self.changes > most

    @property
    def to_agree(self) -> int:
        """Rows that change customers who exist, to be agreed to before the next run: all that the trial counted, or
        those at which the run was held."""
        held = self.beyond and self.state in (UploadState.STOPPED, UploadState.FAILED)
        return self.changes if held or self.state is UploadState.CHECKED else 0


class UploadRefusal(Base):
    """A reason why a row was not stored, or (`warning`) was stored without one of its cells: the row's number in the
    file, the column, the code of the reason, and the row itself. `place` counts the reasons of a row from 0."""

    __tablename__ = "import_refusals"
    id: Mapped[BigId]
    job_id: Mapped[str] = mapped_column(ForeignKey("import_jobs.id", ondelete="CASCADE"), index=True)
    row_number: Mapped[int]
    column: Mapped[str]
    reason: Mapped[str]
    place: Mapped[int] = mapped_column(server_default="0", default=0)
    warning: Mapped[bool] = mapped_column(server_default="false", default=False)
    value: Mapped[str] = mapped_column(server_default="", default="")
    line: Mapped[list[Any]] = mapped_column(server_default="[]")


class UploadChange(Base):
    """What an upload changed in a customer who was there before it, so that it can be undone.

    `fields` are the customer's and `accounts` those of each account by its id, as {name: [before, after]}; `points` and
    `new_accounts` are the ids that the upload added. Several rows of a file may have one each for the same customer.
    """

    __tablename__ = "import_changes"
    id: Mapped[BigId]
    job_id: Mapped[str] = mapped_column(ForeignKey("import_jobs.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    accounts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    points: Mapped[list[Any]] = mapped_column(server_default="[]")
    new_accounts: Mapped[list[Any]] = mapped_column(server_default="[]")
    __table_args__ = (Index(None, "job_id", "customer_id", "id"),)

"""People who sign in: users, their sessions, tokens of programs, one-time links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId, Created, Versioned
from ..permissions import Role


class User(Base, Versioned, Created):
    """A person with a name, a role, and (who takes calls) an extension of the PBX."""

    __tablename__ = "users"
    id: Mapped[BigId]
    username: Mapped[str] = mapped_column(unique=True)  # stored lower case
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str | None]  # Argon2id; none until the person has chosen a password
    extension: Mapped[str | None] = mapped_column(unique=True)
    pbx_id: Mapped[str] = mapped_column(server_default="main", default="main")
    locale: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default="true", default=True)


class Session(Base):
    """A signed-in browser. Only a hash of the cookie is kept, so that a copy of the table opens nothing."""

    __tablename__ = "sessions"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str | None]
    browser: Mapped[str | None]


class Token(Base):
    """A key of a program (`Authorization: Bearer`), with the rights of the user who made it. Every key ends."""

    __tablename__ = "tokens"
    id: Mapped[BigId]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(server_default=text("(now() + '90 days'::interval)"))
    last_used_at: Mapped[datetime | None]  # to the minute
    revoked_at: Mapped[datetime | None]


class SignInLink(Base):
    """A one-time link: the first administrator's, or a person choosing a first password."""

    __tablename__ = "sign_in_links"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInTry(Base):
    """A failed sign-in, for the rate limit by name and by address."""

    __tablename__ = "sign_in_tries"
    id: Mapped[BigId]
    username: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    __table_args__ = (Index(None, "username", "at"), Index(None, "address", "at"))

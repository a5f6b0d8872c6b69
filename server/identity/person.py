"""The person behind a request, as doors know them."""

from __future__ import annotations

from dataclasses import dataclass

from ...models.permissions import Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person (or program acting for one) behind a request."""

    id: int
    username: str
    name: str
    role: Role
    locale: str | None  # the language this person chose; none: what the browser asks for
    extension: str | None
    session: str  # a name of this session or token, safe to log

    @property
    def asks_as(self) -> str:
        """Whose budget and connections these are: the token's, else the person's, whatever their browsers."""
        return self.session if self.session.startswith("t:") else f"u:{self.id}"

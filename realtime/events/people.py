"""What happens to the people who sign in: agents' states, rights, browser tabs."""

from __future__ import annotations

from ...models.rows.values import Named, PersonRow, UserAccountRow
from .. import topics as to
from .event import Event


class AgentStateChanged(Event):
    """An agent's state, pause reason, pending pause, case, phone or part in a call changed (M-02)."""

    type = "agent.state_changed"
    agent: PersonRow
    healed: str | None = None  # why the server mended it by itself, as a code

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.agent.id), to.SUPERVISORS})


class UserChanged(Event):
    """A person who signs in was made or changed: name, role, extension, whether they may enter or have a password."""

    type = "user.changed"
    user: UserAccountRow
    version: int
    by: Named | None = None

    def topics(self) -> frozenset[str]:
        return frozenset({to.SUPERVISORS})


class AgentGone(Event):
    """The last screen of an agent at work is gone: DESCONECTADO. `case_number` was open and is released."""

    type = "agent.gone"
    agent: PersonRow
    case_number: int | None = None

    def topics(self) -> frozenset[str]:
        return frozenset({to.SUPERVISORS})


class AgentOverran(Event):
    """An agent's pause is past the limit of its reason; told once for each pause."""

    type = "agent.overran"
    agent: PersonRow

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.agent.id), to.SUPERVISORS})


class RightsChanged(Event):
    """A person's role, campaigns or session changed: the person's sockets ask for their topics again, or close."""

    type = "rights.changed"
    user_id: int
    signed_out: bool = False
    others_only: bool = False  # only other sessions or keys ended: a page that still hears this is as it was

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.user_id)})


class TabTaken(Event):
    """Another tab of the same agent is the active one now; the others close with 4409."""

    type = "tab.taken"
    user_id: int
    tab: str

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.user_id)})

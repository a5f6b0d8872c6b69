"""Who may do what: the one table that every door asks (S1-01…S1-36, S2-03, X3, X4).

Administrador and Supervisor differ in one thing only: the administrator has the menu *Configuraciones* (S1-02…05).
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The three built-in roles (S1-01)."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"


class Permission(StrEnum):
    """One action that a door guards."""

    SEE_SELF = "see_self"  # who I am, my state, the live socket
    WORK_CASES = "work_cases"  # lists, open, leave, attempt, disposition
    SEE_CUSTOMERS = "see_customers"
    EDIT_CUSTOMERS = "edit_customers"
    SEE_CAMPAIGNS = "see_campaigns"
    TAKE_CALLS = "take_calls"
    SEE_ALL_CASES = "see_all_cases"  # every campaign, not only one's own
    MANAGE_CAMPAIGNS = "manage_campaigns"  # create, archive, reopen, priority, agents, results
    ASSIGN_CASES = "assign_cases"
    UPLOAD_BASES = "upload_bases"
    SEE_WALLBOARD = "see_board"
    SEE_PEOPLE = "see_people"  # everybody's name, role and state: whom to assign to
    MANAGE_AGENTS = "manage_agents"  # force a state
    MANAGE_USERS = "manage_users"  # users and roles
    SEE_AUDIT = "see_audit"
    MANAGE_SETTINGS = "manage_settings"  # the installation's own: retention, connections


_AGENT = frozenset(
    {
        Permission.SEE_SELF,
        Permission.WORK_CASES,
        Permission.SEE_CUSTOMERS,
        Permission.EDIT_CUSTOMERS,
        Permission.SEE_CAMPAIGNS,
        Permission.TAKE_CALLS,
    }
)
# The rooms of the menu *Configuraciones* (S1-02): the one thing in which the two differ (S1-05).
CONFIGURATION = frozenset({Permission.MANAGE_USERS, Permission.SEE_AUDIT, Permission.MANAGE_SETTINGS})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.SUPERVISOR: frozenset(Permission) - CONFIGURATION,
    Role.AGENT: _AGENT,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` holds `permission`."""
    return permission in PERMISSIONS[role]

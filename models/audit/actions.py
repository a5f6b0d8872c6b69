"""What the audit writes down: each action's kind, its icon and how it is said. A test finds what is missing here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..refused import N_


class AuditKind(StrEnum):
    """What an action is for who reads the audit."""

    CHANGE = "change"
    EXPORT = "export"  # data went out
    ENTRY = "entry"  # who came in, who did not, with which keys
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class KindTerms:
    """How a kind is called in a choice, and the hue of its rows."""

    name: str
    hue: str = ""


KINDS: Mapping[AuditKind, KindTerms] = {
    AuditKind.CHANGE: KindTerms(N_("Cambios")),
    AuditKind.EXPORT: KindTerms(N_("Salidas de datos")),
    AuditKind.ENTRY: KindTerms(N_("Entradas")),
    AuditKind.REFUSED: KindTerms(N_("Negado"), "red"),
}


@dataclass(frozen=True, slots=True)
class ActionTerms:
    """Its kind, an icon of the sprite, what is said of who did it, and a hue of its own."""

    kind: AuditKind
    icon: str
    says: str
    hue: str = ""


def _of(kind: AuditKind, **actions: tuple[str, str] | tuple[str, str, str]) -> dict[str, ActionTerms]:
    """Actions of one kind; `__` in a name is a point, `_0_` a hyphen."""
    return {name.replace("__", ".").replace("_0_", "-"): ActionTerms(kind, *terms) for name, terms in actions.items()}


ACTIONS: Mapping[str, ActionTerms] = {
    **_of(
        AuditKind.CHANGE,
        agent__gone=("user", N_("Quedó sin pantalla y salió")),
        agent__state_forced=("swap", N_("Cambió el estado de un agente")),
        agent__healed=("tool", N_("Corrigió el estado de un agente")),
        backup__made=("down", N_("Hizo una copia de seguridad")),
        backup__restored=("undo", N_("Restauró una copia de seguridad")),
        base__deleted=("trash", N_("Borró una base")),
        base__taken_away=("trash", N_("Terminó de borrar una base")),
        campaign__archived=("flag", N_("Archivó la campaña")),
        campaign__changed=("flag", N_("Cambió la campaña")),
        campaign__created=("flag", N_("Creó la campaña")),
        campaign__reopened=("flag", N_("Reabrió la campaña")),
        campaign__results_changed=("tree", N_("Guardó tipificaciones")),
        campaign_type__added=("flag", N_("Agregó un tipo de campaña")),
        campaign_type__removed=("flag", N_("Quitó un tipo de campaña")),
        case__changed=("clip", N_("Cambió el caso")),
        case__closed=("check", N_("Cerró el caso")),
        case__reopened=("undo", N_("Reabrió el caso")),
        cases__assigned=("users", N_("Repartió casos")),
        cases__unassigned=("users", N_("Quitó casos asignados")),
        contact__counted=("phone", N_("Registró un contacto a mano")),
        customer__account_added=("coin", N_("Agregó una cuenta")),
        customer__contact_point_added=("phone", N_("Agregó un dato de contacto")),
        customer__contact_point_removed=("phone", N_("Quitó un dato de contacto")),
        contact__taken_back=("undo", N_("Deshizo un contacto")),
        customer__corrected=("pencil", N_("Corrigió datos del cliente")),
        customer__created=("user", N_("Creó el cliente")),
        customer__do_not_contact=("no", N_("Marcó que no se vuelva a contactar")),
        import__done=("upload", N_("Terminó una carga")),
        import__started=("upload", N_("Empezó una carga")),
        import__stopped=("upload", N_("Detuvo una carga")),
        import__undo=("undo", N_("Deshizo una carga")),
        import__undone=("undo", N_("Terminó de deshacer una carga")),
        rule_pack__changed=("no", N_("Cambió una regla de contacto")),
        rule_pack__created=("no", N_("Creó una regla de contacto")),
        setting__changed=("tool", N_("Cambió la configuración")),
        user__changed=("user", N_("Cambió un usuario")),
        user__created=("user", N_("Creó un usuario")),
    ),
    **_of(
        AuditKind.EXPORT,
        audit__exported=("dl", N_("Exportó la auditoría")),
        base__exported=("dl", N_("Exportó una base")),
        import__rows_exported=("dl", N_("Exportó las filas rechazadas")),
    ),
    **_of(
        AuditKind.ENTRY,
        link__made=("key", N_("Dio un enlace para elegir contraseña")),
        password__changed=("key", N_("Cambió su contraseña")),
        password__refused=("lock", N_("Erró su contraseña de ahora"), "amber"),
        session__ended=("exit", N_("Cerró una sesión")),
        sessions__ended=("exit", N_("Cerró varias sesiones")),
        sign_0_in__failed=("lock", N_("No entró: contraseña errada"), "amber"),
        sign_0_in__locked=("lock", N_("No entró: demasiados intentos"), "amber"),
        sign_0_in__succeeded=("user", N_("Entró")),
        sign_0_out=("exit", N_("Salió")),
        token__made=("key", N_("Creó una clave de programa")),
        token__revoked=("key", N_("Anuló una clave de programa")),
    ),
    **_of(AuditKind.REFUSED, refused=("no", N_("Se le negó")), cross_0_site=("no", N_("Se rechazó desde otro sitio"))),
}
OTHER = ActionTerms(AuditKind.CHANGE, "pencil", N_("Hizo otro cambio"))


def terms_of(action: str) -> ActionTerms:
    """How an action is said; one that this version does not know is some change."""
    return ACTIONS.get(action, OTHER)


def actions_of(kind: AuditKind) -> list[str]:
    """The names of the actions of a kind."""
    return [name for name, terms in ACTIONS.items() if terms.kind is kind]

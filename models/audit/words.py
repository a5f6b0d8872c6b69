"""What the fields of an audit row are called, and their values where these are codes."""

from __future__ import annotations

from collections.abc import Mapping

from ..cases.priorities import PRIORITIES
from ..contact.channels import CHANNELS
from ..permissions import Role
from ..refused import N_

ROLES: Mapping[Role, str] = {
    Role.ADMIN: N_("Administrador"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.AGENT: N_("Agente"),
}
FIELDS: Mapping[str, str] = {
    "active": N_("Puede entrar"),
    "agents": N_("Agentes"),
    "archived": N_("Archivada"),
    "assignment_mode": N_("Modo de asignación"),
    "audit_days": N_("Días que se guarda"),
    "base": N_("Base"),
    "browser": N_("Navegador"),
    "cases": N_("Casos"),
    "channel": N_("Medio"),
    "count": N_("Cuántas"),
    "counts": N_("Casos"),
    "code": N_("Código"),
    "done": N_("Filas"),
    "kind": N_("Clase"),
    "customers": N_("Clientes"),
    "description": N_("Descripción"),
    "document": N_("Documento"),
    "expires_at": N_("Vence"),
    "extension": N_("Extensión"),
    "file": N_("Archivo"),
    "filter": N_("Filtro"),
    "format": N_("Formato"),
    "locale": N_("Idioma"),
    "mode": N_("Modo"),
    "name": N_("Nombre"),
    "number": N_("Número"),
    "password_hash": N_("Contraseña"),
    "path": N_("Dirección web"),
    "priority": N_("Prioridad"),
    "role": N_("Rol"),
    "rows": N_("Filas"),
    "rule_pack": N_("Regla de contacto"),
    "rules": N_("Reglas"),
    "search": N_("Búsqueda"),
    "seconds": N_("Segundos de espera"),
    "session": N_("Sesión"),
    "sessions": N_("Sesiones cerradas"),
    "state": N_("Estado"),
    "status": N_("Estado"),
    "text": N_("Texto"),
    "time_zone": N_("Huso horario"),
    "token": N_("Clave"),
    "tokens": N_("Claves anuladas"),
    "type": N_("Tipo"),
    "username": N_("Usuario"),
    "value": N_("Valor"),
    "version": N_("Versión"),
    "why": N_("Por qué"),
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "role": {role.value: word for role, word in ROLES.items()},
    "priority": {priority.value: terms.name for priority, terms in PRIORITIES.items()},
    "channel": {channel.value: terms.name for channel, terms in CHANNELS.items()},
    "status": {"open": N_("Abierto"), "suspended": N_("Suspendido"), "closed": N_("Cerrado")},
    "why": {
        "queue-member": N_("La cola de la central lo tenía de otro modo"),
        "call-was-over": N_("La llamada ya había terminado"),
        "leg-was-over": N_("Su parte de la llamada ya había terminado"),
    },
}
SORTS: Mapping[str, str] = {
    "user": N_("Usuarios"),
    "case": N_("Casos"),
    "customer": N_("Clientes"),
    "campaign": N_("Campañas"),
    "base": N_("Bases"),
    "import": N_("Cargas"),
    "rule_pack": N_("Reglas de contacto"),
    "setting": N_("Configuración"),
    "door": N_("Lo negado"),
}

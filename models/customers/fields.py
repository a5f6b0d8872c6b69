"""The columns a base may have, the names people give them, and which column of a file is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..refused import N_, BadInput
from .names import fold

MAX_COLUMNS = 200
CUSTOM = "custom:"


@dataclass(frozen=True, slots=True)
class Field:
    """One datum of a row: its public name, its label, other names it goes by (folded)."""

    name: str
    label: str
    others: tuple[str, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("tipo_documento", N_("Tipo de documento"), ("tipo doc", "doc tipo", "tipodoc", "tipo", "td", "tipo id",
          "tipo identificacion", "tipo de identificacion", "document type")),
    Field("documento", N_("Documento"), ("doc", "doc num", "num doc", "numero documento", "numero de documento",
          "nro documento", "no documento", "cedula", "identificacion", "numero identificacion",
          "numero de identificacion",
          "nit", "dni", "cc", "rut", "cuit", "document", "id cliente", "documento identidad")),
    Field("nombre", N_("Nombre completo"), ("nombre completo", "nombres y apellidos", "nombre y apellido",
          "apellidos y nombres", "cliente", "nombre cliente", "nombre del cliente", "titular", "razon social", "name",
          "full name")),
    Field("primer_nombre", N_("Primer nombre"), ("nombre 1", "nombre1", "1er nombre", "nombres", "first name")),
    Field("segundo_nombre", N_("Segundo nombre"), ("nombre 2", "nombre2", "2do nombre", "second name", "middle name")),
    Field("primer_apellido", N_("Primer apellido"), ("apellido", "apellidos", "apellido 1", "apellido1",
          "apellido paterno", "last name", "surname")),
    Field("segundo_apellido", N_("Segundo apellido"), ("apellido 2", "apellido2", "apellido materno")),
    Field("fecha_nacimiento", N_("Fecha de nacimiento"), ("nacimiento", "fecha nac", "fec nac", "fecha de nacimiento",
          "birth date")),
    Field("sexo", N_("Sexo"), ("genero", "sex")),
    Field("telefono", N_("Teléfono"), ("tel", "telefono 1", "telefono1", "tel1", "tel 1", "telefono principal", "phone",
          "numero de telefono", "telefono contacto", "celular", "movil", "cel", "telefono celular", "telefono movil",
          "numero celular", "mobile")),
    Field("telefono2", N_("Teléfono 2"), ("telefono 2", "tel2", "tel 2", "fijo", "telefono fijo", "tel fijo",
          "otro telefono", "celular 2", "celular2", "telefono alterno", "telefono casa", "landline")),
    Field("telefono3", N_("Teléfono 3"), ("telefono 3", "tel3", "tel 3", "celular 3", "celular3", "telefono oficina",
          "telefono trabajo")),
    Field("correo", N_("Correo"), ("email", "e mail", "mail", "correo electronico", "correo e")),
    Field("direccion", N_("Dirección"), ("dir", "domicilio", "direccion residencia", "direccion de residencia",
          "address")),
    Field("ciudad", N_("Ciudad"), ("municipio", "localidad", "city")),
    Field("cuenta", N_("Cuenta"), ("numero cuenta", "numero de cuenta", "nro cuenta", "no cuenta", "contrato",
          "numero contrato", "suscripcion", "suscriptor", "account", "poliza", "obligacion", "credito")),
    Field("plan", N_("Plan"), ("producto", "servicio", "plan contratado")),
    Field("estado", N_("Estado del servicio"), ("estado servicio", "estado del servicio", "estado cuenta", "status")),
    Field("direccion_servicio", N_("Dirección del servicio"), ("dir servicio", "direccion instalacion",
          "direccion de servicio", "direccion de instalacion")),
    Field("fecha_corte", N_("Fecha de corte"), ("corte", "fec corte", "fecha de corte", "vencimiento",
          "fecha vencimiento")),
    Field("prorroga", N_("Prórroga"), ("fecha prorroga", "extension")),
    Field("saldo", N_("Saldo"), ("deuda", "valor", "monto", "saldo total", "valor mora", "saldo mora", "balance",
          "valor a pagar")),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
_KNOWN = {name: field.name for field in FIELDS for name in (fold(field.name), *field.others)}
PHONES = ("telefono", "telefono2", "telefono3")

# What may identify a customer: the public name and the word kept with the base.
KEY_FIELDS = {"tipo_documento": "document_type", "documento": "document", "cuenta": "account", "telefono": "phone",
              "correo": "email"}  # fmt: skip
NAMES = ("nombre", "primer_nombre", "segundo_nombre", "primer_apellido", "segundo_apellido")
DEFAULT_KEY = ["document_type", "document"]


def field_of(header: str) -> str | None:
    """The field that a column called `header` holds; None when the name says nothing to us."""
    return _KNOWN.get(fold(header))


def guess_columns(header: Sequence[str]) -> list[str]:
    """A field for each column ("" = not imported); no field twice, a second phone goes to the next free place."""
    columns: list[str] = []
    for name in header[:MAX_COLUMNS]:
        field = field_of(name) or ""
        if field in PHONES and field in columns:
            field = next((phone for phone in PHONES if phone not in columns), "")
        columns.append("" if field in columns else field)
    return columns


def mapped(header: Sequence[str], columns: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """`columns` with what a person or program asked for: {"name in the file": "field"}, or the other way round.

    "" leaves a column out; "custom:Name" keeps it as a field of our own. Raises BadInput for what does not exist.
    """
    places = {fold(name): place for place, name in reversed(list(enumerate(header)))}
    wanted = list(columns)
    for left, right in mapping.items():
        name, field = (left, right) if fold(left) in places else (right, left)
        if fold(name) not in places:
            raise BadInput(field="mapping", sentence=N_("El archivo no tiene una columna «%(name)s»."), name=left)
        wanted[places[fold(name)]] = field
        for place, other in enumerate(wanted):
            if other == field and place != places[fold(name)] and place < len(columns):
                wanted[place] = ""
    return checked(wanted)


def checked(columns: Sequence[str]) -> list[str]:
    """These columns when every field exists and none stands twice. Raises BadInput."""
    seen: set[str] = set()
    for field in columns:
        if field and field not in BY_NAME and not (field.startswith(CUSTOM) and field.removeprefix(CUSTOM).strip()):
            raise BadInput(field="columns", sentence=N_("No hay un dato llamado «%(name)s»."), name=field)
        if field in seen:
            raise BadInput(field="columns", sentence=N_("Dos columnas van al mismo dato: «%(name)s»."), name=field)
        seen |= {field} - {""}
    return list(columns)


def tickable(columns: Sequence[str], key: Sequence[str]) -> list[str]:
    """The fields of these columns that may be updated or left as they are in known customers (S4-13)."""
    fixed = {name for name, word in KEY_FIELDS.items() if word in key} | {"cuenta", "tipo_documento", "documento"}
    return [field for field in columns if field and field not in fixed]


def key_words(names: Sequence[str]) -> list[str]:
    """The words of a key from public names or words, in their fixed order. Raises BadInput."""
    words = {KEY_FIELDS.get(name, name) for name in names if name}
    unknown = words - set(KEY_FIELDS.values())
    if unknown:
        raise BadInput(field="key", sentence=N_("«%(name)s» no puede ser parte de la clave."), name=sorted(unknown)[0])
    return [word for word in KEY_FIELDS.values() if word in words] or DEFAULT_KEY

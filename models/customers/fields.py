"""The one table of what is kept of a customer and comes in by files: each field with all its facts.

From a row here follow: which header of a file means it, how its cells are read, the staging column and the statements
that store, update and undo it, whether it may be part of a base's key, its filter, its column in exports and in the
file of example, what the API takes and shows, and its place in the customer's form. A new field is its column in
`customer.py`, its row here, and a migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import InstrumentedAttribute

from ..refused import N_
from .customer import Account, ContactPoint, Customer

CUSTOM = "custom:"  # before the name of a field that only this organisation has; it is kept in `Customer.custom`


class Kind(StrEnum):
    """How a cell is read, and so what it holds."""

    TEXT = "text"
    NAME = "name"  # one part of the customer's name
    WHOLE_NAME = "whole name"  # parted into the fields of kind NAME; no column of its own
    DOCUMENT_TYPE = "document type"
    DOCUMENT = "document"
    ACCOUNT = "account"
    DATE = "date"
    AMOUNT = "amount"
    SERVICE_STATE = "service state"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Filter:
    """How a search of customers names a field (S4-42): the name in the API, the label on the screen."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in files, its label, how it is read and where it is stored.

    `synonyms` are other headers that mean it, as `fold` writes them. `examples` are its cells in the file of example.
    `key` is the word for it in a base's key; "" = it cannot be part of one. `identity`: it says which customer or
    account a row is about, so an upload does not offer to leave it as it is. `max_length` holds where a person types.
    `short` is its label where the title already says that it is about an account, and `empty` stands there for nothing.
    """

    name: str
    label: str
    kind: Kind
    attribute: InstrumentedAttribute[Any] | None
    synonyms: tuple[str, ...] = ()
    examples: tuple[str, str, str] = ("", "", "")
    key: str = ""
    identity: bool = False
    filter: Filter | None = None
    max_length: int = 200
    short: str = ""
    empty: str = "–"

    @property
    def column(self) -> Column[Any]:
        """Where it is stored. Raises KeyError for a field without a column of its own."""
        if self.attribute is None:
            raise KeyError(self.name)
        column: Column[Any] = self.attribute.class_.__table__.c[self.attribute.key]
        return column

    @property
    def staged(self) -> str:
        """Its column in the staging table of uploads, where a customer and an account stand in one row."""
        return self.key if self.identity else self.column.name

    def is_of(self, table: type[Customer | Account | ContactPoint]) -> bool:
        """Whether it is a column of this table."""
        return self.attribute is not None and self.attribute.class_ is table


FIELDS: tuple[Field, ...] = (
    Field(
        "tipo_documento", N_("Tipo de documento"), Kind.DOCUMENT_TYPE, Customer.document_type,
        ("tipo de documento", "id document type", "tipo doc", "doc tipo", "tipodoc", "tipo", "td", "tipo id",
         "tipo identificacion", "tipo de identificacion",
         "document type"),
        examples=("CC", "CC", "NIT"), key="document_type", identity=True, max_length=20,
        filter=Filter("document_type", N_("Tipo de documento")),
    ),
    Field(
        "documento", N_("Documento"), Kind.DOCUMENT, Customer.document,
        ("id document", "doc", "doc num", "num doc", "numero documento", "numero de documento", "nro documento",
         "no documento",
         "cedula", "identificacion", "numero identificacion", "numero de identificacion", "nit", "dni", "cc", "rut",
         "cuit", "document", "id cliente", "documento identidad"),
        examples=("52318904", "79845112", "900555210-4"), key="document", identity=True, max_length=40,
        filter=Filter("document", N_("Documento")),
    ),
    Field(
        "nombre", N_("Nombre completo"), Kind.WHOLE_NAME, None,
        ("nome completo", "nombre completo", "nombres y apellidos", "nombre y apellido", "apellidos y nombres",
         "cliente",
         "nombre cliente", "nombre del cliente", "titular", "razon social", "name", "full name"),
        filter=Filter("name", N_("Nombre")),
    ),
    Field(
        "primer_nombre", N_("Primer nombre"), Kind.NAME, Customer.first_name,
        ("primeiro nome", "nombre 1", "nombre1", "1er nombre", "nombres", "first name"),
        examples=("Luz", "Óscar", "Panadería Güiza S.A.S."),
    ),
    Field(
        "segundo_nombre", N_("Segundo nombre"), Kind.NAME, Customer.second_name,
        ("segundo nome", "nombre 2", "nombre2", "2do nombre", "second name", "middle name"),
        examples=("Marina", "Iván", ""),
    ),
    Field(
        "primer_apellido", N_("Primer apellido"), Kind.NAME, Customer.first_surname,
        ("first surname", "primeiro sobrenome", "sobrenome", "sobrenomes", "apellido", "apellidos", "apellido 1",
         "apellido1", "apellido paterno", "last name", "surname"),
        examples=("Rodríguez", "Muñoz", ""),
    ),
    Field(
        "segundo_apellido", N_("Segundo apellido"), Kind.NAME, Customer.second_surname,
        ("second surname", "segundo sobrenome", "apellido 2", "apellido2", "apellido materno"),
        examples=("Peña", "Ñáñez", ""),
    ),
    Field(
        "fecha_nacimiento", N_("Fecha de nacimiento"), Kind.DATE, Customer.birth_date,
        ("date of birth", "data de nascimento", "nacimiento", "fecha nac", "fec nac", "fecha de nacimiento",
         "birth date"),
        examples=("14/03/1978", "", ""),
    ),
    Field(
        "sexo", N_("Sexo"), Kind.TEXT, Customer.sex, ("genero", "sex"), examples=("F", "", ""), max_length=20,
    ),
    Field(
        "telefono", N_("Teléfono"), Kind.PHONE, ContactPoint.value,
        ("telefone", "tel", "telefono 1", "telefono1", "tel1", "tel 1", "telefono principal", "phone",
         "numero de telefono",
         "telefono contacto", "celular", "movil", "cel", "telefono celular", "telefono movil", "numero celular",
         "mobile"),
        examples=("3105550142", "3155550198", "6045559981"), key="phone", filter=Filter("phone", N_("Teléfono")),
    ),
    Field(
        "telefono2", N_("Teléfono 2"), Kind.PHONE, ContactPoint.value,
        ("phone 2", "telefone 2", "telefono 2", "tel2", "tel 2", "fijo", "telefono fijo", "tel fijo",
         "otro telefono", "celular 2", "celular2",
         "telefono alterno", "telefono casa", "landline"),
        examples=("6015557730", "", ""),
    ),
    Field(
        "telefono3", N_("Teléfono 3"), Kind.PHONE, ContactPoint.value,
        ("phone 3", "telefone 3", "telefono 3", "tel3", "tel 3", "celular 3", "celular3", "telefono oficina",
         "telefono trabajo"),
    ),
    Field(
        "correo", N_("Correo"), Kind.EMAIL, ContactPoint.value,
        ("email", "e mail", "mail", "correo electronico", "correo e"),
        examples=("luz.rodriguez@ejemplo.com", "", ""), key="email", filter=Filter("email", N_("Correo")),
    ),
    Field(
        "direccion", N_("Dirección"), Kind.ADDRESS, ContactPoint.value,
        ("endereco", "dir", "domicilio", "direccion residencia", "direccion de residencia", "address"),
        examples=("Calle 45 # 13-20", "", ""),
    ),
    Field(
        "ciudad", N_("Ciudad"), Kind.TEXT, Customer.city, ("cidade", "municipio", "localidad", "city"),
        examples=("Bogotá", "Cali", "Medellín"), filter=Filter("city", N_("Localidad")),
    ),
    Field(
        "cuenta", N_("Cuenta"), Kind.ACCOUNT, Account.number,
        ("conta", "numero cuenta", "numero de cuenta", "nro cuenta", "no cuenta", "contrato", "numero contrato",
         "suscripcion",
         "suscriptor", "account", "poliza", "obligacion", "credito"),
        examples=("70012233", "70012234", "70012235"), key="account", identity=True, max_length=60,
        filter=Filter("account", N_("Cuenta")), short=N_("Cuenta"),
    ),
    Field(
        "plan", N_("Plan"), Kind.TEXT, Account.plan, ("plano", "producto", "servicio", "plan contratado"),
        examples=("Hogar 300", "Hogar 500", "Empresa 1G"), filter=Filter("plan", N_("Plan")), short=N_("Plan"),
    ),
    Field(
        "estado", N_("Estado del servicio"), Kind.SERVICE_STATE, Account.service_state,
        ("service state", "estado do servico", "estado servicio", "estado del servicio", "estado cuenta", "status"),
        examples=("moroso", "activo", "suspendido"),
        filter=Filter("service_state", N_("Estado de servicio")), short=N_("Servicio"),
    ),
    Field(
        "direccion_servicio", N_("Dirección del servicio"), Kind.TEXT, Account.service_address,
        ("direccion del servicio", "service address", "endereco do servico", "dir servicio",
         "direccion instalacion", "direccion de servicio", "direccion de instalacion"),
        examples=("Calle 45 # 13-20", "", ""),
        filter=Filter("service_address", N_("Dirección de servicio")), short=N_("Dirección"),
    ),
    Field(
        "fecha_corte", N_("Fecha de corte"), Kind.DATE, Account.cut_off_date,
        ("cut off date", "data de corte", "corte", "fec corte", "fecha de corte", "vencimiento", "fecha vencimiento"),
        examples=("18/11/2026", "20/11/2026", "30/11/2026"), short=N_("Corte"),
    ),
    Field(
        "prorroga", N_("Prórroga"), Kind.DATE, Account.extension_until,
        ("grace period", "prorrogacao", "fecha prorroga", "extension"),
        examples=("", "27/11/2026", ""), short=N_("Prórroga"), empty=N_("sin prórroga"),
    ),
    Field(
        "saldo", N_("Saldo"), Kind.AMOUNT, Account.balance,
        ("deuda", "valor", "monto", "saldo total", "valor mora", "saldo mora", "balance", "valor a pagar"),
        examples=("184900", "231500,50", "512000"), short=N_("Saldo"),
    ),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
CUSTOMER_FIELDS = tuple(field for field in FIELDS if field.is_of(Customer))
ACCOUNT_FIELDS = tuple(field for field in FIELDS if field.is_of(Account))
# As a form asks for them: the names first.
FORM_FIELDS = tuple(sorted(CUSTOMER_FIELDS, key=lambda field: field.kind is not Kind.NAME))
CONTACT_FIELDS = tuple(field for field in FIELDS if field.is_of(ContactPoint))
PHONES = tuple(field.name for field in FIELDS if field.kind is Kind.PHONE)  # the principal one first

# The names of a person: the fields in files, and the columns of the parts in the order they are said.
NAMES = tuple(field.name for field in FIELDS if field.kind in (Kind.WHOLE_NAME, Kind.NAME))
WHOLE_NAME = next(field.name for field in FIELDS if field.kind is Kind.WHOLE_NAME)
NAME_PARTS = tuple(field.column.name for field in FIELDS if field.kind is Kind.NAME)

# A document with its type in front, as it is shown.
DOCUMENT = tuple(field.name for field in FIELDS if field.kind in (Kind.DOCUMENT_TYPE, Kind.DOCUMENT))

# What may identify a customer: the name in files, and the word kept with the base. A base keeps its words in this
# order, identities first: another order would be another key.
KEY_FIELDS = {field.name: field.key for field in sorted(FIELDS, key=lambda field: not field.identity) if field.key}
FIELD_OF_KEY = {word: name for name, word in KEY_FIELDS.items()}
DEFAULT_KEY = ["document_type", "document"]
# A document is often written without its type, and is the same document.
MAY_BE_EMPTY_IN_KEY = frozenset({"document_type"})

# A phone that is written without its area code may be mended by it.
CITY = next(field.name for field in FIELDS if field.attribute is Customer.city)

# Lies in the past; the other dates lie around today.
BIRTH = next(field.name for field in FIELDS if field.attribute is Customer.birth_date)

"""What the table of fields gives the statements: staged columns, and how a staged row meets what is stored.

Statements are put together once, when the program starts, from the names of our own columns; values are always bound.
In all of them `staged` is a row of the staging table, and `customers` and `accounts` are what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Dialect, Enum, String
from sqlalchemy.dialects import postgresql

from ....models.customers.fields import ACCOUNT_FIELDS, CUSTOMER_FIELDS, NAME_PARTS, WHOLE_NAME, Field

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def quoted(name: str) -> str:
    """A column's name as a statement writes it."""
    return _DIALECT.identifier_preparer.quote(name)


def sql_type(column: Column[Any]) -> str:
    """The type a staged value of this column has."""
    return "text" if isinstance(column.type, String | Enum) else column.type.compile(dialect=_DIALECT)


def or_default(value: str, column: Column[Any]) -> str:
    """A staged value as a new row stores it: where the file says nothing, what the column has by itself."""
    if column.nullable:
        return value
    default = column.server_default
    words = str(getattr(default, "arg", "")).replace("'", "''")
    return f"coalesce({value}, '{words}')"


def listed(names: Iterable[str]) -> str:
    """Names or values with commas between."""
    return ", ".join(names)


def assigned(values: Mapping[str, str]) -> str:
    """Columns with their new values, for UPDATE … SET."""
    return listed(f"{name} = {value}" for name, value in values.items())


def staged(field: Field) -> str:
    """The staged value of a field."""
    return f"staged.{quoted(field.staged)}"


def _merged(fields: Iterable[Field], table: str) -> dict[str, str]:
    """What each column would be after the row; an empty cell erases nothing."""
    return {
        (name := quoted(field.column.name)): f"coalesce({staged(field)}, {table}.{name})"
        for field in fields
        if not field.identity
    }


# The fields of a staged row with their types.
STAGED_FIELDS = {quoted(field.staged): sql_type(field.column) for field in (*CUSTOMER_FIELDS, *ACCOUNT_FIELDS)}

# What a customer would be after the row. A type of document counts only with the document it is of.
CUSTOMER_MERGED = {
    "document_type": "CASE WHEN staged.document <> '' AND staged.document_type <> '' THEN staged.document_type"
    " ELSE customers.document_type END",
    "document": "CASE WHEN staged.document <> '' THEN staged.document ELSE customers.document END",
    **_merged(CUSTOMER_FIELDS, "customers"),
    "custom": "customers.custom || staged.custom::jsonb",
}
ACCOUNT_MERGED = _merged(ACCOUNT_FIELDS, "accounts")

# What the columns of a new customer and of a new account are.
CUSTOMER_NEW = {quoted(field.column.name): or_default(staged(field), field.column) for field in CUSTOMER_FIELDS}
ACCOUNT_NEW = {quoted(field.column.name): or_default(staged(field), field.column) for field in ACCOUNT_FIELDS}


def _casts(fields: Iterable[Field]) -> dict[str, str]:
    kinds = {quoted(field.column.name): sql_type(field.column) for field in fields}
    return {name: "" if kind == "text" else f"::{kind}" for name, kind in kinds.items()}


# How a column's value is made again from the text in what an upload remembers.
CUSTOMER_CASTS = _casts(CUSTOMER_FIELDS)
ACCOUNT_CASTS = _casts(ACCOUNT_FIELDS)

# The staged columns of a field that may be left as it is in known customers (S4-13), by who has them.
CUSTOMER_KEPT: dict[str, tuple[str, ...]] = {
    WHOLE_NAME: tuple(map(quoted, NAME_PARTS)),
    **{field.name: (quoted(field.staged),) for field in CUSTOMER_FIELDS if not field.identity},
}
ACCOUNT_KEPT = {field.name: quoted(field.staged) for field in ACCOUNT_FIELDS if not field.identity}

"""Which column of a file holds which field: guessed by its header, changed by a person, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....models.customers.fields import BY_NAME, CUSTOM, DEFAULT_KEY, FIELDS, KEY_FIELDS, PHONES
from ....models.customers.names import fold
from ....models.refused import N_, BadInput

MAX_COLUMNS = 200
_FIELD_OF_HEADER = {name: field.name for field in FIELDS for name in (fold(field.name), *field.synonyms)}


def field_of(header: str) -> str | None:
    """The field that a column called `header` holds; None when the name says nothing to us."""
    return _FIELD_OF_HEADER.get(fold(header))


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
    fixed = {field.name for field in FIELDS if field.identity or field.key in key}
    return [field for field in columns if field and field not in fixed]


def key_words(names: Sequence[str]) -> list[str]:
    """The words of a key from public names or words, in their fixed order. Raises BadInput."""
    words = {KEY_FIELDS.get(name, name) for name in names if name}
    unknown = words - set(KEY_FIELDS.values())
    if unknown:
        raise BadInput(field="key", sentence=N_("«%(name)s» no puede ser parte de la clave."), name=sorted(unknown)[0])
    return [word for word in KEY_FIELDS.values() if word in words] or DEFAULT_KEY

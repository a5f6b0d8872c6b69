"""Customers who exist are changed only by a run whose asker said how many rows change them (S4-13, S4-14).

The trial counts those rows; who starts the run says the same number back. While it goes, the run is held to it: a file
that nobody tried stores new customers, and waits at the first one whom it would change.
"""

from __future__ import annotations

from ....models.bases.upload import Upload, UploadState
from ....models.refused import N_, Conflict
from ....models.rows.values import Row
from ..file.columns import tickable


class Changes(Row):
    """What the next run would change in customers who exist: in how many rows, which fields, and which stay."""

    changes: int
    fields: list[str]
    kept: list[str]


def changes_of(upload: Upload) -> Changes:
    """What is to be agreed to now."""
    fields, kept = tickable(upload.options["columns"], upload.options["key"]), upload.options.get("kept", ())
    return Changes(
        changes=upload.to_agree,
        fields=[field for field in fields if field not in kept],
        kept=[field for field in fields if field in kept],
    )


def agree(upload: Upload, agreed: int | None) -> None:
    """Take down what was agreed to before a run; None is for who asked for whatever the file changes.

    Raises Conflict with `Changes` when it is not what the trial counted, or the run before waits for.
    """
    if upload.state is UploadState.CHECKED or upload.to_agree:
        if agreed not in (None, upload.to_agree):
            sentence = N_("Esta carga cambia datos de clientes que ya existen en %(changes)s filas. Acéptelo primero.")
            raise Conflict(sentence=sentence, extra=changes_of(upload).model_dump(), changes=upload.to_agree)
    elif upload.base_id is not None:
        return  # goes on under what was agreed to
    # Where a run was held nobody has counted what comes after.
    upload.agreed = None if upload.base_id is not None else agreed
    upload.changes = 0


def hold(upload: Upload) -> None:
    """Raises Conflict, so that the chunk is not stored, when it changes more than was agreed to."""
    if upload.beyond:
        sentence = N_(
            "Desde aquí el archivo cambia clientes que ya existen, y nadie lo aceptó. Acéptelo para continuar."
        )
        raise Conflict(sentence=sentence, extra={"changes": upload.changes})

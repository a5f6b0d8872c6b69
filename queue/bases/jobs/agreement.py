"""Customers who exist are changed only by a run whose asker said how many rows change them (S4-13, S4-14).

The trial counts those rows; who starts the run says the same number back. While it goes, the run is held to it: a file
that nobody tried stores new customers, and waits at the first one whom it would change.
"""

from __future__ import annotations

from ....models.bases.upload import Upload, UploadState
from ....models.customers.fields import tickable
from ....models.refused import N_, Conflict
from ....models.rows.values import Row


class Changes(Row):
    """What the next run would change in customers who exist: in how many rows, which fields, and which stay."""

    changes: int
    fields: list[str]
    kept: list[str]


def changes_of(job: Upload) -> Changes:
    """What is to be agreed to now."""
    fields, kept = tickable(job.options["columns"], job.options["key"]), job.options.get("kept", ())
    return Changes(
        changes=job.to_agree,
        fields=[field for field in fields if field not in kept],
        kept=[field for field in fields if field in kept],
    )


def agree(job: Upload, said: int | None) -> None:
    """Take down what was agreed to before a run; None is for who asked for whatever the file changes.

    Raises Conflict with `Changes` when it is not what the trial counted, or the run before waits for.
    """
    if job.state is UploadState.CHECKED or job.to_agree:
        if said not in (None, job.to_agree):
            sentence = N_("Esta carga cambia datos de clientes que ya existen en %(changes)s filas. Acéptelo primero.")
            raise Conflict(sentence=sentence, extra=changes_of(job).model_dump(), changes=job.to_agree)
    elif job.base_id is not None:
        return  # goes on under what was agreed to
    # Where a run was held nobody has counted what comes after.
    job.agreed = None if job.base_id is not None else said
    job.changes = 0


def hold(job: Upload) -> None:
    """Raises Conflict, so that the chunk is not stored, when it changes more than was agreed to."""
    if job.beyond:
        sentence = N_(
            "Desde aquí el archivo cambia clientes que ya existen, y nadie lo aceptó. Acéptelo para continuar."
        )
        raise Conflict(sentence=sentence, extra={"changes": job.changes})

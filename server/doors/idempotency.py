"""`Idempotency-Key`: the same request twice acts once and is answered the same.

The key's row is claimed first thing in the request's own transaction. A second request with the same key waits at the
unique index until the first has ended: committed, it finds the answer; undone (a refusal changes nothing), it acts
itself. So a crash at any moment leaves either both the work and its answer, or neither.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from starlette.requests import Request

from ...models.records import AnswerGiven
from ...models.refused import N_, BadInput, Conflict, KeyReused
from ...queue.work import Work

HEADER = "idempotency-key"
LONGEST = 200

# Built once: every change that a browser asks for claims its key.
_ANSWERS: Any = AnswerGiven.__table__
_CLAIM = insert(_ANSWERS).on_conflict_do_nothing().returning(_ANSWERS.c.key)
_KEEP = (
    update(_ANSWERS)
    .where(_ANSWERS.c.user_id == bindparam("whose"), _ANSWERS.c.key == bindparam("its_key"))
    .values(status=bindparam("given_status"), body=bindparam("given_body"))
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What an earlier request with this key was answered."""

    status: int
    value: Any


def key_of(request: Request) -> str | None:
    """The request's key. Raises BadInput when it cannot be one."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise BadInput(field="Idempotency-Key", sentence=N_("La clave Idempotency-Key debe tener de 1 a 200 letras."))
    return key


def request_hash(request: Request, value: Any) -> bytes:
    """What makes two requests the same: method, path, query and body."""
    asked = [request.method, request.url.path, request.url.query, value]
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS, default=str)).digest()


async def claim(work: Work, user_id: int, key: str, asked: bytes) -> Answered | None:
    """Take the key for this work (None), or the answer that was given. Raises KeyReused."""
    row = {"user_id": user_id, "key": key, "request_hash": asked, "status": 0, "body": {}}
    if (await work.session.execute(_CLAIM, row)).scalar_one_or_none() is not None:
        return None
    wanted = (AnswerGiven.user_id == user_id) & (AnswerGiven.key == key)
    given = (await work.session.execute(select(AnswerGiven).where(wanted))).scalar_one()
    if given.request_hash != asked:
        raise KeyReused
    if "value" not in given.body:  # done, but its answer held a secret that is shown once
        raise Conflict
    return Answered(given.status, given.body["value"])


async def keep(work: Work, user_id: int, key: str, status: int, value: Any) -> None:
    """Store the answer beside what was done."""
    answer = {"given_status": status, "given_body": {"value": value}}
    await work.session.execute(_KEEP, {"whose": user_id, "its_key": key, **answer})

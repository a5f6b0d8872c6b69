"""Rows locked until the end of their transaction.

Every action takes its locks in one order, so that no two of them wait for each other:

    call → agent → customer → cases → appointments

and several rows of one table in the order of their keys. An action leaves out what it does not need, but never goes
back. What slips through all the same is done again (`queue/work.again`).

A locked row is read again even when the session knows it already, because another transaction may have changed it
while we waited for the lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from .base import Base
from .refused import NotFound

Model = TypeVar("Model", bound=Base)


async def lock(session: AsyncSession, model: type[Model], key: object, *, key_share: bool = False) -> Model:
    """The row with this primary key, locked. Raises NotFound.

    With `key_share` it is the lock of an UPDATE that changes no key: rows that only point to this one (a new case of a
    customer) do not wait for it.
    """
    row: Model | None = await _locked(session, _by_key(model, key_share), key)
    if row is None:
        raise NotFound
    return row


async def lock_if_there(session: AsyncSession, model: type[Model], key: object) -> Model | None:
    """The row with this primary key, locked; None when there is none."""
    return await _locked(session, _by_key(model, False), key)


async def lock_all(
    session: AsyncSession, model: type[Model], *conditions: ColumnElement[bool], skip_locked: bool = False
) -> Sequence[Model]:
    """The rows that meet the conditions, locked in the order of their keys.

    With `skip_locked`, rows that another transaction has locked are left to it.
    """
    rows = _again(model).where(*conditions).order_by(_key(model)).with_for_update(skip_locked=skip_locked)
    return (await session.execute(rows)).scalars().all()


async def lock_keys(session: AsyncSession, model: type[Base], *conditions: ColumnElement[bool]) -> list[Any]:
    """The keys of the rows that meet the conditions; the rows are locked in this order but not read (`key_share`)."""
    key = _key(model)
    rows = select(key).where(*conditions).order_by(key).with_for_update(key_share=True)
    return list((await session.execute(rows)).scalars())


async def _locked(session: AsyncSession, statement: Select[Model], key: object) -> Model | None:
    row: Model | None = (await session.execute(statement, {"key": key})).scalar_one_or_none()
    return row


@cache
def _by_key(model: type[Model], key_share: bool) -> Select[Model]:
    """Built once for each table: putting a statement together takes as long as running it."""
    return _again(model).where(_key(model) == bindparam("key")).with_for_update(key_share=key_share)


def _again(model: type[Model]) -> Select[Model]:
    return select(model).execution_options(populate_existing=True)


def _key(model: type[Base]) -> InstrumentedAttribute[Any]:
    (column,) = inspect(model).primary_key
    attribute: InstrumentedAttribute[Any] = inspect(model).get_property_by_column(column).class_attribute
    return attribute

"""Customers who exist are changed only by a run whose asker said how many rows change them; new ones need no word."""

from __future__ import annotations

from typing import Any

import pytest

from atiende.models.bases.upload import Upload, UploadState
from atiende.models.refused import Conflict
from atiende.queue.bases.uploads.lifecycle import start_run
from atiende.tests.support.floors.bases import BasesHouse, chunks_of

HEADER = "tipo_documento;documento;primer_nombre;ciudad;cuenta;saldo\r\n"


def base(*lines: str) -> bytes:
    return (HEADER + "\r\n".join(lines)).encode()


FIRST = base("CC;1;Luz;Cali;70;100", "CC;1;Luz;Cali;71;100", "CC;2;Ana;Cali;72;100")
# One balance of a customer who has two accounts, one city, and a new customer with two accounts.
SECOND = base(
    "CC;1;Luz;Cali;70;100",
    "CC;1;Luz;Cali;71;500",
    "CC;2;Ana;Pasto;72;100",
    "CC;3;Eva;Cali;73;1",
    "CC;3;Eva;Cali;74;1",
)


async def refused(house: BasesHouse, job_id: str, agreed: int) -> dict[str, Any]:
    """What the answer to a run tells besides its sentence."""
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(Conflict, match="clientes que ya existen") as why:
            await start_run(work, job_id, agreed)
    return why.value.extra


async def cities(house: BasesHouse) -> list[tuple[Any, ...]]:
    return await house.rows("SELECT document, city FROM customers ORDER BY document")


async def test_new_customers_need_no_word_whatever_accounts_they_have(house: BasesHouse) -> None:
    """Rows of one new customer are not changes of somebody who was there."""
    job_id = await house.upload(FIRST)
    tried = await house.check(job_id)
    assert (tried.updated, tried.to_agree) == (1, 0)
    job = await house.run(job_id, agreed=0)
    assert (job.state, job.created, job.updated, job.changes) == (UploadState.DONE, 2, 1, 0)


@pytest.mark.proves("S4-14")
async def test_a_tried_update_starts_only_with_what_it_changes_said(house: BasesHouse) -> None:
    """Refused with the rows, the ticked data and those that stay; done when the number is said."""
    await house.store(FIRST)
    job_id = await house.upload(SECOND, kept=["primer_nombre"])
    tried = await house.check(job_id)
    assert (tried.created, tried.updated, tried.unchanged, tried.to_agree) == (1, 3, 1, 2)
    told = {"changes": 2, "fields": ["ciudad", "saldo"], "kept": ["primer_nombre"]}
    assert await refused(house, job_id, 0) == told
    assert await refused(house, job_id, 3) == told
    assert await cities(house) == [("1", "Cali"), ("2", "Cali")]
    job = await house.run(job_id, agreed=2)
    assert (job.state, job.updated, job.changes, job.agreed) == (UploadState.DONE, 3, 2, 2)
    assert await cities(house) == [("1", "Cali"), ("2", "Pasto"), ("3", "Cali")]


async def test_a_run_that_nobody_tried_waits_at_the_first_customer_it_would_change(
    house: BasesHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New ones are stored, the chunk with the change is not; it goes on when the change is agreed to."""
    chunks_of(3, monkeypatch)
    await house.store(FIRST)
    new = [f"CC;{n};Eva;Cali;{n};1" for n in range(11, 16)]
    job_id = await house.upload(base(*new, "CC;2;Ana;Pasto;72;100", "CC;1;Luz;Neiva;70;100"))
    job = await house.run(job_id, agreed=0)
    assert (job.state, job.created, job.updated, job.to_agree) == (UploadState.FAILED, 3, 0, 1)
    assert "nadie lo aceptó" in job.error
    assert (await refused(house, job_id, 0))["changes"] == 1
    job = await house.run(job_id, agreed=1)
    assert (job.state, job.done, job.created, job.updated) == (UploadState.DONE, 7, 5, 2)
    assert {("1", "Neiva"), ("2", "Pasto")} <= set(await cities(house))


async def test_what_agents_changed_since_the_trial_stops_nobody_but_another_kind_of_load_does(
    house: BasesHouse,
) -> None:
    """What was agreed to must still hold in kind when the rows are stored."""
    await house.store(FIRST)
    changing = await house.upload(base("CC;1;Luz;Cali;70;900", "CC;2;Ana;Cali;72;100"))
    only_new = await house.upload(base("CC;8;Eva;Cali;80;100"))
    assert (await house.check(changing)).to_agree == 1
    assert (await house.check(only_new)).to_agree == 0
    await house.store(base("CC;2;Ana;Neiva;72;100", "CC;8;Eva;Neiva;80;100"), name="Otra")
    job = await house.run(changing, agreed=1)
    assert (job.state, job.updated) == (UploadState.DONE, 2)
    job = await house.run(only_new, agreed=0)
    assert (job.state, job.updated, job.to_agree) == (UploadState.FAILED, 0, 1)


@pytest.mark.parametrize(("agreed", "changes", "beyond"), [
    (None, 10**6, False), (0, 0, False), (0, 1, True), (5, 105, False), (5, 106, True), (10_000, 11_000, False),
    (10_000, 11_001, True),
])  # fmt: skip
def test_some_more_than_agreed_are_let_pass_but_none_where_none_were(
    agreed: int | None, changes: int, beyond: bool
) -> None:
    """Agents work between the trial and the run."""
    assert Upload(agreed=agreed, changes=changes).beyond is beyond

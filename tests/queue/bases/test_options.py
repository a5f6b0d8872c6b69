"""How a base is loaded: ticked data, only new or only known customers, another key, indicativos by city."""

from __future__ import annotations

from typing import Any

import pytest

from atiende.models.refused import BadInput
from atiende.tests.support.floors.bases import BasesHouse, adds_up

HEADER = "tipo_documento;documento;primer_nombre;primer_apellido;telefono;telefono2;ciudad;cuenta;plan;saldo;nota\r\n"
NOTE = {"mapping": {"nota": "custom:Nota"}}


def base(*lines: str) -> bytes:
    return (HEADER + "\r\n".join(lines)).encode()


FIRST = base(
    "CC;1;Luz;Peña;3105550142;;Cali;70;Hogar;100;uno",
    "CC;2;Óscar;Muñoz;3105550143;;Cali;71;Hogar;100;dos",
)
SECOND = base(
    "CC;1;Lucía;Ñáñez;3105550199;6015557730;Pasto;70;Móvil;200;tres",
    "CC;2;Óscar;Muñoz;3105550143;;Cali;71;Hogar;100;dos",
    "CC;3;Nueva;Persona;3105550144;;Cali;73;Hogar;1;cuatro",
    "CC;3;Nueva;Persona;3105550144;;Cali;74;Hogar;2;cuatro",
)


async def tried_then_run(house: BasesHouse, content: bytes, **wishes: Any) -> Any:
    """The job after its run, which did what its trial said."""
    job_id = await house.upload(content, **{"campaign_id": house.campaign, **wishes})
    names = ("total", "created", "updated", "unchanged", "refused")
    job = await house.check(job_id)
    said = [getattr(job, name) for name in names]
    assert adds_up(job)
    job = await house.run(job_id)
    assert adds_up(job) and [getattr(job, name) for name in names] == said
    return job


@pytest.mark.proves("S4-13")
@pytest.mark.parametrize(
    ("kept", "after"),
    [
        ([], [("Lucía Ñáñez", "Pasto", "tres", "Móvil", 200, 3)]),
        (["primer_nombre", "primer_apellido"], [("Luz Peña", "Pasto", "tres", "Móvil", 200, 3)]),
        (["plan", "telefono", "ciudad"], [("Lucía Ñáñez", "Cali", "tres", "Hogar", 200, 2)]),
        (["saldo", "telefono2", "custom:Nota"], [("Lucía Ñáñez", "Pasto", "uno", "Móvil", 100, 2)]),
        (
            ["primer_nombre", "primer_apellido", "telefono", "telefono2", "ciudad", "plan", "saldo", "custom:Nota"],
            [("Luz Peña", "Cali", "uno", "Hogar", 100, 1)],
        ),
    ],
)
async def test_only_what_is_ticked_is_updated(house: BasesHouse, kept: list[str], after: list[tuple[Any, ...]]) -> None:
    """Data without a tick stay in customers who exist; new ones get everything. The trial says the same."""
    await house.store(FIRST, **NOTE)
    job = await tried_then_run(house, SECOND, kept=kept, **NOTE)
    assert (job.created, job.updated, job.unchanged) == ((1, 1, 2) if len(kept) == 8 else (1, 2, 1))
    found = await house.rows(
        """SELECT c.full_name, c.city, c.custom->>'Nota', a.plan, a.balance,
                  (SELECT count(*) FROM contact_points k WHERE k.customer_id = c.id)
           FROM customers c JOIN accounts a ON a.customer_id = c.id WHERE c.document = '1'"""
    )
    assert found == after
    new = "SELECT c.full_name, c.city, a.balance FROM customers c JOIN accounts a ON a.customer_id = c.id"
    assert await house.rows(f"{new} WHERE c.document = '3' ORDER BY 3") == [
        ("Nueva Persona", "Cali", 1),
        ("Nueva Persona", "Cali", 2),
    ]


async def test_only_new_customers_are_made(house: BasesHouse) -> None:
    """Rows of those who exist are refused with their reason; two accounts of a new one both go in."""
    await house.store(FIRST, **NOTE)
    job = await tried_then_run(house, SECOND, mode="create", **NOTE)
    assert (job.created, job.updated, job.refused) == (1, 1, 2)
    assert [(r.row_number, r.reason) for r in await house.refusals(job.id)] == [(2, "known"), (3, "known")]
    assert await house.rows("SELECT city FROM customers WHERE document = '1'") == [("Cali",)]


async def test_only_known_customers_are_updated(house: BasesHouse) -> None:
    """Rows of new ones are refused with their reason."""
    await house.store(FIRST, **NOTE)
    job = await tried_then_run(house, SECOND, mode="update", **NOTE)
    assert (job.created, job.updated, job.unchanged, job.refused) == (0, 1, 1, 2)
    assert {r.reason for r in await house.refusals(job.id)} == {"unknown"}
    assert await house.count("customers") == 2


@pytest.mark.proves("S4-18")
async def test_another_key_is_warned_about_and_taken_when_confirmed(house: BasesHouse) -> None:
    """The base remembers its key."""
    await house.store(FIRST, **NOTE)
    job_id = await house.upload(SECOND, key=["account"], **NOTE)
    with pytest.raises(BadInput, match="otra clave"):
        await house.run(job_id)
    job = await house.run(await house.upload(SECOND, key=["cuenta"], other_key=True, **NOTE))
    assert job.total == 4 and adds_up(job)
    assert await house.rows("SELECT key FROM bases") == [(["account"],)]
    third = await house.store(base("CC;;Luz;Otra;3105550142;;Pasto;70;Móvil;200;x"), key=["account"], **NOTE)
    assert (third.created, third.updated) == (0, 1)


async def test_landlines_get_the_indicativo_of_their_city(house: BasesHouse) -> None:
    """Mended by city and tried again; a city that is not known stays refused."""
    content = base(
        "CC;1;Luz;Peña;5553381;;Medellín;70;Hogar;1;", "CC;2;Óscar;Muñoz;5553382;;BOGOTÁ D.C.;71;Hogar;1;",
        "CC;3;Ana;Ruiz;5553383;;Macondo;72;Hogar;1;",
    )  # fmt: skip
    assert (await house.check(await house.upload(content, refuse=["no-area-code"]))).refused == 3
    job = await tried_then_run(house, content, area_code="city", refuse=["no-area-code"])
    assert (job.created, job.refused) == (2, 1)
    assert await house.rows("SELECT value FROM contact_points ORDER BY 1") == [("+576015553382",), ("+576045553381",)]

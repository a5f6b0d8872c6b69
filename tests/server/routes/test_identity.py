"""One customer is one customer, however the document, the account and the phone are written, and by whichever door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from atiende.models.permissions import Role
from atiende.queue.bases.uploads.worker import run_upload
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

API = "/api/v1"
CLEAN = "tipo_documento;documento;nombre;telefono;cuenta;saldo\nCC;91000020;Luis Mora Rey;3105551020;700020;1500\n"
HEADER = "tipo_documento,documento,nombre,telefono,cuenta,saldo\n"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def load(site: Site, boss: Client, content: str, **fields: str) -> dict[str, Any]:
    """A base sent and carried out to its end; the job."""
    files = {"file": ("base.csv", content.encode(), "text/csv")}
    fields = {"name": "Mora", "confirm": "1", **fields}
    answer = await boss.post(f"{API}/bases", data=fields, files=files)
    assert answer.status_code == 202, answer.text
    await run_upload(site.house, job_id=answer.json()["job"])
    return (await boss.get(f"{API}/jobs/{answer.json()['job']}")).json()  # type: ignore[no-any-return]


async def count(site: Site, question: str) -> int:
    async with site.house.look() as session:
        return int((await session.execute(text(question))).scalar_one())


async def found(client: Client, **asked: str) -> list[str]:
    answer = await client.get(f"{API}/customers", params=asked)
    return [one["name"] for one in answer.json()["items"]]


@pytest.mark.parametrize(
    "line",
    [
        "CC,91000020.0,Luis Mora Rey,3105551020.0,700020.0,1500.0",
        "c.c.,91.000.020,Luis Mora Rey,+57 310 555 1020,700-020,1500",
        "Cédula,\u202a91000020\u202c,Luis Mora Rey,\u202a0057 310 555 1020\u202c,\u200b700020,1500",
        ",９１０００020,Luis Mora Rey,03 310 555 1020,700 020,1500",
        ",CC 91000020,Luis Mora Rey,573105551020,700.020,1500",
    ],
)
async def test_a_customer_who_comes_in_again_in_another_spelling_is_the_same(site: Site, line: str) -> None:
    """No twin customer, account, phone or case."""
    boss = await site.signed_in(Role.SUPERVISOR)
    campaign = (await boss.post(f"{API}/campaigns", json={"name": "Mora", "type": "collections"})).json()
    await load(site, boss, CLEAN, campaign=campaign["name"])
    job = await load(site, boss, HEADER + line + "\n", campaign=campaign["name"])
    assert (job["created"], job["updated"], job["unchanged"], job["refused"]) == (0, 0, 1, 0), job
    for table in ("customers", "accounts", "contact_points", "cases"):
        assert await count(site, f"SELECT count(*) FROM {table}") == 1, table


async def test_a_customer_written_twice_in_one_file_is_stored_once(site: Site) -> None:
    boss = await site.signed_in(Role.SUPERVISOR)
    lines = ["CC,91000020,Luis Mora,3105551020,k-1,1", "C.C.,91.000.020,Luis Mora,+573105551020,K1,1"]
    job = await load(site, boss, HEADER + "\n".join(lines) + "\n")
    assert (job["created"], job["refused"]) == (1, 1)
    assert await count(site, "SELECT count(*) FROM customers") == 1


@pytest.mark.parametrize("first", ["with", "without"])
async def test_a_base_without_the_type_of_document_and_one_with_it_make_no_twins(site: Site, first: str) -> None:
    """And the type is kept, whichever comes first."""
    boss = await site.signed_in(Role.SUPERVISOR)
    bases = {
        "with": "tipo_documento;documento;nombre;telefono\nCC;91000190;Pia Mora Rey;3105551190\n",
        "without": "documento;nombre;telefono\n91000190;Pia Mora Rey;3105551190\n",
    }
    second = "without" if first == "with" else "with"
    await load(site, boss, bases[first], name="Una")
    await load(site, boss, bases[second], name="Otra")
    assert await count(site, "SELECT count(*) FROM customers") == 1
    assert await count(site, "SELECT count(*) FROM base_members") == 2
    assert await count(site, "SELECT count(*) FROM customers WHERE document_type = 'CC'") == 1


async def test_two_types_of_one_number_are_two_customers(site: Site) -> None:
    boss = await site.signed_in(Role.SUPERVISOR)
    job = await load(site, boss, HEADER + "CC,91000190,Pia Mora,,,\nCE,91000190,Ana Ruiz,,,\n")
    assert job["created"] == 2


async def test_a_number_that_excel_shortened_is_refused_with_that_reason(site: Site) -> None:
    """As a document, as an account and as a phone; customers with one key of it are not mixed up."""
    boss = await site.signed_in(Role.SUPERVISOR)
    lines = ["CC;91000030;Olga Paz;3105551030;5,49E+12;1", "CC;5,49E+12;Ines Paz;3105551031;88;1"]
    job = await load(site, boss, HEADER.replace(",", ";") + "\n".join(lines) + "\n")
    assert (job["created"], job["refused"]) == (0, 2)
    report = (await boss.get(job["report_url"])).text
    assert report.count("Excel recortó el número «5,49E+12»") == 2
    keyed = "cuenta;nombre;telefono;saldo\n5,49E+12;Olga Uno;3105551033;1\n5,49E+12;Ines Dos;3105551034;2\n"
    assert (await load(site, boss, keyed, key="cuenta", name="Por cuenta"))["refused"] == 2


@pytest.mark.parametrize(
    ("kind", "document"),
    [("cc", "71.644.902"), ("C.C.", "71 644 902"), ("", "71644902"), ("Cédula", "71644902.0"), ("", "CC 71644902"),
     ("CC", "\u200b71-644-902"), ("", "７１６４４９０２")],
)  # fmt: skip
async def test_one_document_by_hand_is_one_customer(site: Site, kind: str, document: str) -> None:
    agent = await site.signed_in(Role.AGENT)
    first = {"first_name": "Ana", "document_type": "CC", "document": "71644902"}
    made = (await agent.post(f"{API}/customers", json=first)).json()
    again = {"first_name": "Otra", "document_type": kind, "document": document}
    refused = await agent.post(f"{API}/customers", json=again)
    assert (refused.status_code, refused.json()["customer_id"]) == (409, made["id"]), refused.text
    other = (await agent.post(f"{API}/customers", json={"first_name": "Eva", "document": "5"})).json()
    changed = await agent.patch(f"{API}/customers/{other['id']}", json={"document_type": kind, "document": document})
    assert changed.status_code == 409


async def test_what_is_given_by_hand_is_kept_in_its_one_form(site: Site) -> None:
    agent = await site.signed_in(Role.AGENT)
    new = {"first_name": "Ana", "document_type": "cédula", "document": "71.644.902"}
    made = (await agent.post(f"{API}/customers", json=new)).json()
    assert made["document"] == "CC 71644902" or (made["document_type"], made["document"]) == ("CC", "71644902")
    accounts = f"{API}/customers/{made['id']}/accounts"
    assert (await agent.post(accounts, json={"number": "K-10"})).status_code == 201
    assert (await agent.post(accounts, json={"number": " k10"})).status_code == 409
    for number in ("5,49E+12", "--"):
        assert (await agent.post(accounts, json={"number": number})).status_code == 422
    spoilt = await agent.post(f"{API}/customers", json={"first_name": "Eva", "document": "5,49E+12"})
    assert (spoilt.status_code, spoilt.json()["field"]) == (422, "document")
    assert "Excel" in spoilt.text


async def test_a_customer_is_found_by_any_spelling_of_document_and_phone(site: Site) -> None:
    """As it is shown, as it was written, by its last digits."""
    agent = await site.signed_in(Role.AGENT)
    new = {"first_name": "Ana", "document_type": "CC", "document": "71644902", "phones": ["310 555 0142"]}
    await agent.post(f"{API}/customers", json=new)
    await agent.post(f"{API}/customers", json={"first_name": "Eva", "document": "5", "phones": ["3105550143"]})
    for q in ("71.644.902", "CC 71644902", "c.c. 71 644 902", "71-644-902", "7164", "71.644", "０１４２", "０142",
              "0142", "555 0142", "+57 310 555 0142", "0057 3105550142", "03 310 5550142", "Ana"):  # fmt: skip
        assert await found(agent, q=q) == ["Ana"], q
    for document in ("71.644.902", "CC 71644902", "7164", "71.644"):
        assert await found(agent, document=document) == ["Ana"], document
    for phone in ("0142", "5550142", "573105550142", "+57 310 5550142"):
        assert await found(agent, phone=phone) == ["Ana"], phone
    assert await found(agent, q="CE 71644902") == ["Ana"]  # the words of a search are no filter
    assert await found(agent, document="CE 71644902") == await found(agent, phone="142") == []


async def test_an_assignment_finds_documents_accounts_and_phones_in_any_spelling(site: Site) -> None:
    boss = await site.signed_in(Role.SUPERVISOR)
    campaign = (await boss.post(f"{API}/campaigns", json={"name": "Mora", "type": "collections"})).json()
    await load(site, boss, CLEAN, campaign="Mora")
    for field, value in (("document", "91.000.020"), ("document", "CC 91000020"), ("document_type", "Cédula"),
                         ("account", "700-020"), ("phone", "0057 310 555 1020")):  # fmt: skip
        asked = {"campaign": campaign["id"], "filters": [{"field": field, "op": "equals", "value": value}]}
        answer = await boss.post(f"{API}/assignments/preview", json=asked)
        assert answer.json()["customers"] == 1, (field, value, answer.text)


@pytest.mark.parametrize(
    ("region", "spellings"),
    [
        ("AR", ["011 15-2345-6701", "+54 11 2345 6701", "+54 9 11 2345 6701", "11 2345-6701"]),
        ("MX", ["55 1234 5601", "+52 1 55 1234 5601", "044 55 1234 5601", "5215512345601"]),
        ("BR", ["11 8765-4321", "+55 11 98765 4321", "021 11 8765-4321"]),
    ],
)
async def test_the_phones_of_a_country_are_one_line_each_by_every_door(
    settings: Settings, region: str, spellings: list[str]
) -> None:
    """In one row, by hand, and in a search."""
    async with running_app(settings.model_copy(update={"default_region": region})) as site:
        boss = await site.signed_in(Role.SUPERVISOR)
        row = f"documento;nombre;telefono;telefono2\n28456700;Ana Paz;{spellings[0]};{spellings[1]}\n"
        assert (await load(site, boss, row))["created"] == 1
        assert await count(site, "SELECT count(*) FROM contact_points") == 1
        customer = await count(site, "SELECT id FROM customers")
        for spelling in spellings:
            again = {"kind": "phone", "value": spelling}
            assert (await boss.post(f"{API}/customers/{customer}/contact-points", json=again)).status_code == 201
            assert await found(boss, q=spelling) == await found(boss, phone=spelling) == ["Ana Paz"], spelling
        assert await count(site, "SELECT count(*) FROM contact_points") == 1
        for spelling in spellings:
            job = await load(site, boss, f"documento;nombre;telefono\n28456700;Ana Paz;{spelling}\n")
            assert (job["unchanged"], job["refused"]) == (1, 0), spelling
        keyed = [f"nombre;telefono\nLuis Paz;{spelling[:-1]}9\n" for spelling in spellings]
        assert [(await load(site, boss, one, key="telefono", name="Por teléfono"))["created"] for one in keyed] == [
            1,
            *[0] * (len(keyed) - 1),
        ]


async def test_a_number_that_no_plan_knows_is_kept_when_somebody_says_what_it_is(site: Site) -> None:
    agent = await site.signed_in(Role.AGENT)
    customer = (await agent.post(f"{API}/customers", json={"first_name": "Ana"})).json()["id"]
    points = f"{API}/customers/{customer}/contact-points"
    assert (await agent.post(points, json={"kind": "phone", "value": "7001"})).status_code == 422
    kept = await agent.post(points, json={"kind": "landline", "value": "7001"})
    assert (kept.status_code, kept.json()["value"], kept.json()["shown"]) == (201, "7001", "7001")
    assert await found(agent, phone="7001") == ["Ana"]

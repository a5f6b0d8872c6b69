"""`atiende up --demo`: people, campaigns and a base to look at, and who calls. Made once; a second start finds them.

Names and numbers are invented.
"""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select, update

from ...models.campaigns.campaign import Mode
from ...models.cases.case import Case, ContactAttempt
from ...models.cases.priorities import Priority
from ...models.contact.channels import Channel, ContactKind
from ...models.customers.customer import ContactPoint, Customer
from ...models.permissions import Role
from ...queue.bases.examples.demo_base import write_base
from ...queue.bases.file.scan import FileScan
from ...queue.bases.uploads.lifecycle import start_run
from ...queue.bases.uploads.options import UploadOptions
from ...queue.bases.uploads.taking import ReceivedFile, take_upload
from ...queue.bases.uploads.worker import run_upload
from ...queue.campaigns.assignment import Sharing, assign
from ...queue.campaigns.form import NewCampaign
from ...queue.campaigns.lifecycle import create_campaign
from ...queue.customers.filter import Records
from ...queue.people.users import create_user, has_users
from ...queue.work import Actor, House, Work
from ..connections import connections
from ..identity.passwords import Passwords
from ..settings import Settings
from .demo_pbx import EXTENSIONS, QUEUE, callers_file

PASSWORD = "atiende-demo"  # noqa: S105 - of a demonstration that listens on this machine only
SignIn = tuple[str, str, str]

AGENTS = [
    ("paola", "Paola Andrea Rincón"),
    ("julian", "Julián Ortega Ruiz"),
    ("maria", "María Gómez"),
    ("ivan", "Iván Peña Solano"),
    ("monica", "Mónica Tréllez"),
    ("hector", "Héctor Muñoz Gil"),
    ("lorena", "Lorena Ávila Ríos"),
    ("sandra", "Sandra Niño Vega"),
]
ROWS = 1_200
ASSIGNED = 240
CONTACTED = 160
UNKNOWN_CALLERS = ["3009990001", "3009990002", "6019990003"]


def prepare_demo(settings: Settings) -> list[SignIn]:
    """Make the demonstration unless there are users already; the sign-ins (name, password, role)."""
    asyncio.run(_prepare(settings))
    people = [("admin", PASSWORD, "administrador"), ("hernan", PASSWORD, "supervisor")]
    return [*people, *((username, PASSWORD, "agente") for username, _ in AGENTS[:2])]


async def _prepare(settings: Settings) -> None:
    async with connections(settings) as opened:
        house = opened.house
        async with house.work() as work:
            if await has_users(work):
                return
            hashed = await Passwords().hash(PASSWORD)
            supervisor, agents = await _people(work, hashed)
            campaigns = await _campaigns(work, agents)
        await _base(house, campaigns[0])
        async with house.work(supervisor) as work:
            shared = Sharing(campaign=campaigns[0], filters=[], records=Records.ALL, max=ASSIGNED, agents=agents)
            await assign(work, shared)
            await _history(work)
        await _callers(house, settings.data_dir)


async def _people(work: Work, hashed: str) -> tuple[Actor, list[int]]:
    """An administrator, a supervisor (who shares out the work) and the agents."""
    await create_user(work, "admin", "Clara Inés Muñoz", Role.ADMIN, password_hash=hashed)
    name = "Hernán Castaño"
    supervisor = Actor(
        await create_user(work, "hernan", name, Role.SUPERVISOR, password_hash=hashed), name, Role.SUPERVISOR
    )
    return supervisor, [
        await create_user(work, username, name, Role.AGENT, extension=extension, password_hash=hashed)
        for (username, name), extension in zip(AGENTS, EXTENSIONS, strict=True)
    ]


async def _campaigns(work: Work, agents: list[int]) -> list[int]:
    wanted = [
        NewCampaign(name="Recuperación de mora", type="collections", priority=2, agents=agents),
        NewCampaign(name="Soporte", type="support", mode=Mode.INBOUND, priority=1, queue=QUEUE, agents=agents),
        NewCampaign(name="Ventas hogar", type="promotion", priority=5, agents=agents[:4]),
        NewCampaign(name="Encuesta de satisfacción", type="survey", priority=7, agents=agents[4:]),
    ]
    return [(await create_campaign(work, new)).id for new in wanted]


async def _base(house: House, campaign_id: int) -> None:
    """A base is imported like every other one: a file, its columns, chunks."""
    path = Path("uploads") / "demo.csv"
    file = Path(house.data_dir) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    write_base(file, ROWS)
    scan = FileScan()
    with file.open("rb") as opened:
        while block := opened.read(1 << 16):
            scan.feed(block)
    scan.finish()
    async with house.work() as work:
        received = ReceivedFile("morosos_noviembre_2026.csv", str(path), scan)
        upload = await take_upload(work, received, UploadOptions(name="Mora noviembre 2026", campaign_id=campaign_id))
        await start_run(work, upload.id)
    await run_upload(house, job_id=upload.id)


async def _history(work: Work) -> None:
    """Contacts of the last days, so that colours and rotation can be seen; some urgent cases; always the same."""
    dice = random.Random(7)  # noqa: S311 - a demonstration
    numbers = select(Case.number, Case.customer_id, Case.campaign_id, Case.agent_id).order_by(Case.number)
    cases = (await work.session.execute(numbers)).all()
    for number, customer_id, campaign_id, agent_id in dice.sample(cases, min(CONTACTED, len(cases))):
        times = sorted(work.now - timedelta(hours=dice.uniform(1, 150)) for _ in range(dice.choice([1, 1, 2, 2, 3, 5])))
        channels = [dice.choice([Channel.CALL, Channel.CALL, *Channel]) for _ in times]
        rows = [
            {"customer_id": customer_id, "case_number": number, "campaign_id": campaign_id}
            | {"agent_id": agent_id, "channel": channel, "at": at}
            for channel, at in zip(channels, times, strict=True)
        ]
        await work.session.execute(insert(ContactAttempt), rows)
        contact = {"last_contact_at": times[-1], "last_contact_channel": channels[-1].value}
        await work.session.execute(update(Customer).where(Customer.id == customer_id).values(**contact))
        await work.session.execute(update(Case).where(Case.number == number).values(last_contact_at=times[-1]))
    ranks = [(Priority.URGENT.rank, 40), (Priority.HIGH.rank, 120), (Priority.LOW.rank, 100)]
    for rank, many in ranks:
        chosen = [number for number, *_ in dice.sample(cases, min(many, len(cases)))]
        await work.session.execute(update(Case).where(Case.number.in_(chosen)).values(priority=rank))


async def _callers(house: House, data_dir: Path) -> None:
    """Who calls: customers of the base, and some unknown numbers."""
    async with house.look() as session:
        phones = select(ContactPoint.value, Customer.full_name).join(Customer, Customer.id == ContactPoint.customer_id)
        some = phones.where(ContactPoint.kind == ContactKind.MOBILE).order_by(func.md5(ContactPoint.value)).limit(200)
        known = (await session.execute(some)).all()
    lines = [f"{value};{name}" for value, name in known]
    for place, number in enumerate(UNKNOWN_CALLERS):
        lines.insert(5 + 12 * place, f"{number};")
    callers_file(data_dir).write_text("\n".join(lines) + "\n", encoding="utf-8")

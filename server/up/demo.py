"""`atiende up --demo`: people, campaigns and bases to look at, and who calls. Made once; a second start finds them.

Names and numbers are invented; they are those of the country of the settings (`queue/bases/examples/countries.py`).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import func, select

from ...models.campaigns.campaign import Mode
from ...models.contact.channels import ContactKind
from ...models.contact.holidays import is_known
from ...models.contact.ready_made import FREQUENCY
from ...models.contact.rules import Holidays
from ...models.customers.customer import ContactPoint, Customer
from ...models.permissions import Role
from ...queue.bases.examples.countries import country_of, made_up_phone
from ...queue.bases.examples.demo_base import write_base
from ...queue.bases.file.scan import FileScan
from ...queue.bases.uploads.lifecycle import start_check, start_run
from ...queue.bases.uploads.options import UploadOptions
from ...queue.bases.uploads.taking import ReceivedFile, take_upload
from ...queue.bases.uploads.worker import run_upload
from ...queue.campaigns.assignment import Sharing, assign
from ...queue.campaigns.form import NewCampaign
from ...queue.campaigns.lifecycle import create_campaign
from ...queue.campaigns.rule_packs import NewPack, create_pack
from ...queue.customers.filter import Records
from ...queue.people.users import create_user, has_users
from ...queue.work import Actor, House, Work
from ..connections import connections
from ..identity.passwords import Passwords
from ..settings import Settings
from .demo_day import fill_day
from .demo_password import demo_password, replace_known
from .demo_pbx import EXTENSIONS, QUEUE, callers_file

SignIn = tuple[str, str, str]

AGENTS = {
    "es": ["Paola Andrea Rincón", "Julián Ortega Ruiz", "María Gómez", "Iván Peña Solano", "Mónica Tréllez",
           "Héctor Muñoz Gil", "Lorena Ávila Ríos", "Sandra Niño Vega"],
    "pt": ["Paola Andrade Lima", "Juliano Ribeiro", "Maria Gomes", "Ivan Pereira", "Mônica Teles",
           "Heitor Moniz", "Lorena Rios", "Sandra Nunes"],
    "en": ["Paula Reed", "Julian Hart", "Mary Gordon", "Ivan Cole", "Monica Wells",
           "Hector Boyd", "Lorna Rivers", "Sandra Quinn"],
}  # fmt: skip
USERNAMES = ("paola", "julian", "maria", "ivan", "monica", "hector", "lorena", "sandra")
BOSSES = {
    "es": ("Clara Inés Muñoz", "Hernán Castaño"),
    "pt": ("Clara Moraes", "Hernani Castanho"),
    "en": ("Clara Moore", "Herman Chase"),
}
# Campaigns: collections, support, sales, survey; then the bases; then the pack of rules.
NAMES = {
    "es": ("Recuperación de mora", "Soporte", "Ventas hogar", "Encuesta de satisfacción", "Mora del mes",
           "Clientes para venta", "Mora del mes que viene", "Horarios y topes de ventas"),
    "pt": ("Recuperação de inadimplência", "Suporte", "Vendas residenciais", "Pesquisa de satisfação",
           "Inadimplência do mês", "Clientes para venda", "Inadimplência do mês que vem",
           "Horários e limites de vendas"),
    "en": ("Collections", "Support", "Home sales", "Satisfaction survey", "Overdue this month",
           "Customers to sell to", "Overdue next month", "Hours and limits of sales"),
}  # fmt: skip
LEFT_ALONE = 2  # agents for whoever looks to sign in as; the others work by themselves
ROWS, SALES, NEXT = 1_200, 300, 240
ASSIGNED = 240
KNOWN_CALLERS, UNKNOWN_CALLERS = 200, 20


def prepare_demo(settings: Settings) -> list[SignIn]:
    """Make the demonstration unless there are users already; the sign-ins (name, password, role)."""
    asyncio.run(_prepare(settings))
    password = demo_password(settings)
    people = [("admin", password, "administrador"), ("hernan", password, "supervisor")]
    return [*people, *((username, password, "agente") for username in USERNAMES[:LEFT_ALONE])]


def close_demo(settings: Settings) -> list[str]:
    """Take the known password from the demonstration's people, because others can reach us; who had it."""

    async def close() -> list[str]:
        async with connections(settings) as opened:
            names = ["admin", "hernan", *USERNAMES]
            return await replace_known(opened.house, settings, names)

    return asyncio.run(close())


def at_home(settings: Settings) -> Settings:
    """The settings with the clock and the language of their country, where these were not said."""
    country, said = country_of(settings.default_region), settings.model_fields_set
    if "default_region" not in said:
        return settings
    usual = {"time_zone": country.time_zone, "locale": country.language}
    return settings.with_values(**{name: value for name, value in usual.items() if name not in said})


async def _prepare(settings: Settings) -> None:
    async with connections(settings) as opened:
        house = opened.house
        language = country_of(house.region).language
        async with house.work() as work:
            if await has_users(work):
                return
            hashed = await Passwords().hash(demo_password(settings))
            supervisor, agents = await _people(work, hashed, language)
            campaigns = await _campaigns(work, agents, language)
        for_debts, for_sales, next_month = NAMES[language][4:7]
        await _base(house, for_debts, ROWS, campaign=campaigns[0])
        await _base(house, for_sales, SALES, campaign=campaigns[2], first=50_000)
        await _base(house, next_month, NEXT, campaign=campaigns[0], first=90_000, stored=False)
        async with house.work(supervisor) as work:
            shared = Sharing(campaign=campaigns[0], filters=[], records=Records.ALL, max=ASSIGNED, agents=agents)
            await assign(work, shared)
            await fill_day(work, campaigns, agents)
        await _callers(house, settings.data_dir)


async def _people(work: Work, hashed: str, language: str) -> tuple[Actor, list[int]]:
    """An administrator, a supervisor (who shares out the work) and the agents."""
    admin, name = BOSSES[language]
    await create_user(work, "admin", admin, Role.ADMIN, password_hash=hashed)
    supervisor = Actor(
        await create_user(work, "hernan", name, Role.SUPERVISOR, password_hash=hashed), name, Role.SUPERVISOR
    )
    return supervisor, [
        await create_user(work, username, name, Role.AGENT, extension=extension, password_hash=hashed)
        for username, name, extension in zip(USERNAMES, AGENTS[language], EXTENSIONS, strict=True)
    ]


async def _campaigns(work: Work, agents: list[int], language: str) -> list[int]:
    debts, support, sales, survey = NAMES[language][:4]
    holidays = Holidays(country=work.house.region) if is_known(work.house.region) else None
    rules = FREQUENCY.model_copy(update={"holidays": holidays})
    pack = await create_pack(work, NewPack(name=NAMES[language][7], rules=rules))
    wanted = [
        NewCampaign(name=debts, type="collections", priority=2, agents=agents),
        NewCampaign(name=support, type="support", mode=Mode.INBOUND, priority=1, queue=QUEUE, agents=agents),
        NewCampaign(name=sales, type="promotion", priority=5, agents=agents[:4], rule_pack=pack.id),
        NewCampaign(name=survey, type="survey", priority=7, agents=agents[4:]),
    ]
    return [(await create_campaign(work, new)).id for new in wanted]


async def _base(house: House, name: str, rows: int, *, campaign: int, first: int = 0, stored: bool = True) -> None:
    """A base is imported like every other one: a file, its columns, chunks. One that is not `stored` is only tried."""
    path = Path("uploads") / f"demo-{first}.csv"
    file = Path(house.data_dir) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    write_base(file, rows, first=first, region=house.region)
    scan = FileScan()
    with file.open("rb") as opened:
        while block := opened.read(1 << 16):
            scan.feed(block)
    scan.finish()
    async with house.work() as work:
        received = ReceivedFile(f"{name}.csv", str(path), scan)
        upload = await take_upload(work, received, UploadOptions(name=name, campaign_id=campaign))
        await (start_run if stored else start_check)(work, upload.id)
    await run_upload(house, job_id=upload.id)


async def _callers(house: House, data_dir: Path) -> None:
    """Who calls: customers of the base, and some unknown numbers."""
    async with house.look() as session:
        phones = select(ContactPoint.value, Customer.full_name).join(Customer, Customer.id == ContactPoint.customer_id)
        some = (
            phones.where(ContactPoint.kind == ContactKind.MOBILE)
            .order_by(func.md5(ContactPoint.value))
            .limit(KNOWN_CALLERS)
        )
        known = (await session.execute(some)).all()
    lines = [f"{value};{name}" for value, name in known]
    unknown = (made_up_phone(house.region, 9_000_001 + place, mobile=True) for place in range(UNKNOWN_CALLERS))
    lines += [f"{number.replace(' ', '').replace('-', '')};" for number in unknown]
    callers_file(data_dir).write_text("\n".join(lines) + "\n", encoding="utf-8")

"""`/auditoria`: the rows of a page as they are shown, and what the filter offers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.audit.actions import KINDS, terms_of
from ...models.audit.entries import COUNTED, AuditEntry, AuditFilter, AuditPage, day_counts
from ...models.audit.settings_row import settings_row
from ...models.audit.subjects import subject_names
from ...models.audit.words import FIELDS, ROLES, SORTS, VALUES
from ...models.identity.browsers import browser_name
from ...models.refused import N_
from ...models.rows.person import users_shut_out_last

Say = Callable[[str], str]
_PLACES = {
    "campaign": "/campanas?campana={}",
    "case": "/casos/{}",
    "customer": "/clientes/{}",
    "import": "/bases/cargas/{}",
    "rule_pack": "/reglas",
    "user": "/usuarios",
}
_LONG = 200  # characters of a value that are shown


@dataclass(frozen=True, slots=True)
class Change:
    """A field, what it was and what it is; of a plain fact `before` is none."""

    name: str
    after: str | datetime
    before: str | datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A row on the screen. `changes` have an old value, `facts` are what else is known."""

    entry: AuditEntry
    who: str
    role: str
    icon: str
    says: str
    hue: str
    about: str
    place: str
    changes: list[Change]
    facts: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day on this page; `count` of all that fit on it, none when there are too many to count."""

    at: datetime
    count: int | None
    rows: list[Shown]


async def gather_audit(
    session: AsyncSession, page: AuditPage, which: AuditFilter, zone: ZoneInfo, say: Say
) -> dict[str, Any]:
    """The rows by days, how many there are, and the choices of the filter."""
    names = await subject_names(session, {entry.subject for entry in page.items})
    counts = await day_counts(session, which, zone.key)
    total = sum(counts.values())
    shown = [_shown(entry, names, say) for entry in page.items]
    people = [{"id": user.id, "name": user.name} for user in await users_shut_out_last(session)]
    return {
        "days": list(_by_day(shown, counts if total <= COUNTED else {}, zone)),
        "total": min(total, COUNTED),
        "more_than": total > COUNTED,
        "next": page.next,
        "people": people,
        "kinds": {kind.value: terms.name for kind, terms in KINDS.items()},
        "sorts": SORTS,
        "settings": await settings_row(session),
    }


def _by_day(shown: Iterable[Shown], counts: Mapping[date, int], zone: ZoneInfo) -> Iterable[Day]:
    for day, rows in groupby(shown, key=lambda row: row.entry.at.astimezone(zone).date()):
        of_day = list(rows)
        yield Day(of_day[0].entry.at, counts.get(day), of_day)


def _shown(entry: AuditEntry, names: Mapping[str, str], say: Say) -> Shown:
    terms = terms_of(entry.action)
    fields = dict.fromkeys((*entry.before, *entry.after))
    changes = [
        Change(_field(name, say), _value(name, entry.after.get(name), say), _value(name, entry.before.get(name), say))
        for name in fields
    ]
    facts = [
        Change(_field(name, say), _value(name, value, say))
        for name, value in entry.detail.items()
        if name not in ("fields", "browser") and value not in (None, "", [], {})
    ]
    if "password_hash" in entry.detail.get("fields", ()):
        facts.append(Change(_field("password_hash", say), say(N_("cambió"))))
    if browser := entry.detail.get("browser"):
        facts.insert(0, Change(_field("browser", say), browser_name(str(browser))))
    sort, _, key = entry.subject.partition(":")
    return Shown(
        entry=entry,
        who=_who(entry),
        role=say(ROLES[entry.actor.role]) if entry.actor else "",
        icon=terms.icon,
        says=say(terms.says),
        hue=terms.hue or KINDS[terms.kind].hue,
        about=_about(sort, key, names.get(entry.subject), say),
        place=_PLACES[sort].format(key) if sort in _PLACES and entry.subject in names else "",
        changes=changes,
        facts=facts,
    )


def _who(entry: AuditEntry) -> str:
    if entry.actor:
        return entry.actor.name
    sort, _, key = entry.subject.partition(":")
    return f"«{key}»" if sort == "username" else "Atiende"


def _about(sort: str, key: str, name: str | None, say: Say) -> str:
    if sort == "case":
        return " · ".join(part for part in (say(N_("Caso %(number)s")) % {"number": key}, name) if part)
    if name:
        return name
    if sort in ("door", "username"):
        return key
    word = say(SORTS[sort]) if sort in SORTS else ""
    return " ".join(part for part in (word, "" if sort == "setting" else key) if part)


def _field(name: str, say: Say) -> str:
    return say(FIELDS[name]) if name in FIELDS else name


def _value(name: str, value: Any, say: Say) -> str | datetime:
    """A value in words: codes by their table, times as moments, the rest as it is, but not too much of it."""
    if value is None or value == "":
        return "–"
    if name == "counts" and isinstance(value, dict):
        return say(N_("%(cases)s a %(agents)s agentes")) % {"cases": sum(value.values()), "agents": len(value)}
    if isinstance(value, bool):
        return say(N_("sí")) if value else say(N_("no"))
    if isinstance(value, str) and value in VALUES.get(name, {}):
        return say(VALUES[name][value])
    if isinstance(value, str):
        return _moment(value) or value[:_LONG]
    return str(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)[:_LONG]


def _moment(text: str) -> datetime | None:
    if len(text) < 19 or text[4:5] != "-" or text[10:11] != "T":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None

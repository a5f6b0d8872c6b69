"""What the audit's rows are about, by the names that people know: "user:3" is Paola Rincón."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..bases.upload import Upload
from ..campaigns.campaign import Campaign, CampaignType
from ..cases.case import Case
from ..contact.rule_pack import RulePack
from ..customers.customer import Customer, CustomerBase
from ..people.user import User

_NAMES: dict[str, Any] = {
    "base": select(CustomerBase.id, CustomerBase.name),
    "campaign": select(Campaign.id, Campaign.name),
    "campaign_type": select(CampaignType.id, CampaignType.name),
    "case": select(Case.number, Customer.full_name).join(Customer, Customer.id == Case.customer_id),
    "customer": select(Customer.id, Customer.full_name),
    "import": select(Upload.id, Upload.base_name),
    "rule_pack": select(RulePack.id, RulePack.name),
    "user": select(User.id, User.name),
}
SORTS = (*_NAMES, "username", "door", "setting", "audit", "installation")


async def subject_names(session: AsyncSession, subjects: Iterable[str]) -> dict[str, str]:
    """The names of these things; what is gone, or has no name, is missing."""
    keys: dict[str, set[Any]] = defaultdict(set)
    for subject in subjects:
        sort, _, key = subject.partition(":")
        if sort == "import":
            keys[sort].add(key)
        elif sort in _NAMES and key.isascii() and key.isdigit() and len(key) < 19:
            keys[sort].add(int(key))
    names = {}
    for sort, wanted in keys.items():
        statement = _NAMES[sort]
        key_column = statement.selected_columns[0]
        for key, name in await session.execute(statement.where(key_column.in_(wanted))):
            names[f"{sort}:{key}"] = name or ""
    return names

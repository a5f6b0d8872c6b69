"""The facts that Python, templates and the browser share: one table each, and what is made from it is current."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import get_args

from atiende.models.campaigns.result_actions import RESULT_ACTIONS, ResultAction
from atiende.models.cases.priorities import PRIORITIES, Priority, PriorityWord
from atiende.models.cases.sections import SECTION_OF, SECTIONS, Section
from atiende.models.contact.channels import CHANNELS, CONTACT_KINDS, Channel, ContactKind
from atiende.models.contact.rule_kinds import SENTENCES, RuleKind
from atiende.models.customers.service_states import SERVICE_STATES, ServiceState

TOP = Path(__file__).resolve().parents[2]


def test_the_module_of_the_browser_is_current() -> None:
    checked = subprocess.run([TOP / "scripts/write_terms", "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_every_table_has_all_of_its_things_in_order() -> None:
    assert list(CHANNELS) == list(Channel)
    assert list(CONTACT_KINDS) == list(ContactKind)
    assert list(SERVICE_STATES) == list(ServiceState)
    assert list(SECTIONS) == list(Section)
    assert list(SECTION_OF) == list(ServiceState)
    assert list(PRIORITIES) == list(Priority) == list(get_args(PriorityWord))
    assert list(RESULT_ACTIONS) == list(ResultAction)
    assert set(SENTENCES) == set(RuleKind)


def test_every_icon_of_a_fact_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([\w-]+)"', (TOP / "web/templates/frame/sprite.html").read_text()))
    tables = (CHANNELS, CONTACT_KINDS, SERVICE_STATES, SECTIONS, PRIORITIES, RESULT_ACTIONS)
    icons = {facts.icon for table in tables for facts in table.values()}
    icons |= {facts.form_icon for facts in RESULT_ACTIONS.values()}
    assert icons - sprite == set()

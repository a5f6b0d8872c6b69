"""Collects every sentence of the program into `locale/atiende.pot`, the template of the translations."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "web" / "locale" / "atiende.pot"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**/vendor/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.js", "javascript")]
ROOMS = ("models", "telephony", "realtime", "queue", "web", "server")


def collect() -> Catalog:
    """All sentences with the files they stand in; no line numbers, so that moving code changes nothing."""
    found = Catalog(project="Atiende", domain="atiende", charset="utf-8", fuzzy=False)
    for room in ROOMS:
        messages = extract_from_dir(ROOT / room, METHODS, {"**.html": {"extensions": "jinja2.ext.do"}}, KEYWORDS)
        for file, _line, sentence, comments, context in messages:
            found.add(sentence, locations=[(f"{room}/{file}", 0)], auto_comments=comments, context=context)
    return found


def template() -> str:
    """The template as a text: sorted, and without the date it was made."""
    out = io.BytesIO()
    write_po(out, collect(), sort_output=True, omit_header=True, include_lineno=False, width=0)
    return out.getvalue().decode()


def write_template() -> int:
    """Write the template; how many sentences it has."""
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(template())
    return len(collect())

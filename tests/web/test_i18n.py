"""Languages: every sentence is collected, a translation needs one file, the browser gets its own sentences."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from atiende.web.extraction import ROOT, TEMPLATE, of_modules, template
from atiende.web.formats import Formats
from atiende.web.i18n import Tongues
from atiende.web.static_files import translations_module

ENGLISH = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: models/refused/general.py
msgid "No se encontró."
msgstr "Not found."

#: web/static/users/users.js
msgid "Guardar"
msgstr "Save"

#: web/static/users/users.js
msgid "%(count)s persona"
msgid_plural "%(count)s personas"
msgstr[0] "%(count)s person"
msgstr[1] "%(count)s people"

#: web/formats.py
msgid "hace %(minutes)s min"
msgstr "%(minutes)s min ago"
"""


@pytest.fixture
def tongues(tmp_path: Path) -> Tongues:
    file = tmp_path / "en" / "LC_MESSAGES" / "atiende.po"
    file.parent.mkdir(parents=True)
    file.write_text(ENGLISH)
    return Tongues(tmp_path)


def test_the_template_of_the_translations_is_current() -> None:
    assert TEMPLATE.read_text() == template(), "run scripts/extract_words"


def test_the_template_has_the_sentences_of_every_room_and_language() -> None:
    text = template()
    for sentence in ("No se encontró.", "DESCONECTADO", "Contraseña", "hace %(minutes)s min", "Vacía: se da un enlace"):
        assert sentence in text, sentence


def test_a_person_reads_the_language_he_chose_else_his_browsers_else_the_installations(tongues: Tongues) -> None:
    assert tongues.choose(None, "fr, en;q=0.8, es;q=0.5").locale == "en"
    assert tongues.choose("es", "en").locale == "es"
    assert tongues.choose("es_MX", "").locale == "es"
    assert tongues.choose("xx", "zz").locale == "es"
    assert tongues.choose(None, "*;q=broken,,;;=" * 50).locale == "es"


def test_sentences_are_translated_here_and_in_the_browser(tongues: Tongues) -> None:
    english = tongues.choose("en")
    assert english.say("No se encontró.") == "Not found."
    assert english.say("No existe en el catálogo") == "No existe en el catálogo"
    module = translations_module(english).decode()
    assert '"Guardar":"Save"' in module and '["%(count)s person","%(count)s people"]' in module
    assert "Not found" not in module and 'LOCALE = "en"' in module


def test_times_and_numbers_read_as_in_the_country(tongues: Tongues) -> None:
    spanish = Formats.of(tongues.choose("es"), "CO", ZoneInfo("America/Bogota"))
    now = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # 15:00 in Bogotá
    assert spanish.when(now - timedelta(minutes=12), now) == "hace 12 min"
    assert spanish.when(now - timedelta(hours=4, minutes=18), now) == "10:42"
    assert spanish.when(now - timedelta(days=1), now) == "ayer 15:00"
    assert spanish.day(now + timedelta(days=5), now) == "jue 26 nov"
    assert spanish.day(now, now) == "hoy"
    assert spanish.clock(now, seconds=True) == "15:00:00"
    assert spanish.ago(now - timedelta(days=6), now) == "hace 6 días"
    assert spanish.duration(187) == "03:07"
    assert spanish.duration(5 * 3600 + 43 * 60 + 5) == "5 h 43 min"
    assert spanish.money(Decimal("184900")).replace("\xa0", " ") == "$ 184.900"
    assert spanish.number(12345.5, 1) == "12.345,5"
    assert Formats.of(tongues.choose("en"), "CO", ZoneInfo("UTC")).ago(now - timedelta(minutes=3), now) == "3 min ago"


def test_sentences_inside_of_template_strings_are_collected_and_those_in_comments_are_not() -> None:
    code = """/** say `_("not this")` */
    const a = `${b ? ` ${_("Uno \\"y\\" dos")}` : ""}${ngettext("1 cosa", '%(n)s cosas', n)}`;
    // nor _("this"), but: https://x/y
    other_("no"), my._("no"), _('sí'), _("en " +
      "dos");"""
    found = [said for _line, _name, said, _comments in of_modules(io.BytesIO(code.encode()), (), (), None)]
    assert found == ['Uno "y" dos', ("1 cosa", "%(n)s cosas"), "sí", "en dos"]


UNKNOWN_PIECE = re.compile(r"(?<![\w.$])(?:_|ngettext)\(\s*\"[^\"]*\"(?:\s*\+\s*\"[^\"]*\")*\s*\+\s*[^\s\"]")


def test_no_module_says_a_sentence_that_is_put_together_elsewhere() -> None:
    """`_(name)` cannot be collected: a sentence stands where it is translated."""
    static = ROOT / "web" / "static"
    modules = [file for file in sorted(static.rglob("*.js")) if "vendor" not in file.parts]
    assert len(modules) > 50
    for module in modules:
        if module.name != "gettext.js":
            assert not re.findall(r"(?<![\w.$])(?:_|ngettext)\((?!\s*[\"'])[^)]*\)", module.read_text()), module.name
            assert not UNKNOWN_PIECE.findall(module.read_text()), module.name

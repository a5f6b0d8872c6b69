"""Collects every sentence of the program into `locale/atiende.pot`, and carries the translations along.

A translation is `locale/<language>/LC_MESSAGES/atiende.po`. Collecting keeps what is translated, drops what is no
longer said, and adds what is new with no translation, which a test then refuses.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "web" / "locale"
TEMPLATE = FOLDER / "atiende.pot"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS = {"**.html": {"extensions": "jinja2.ext.do"}}
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
_LITERAL = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_TEXT = rf"({_LITERAL}(?:\s*\+\s*{_LITERAL})*)"  # a long sentence is written in pieces: "…" + "…"
_SAID = re.compile(rf"(?<![\w.$])(?:_\(\s*{_TEXT}|(ngettext)\(\s*{_TEXT}\s*,\s*{_TEXT})")
ROOMS = ("models", "telephony", "realtime", "queue", "web", "server")
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def of_modules(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterable[tuple[int, str | None, Any, list[str]]]:
    """The sentences of a module. Babel's own reader loses those inside of nested template strings."""
    code = _COMMENT.sub(" ", file.read().decode())
    for one, several, first, second in _SAID.findall(code):
        said = (_plain(first), _plain(second)) if several else _plain(one)
        yield 0, "ngettext" if several else "_", said, []


def _plain(text: str) -> str:
    return "".join(re.sub(r"\\(.)", r"\1", literal[1:-1]) for literal in re.findall(_LITERAL, text))


METHODS: list[tuple[str, Any]] = [
    ("**/vendor/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.js", of_modules),
]


def collect(locale: Locale | None = None) -> Catalog:
    """All sentences with the files they stand in; no line numbers, so that moving code changes nothing."""
    found = Catalog(locale, project="Atiende", domain="atiende", charset="utf-8", fuzzy=False)
    for room in ROOMS:
        messages = extract_from_dir(ROOT / room, METHODS, OPTIONS, KEYWORDS)
        for file, _line, sentence, comments, context in messages:
            found.add(sentence, locations=[(f"{room}/{file}", 0)], auto_comments=comments, context=context)
    return found


def template() -> str:
    """The template as a text: sorted, and without the date it was made."""
    return _written(collect())


def write_template() -> int:
    """Write the template and carry every translation along; how many sentences there are."""
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(template())
    for file in translations():
        file.write_text(carried(file))
    return len(collect())


def translations() -> list[Path]:
    """The file of each language there is a translation for."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/atiende.po"))


def carried(file: Path) -> str:
    """The translation in `file` with exactly the sentences that the program has now."""
    locale = Locale.parse(file.parts[-3])
    with file.open("rb") as po:
        known = read_po(po, locale=locale)
    now = collect(locale)
    for message in now:
        if message.id and (before := known.get(message.id, message.context)) and _same_kind(before, message):
            message.string = before.string
    return _HEADER.format(language=locale, plural=get_plural(locale).plural_forms) + _written(now)


def _same_kind(one: Message, other: Message) -> bool:
    return bool(one.pluralizable) == bool(other.pluralizable)


def _written(catalogue: Catalog) -> str:
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, omit_header=True, include_lineno=False, width=0)
    return out.getvalue().decode()

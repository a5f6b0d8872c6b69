"""Languages: gettext catalogues compiled in memory when the process starts, and the choice among them.

The sentence itself, in Spanish, is the msgid. `locale/es` may override single sentences (another country's word);
a translation is `locale/<language>/LC_MESSAGES/atiende.po` and needs nothing else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "atiende"
_ACCEPTED = re.compile(r"([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")
SOURCE = "es"  # the language of the msgids


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: `texts` translates, `browser` holds the sentences of the JavaScript modules."""

    locale: str
    texts: GNUTranslations
    browser: dict[str, Any]

    def say(self, sentence: str, **values: Any) -> str:
        """The sentence in this language, its named places filled in."""
        text = self.texts.gettext(sentence)
        return text % values if values else text


class Tongues:
    """All languages there are. `default` answers who asks for none of them."""

    def __init__(self, folder: Path = FOLDER, default: str = SOURCE) -> None:
        files = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
        self.all = {file.parts[-3]: _tongue(file.parts[-3], file) for file in files}
        if SOURCE not in self.all:
            self.all[SOURCE] = _compiled(SOURCE, Catalog(SOURCE))
        self.default = self._match(default) or self.all[SOURCE]

    def choose(self, wanted: str | None, accept_language: str = "") -> Tongue:
        """The language a person chose, else the best of what the browser accepts, else the installation's."""
        for locale in (wanted or "", *_by_quality(accept_language)):
            if tongue := self._match(locale):
                return tongue
        return self.default

    def _match(self, locale: str) -> Tongue | None:
        name = locale.replace("-", "_")
        return self.all.get(name) or self.all.get(name.partition("_")[0].lower())


def _tongue(locale: str, file: Path) -> Tongue:
    with file.open("rb") as po:
        return _compiled(locale, read_po(po, locale=locale))


def _compiled(locale: str, catalogue: Catalog) -> Tongue:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    browser = {_id(message): message.string for message in catalogue if _for_browser(message) and message.string}
    return Tongue(locale, GNUTranslations(compiled), browser)


def _for_browser(message: Message) -> bool:
    files: Iterable[str] = (file for file, _line in message.locations)
    return bool(message.id) and any(file.endswith(".js") for file in files)


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _by_quality(accept_language: str) -> list[str]:
    """Locales of an Accept-Language header, most wanted first."""
    found = _ACCEPTED.findall(accept_language[:200])
    ranked = sorted(((float(quality or 1), locale) for locale, quality in found), key=lambda x: -x[0])
    return [locale for quality, locale in ranked if quality > 0]

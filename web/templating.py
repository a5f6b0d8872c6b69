"""Templates: one Jinja environment for each language, everything escaped, the formats as filters.

The tables of terms in `models/` are globals in capitals; their names are msgids: `{{ _(CHANNELS.call.name) }}`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from ..models.campaigns.result_actions import RESULT_ACTIONS
from ..models.cases.priorities import PRIORITIES
from ..models.cases.sections import SECTIONS
from ..models.contact.channels import CHANNELS
from ..models.customers.fields import ACCOUNT_FIELDS, FORM_FIELDS
from ..models.customers.service_states import SERVICE_STATES
from .formats import Formats
from .i18n import Tongue, Tongues
from .static_files import BuildFiles

FOLDER = Path(__file__).parent / "templates"


class Templates:
    """Draws templates in a person's language."""

    def __init__(self, tongues: Tongues, region: str, zone: ZoneInfo, files: BuildFiles) -> None:
        self._environments = {
            name: environment(tongue, Formats.of(tongue, region, zone), files) for name, tongue in tongues.all.items()
        }
        languages = sorted((name, _own_name(name)) for name in tongues.all)
        for made in self._environments.values():
            made.globals["languages"] = languages

    def draw(self, name: str, tongue: Tongue, values: dict[str, Any]) -> str:
        """The template filled in."""
        return self._environments[tongue.locale].get_template(name).render(values)


def _own_name(locale: str) -> str:
    """`English`, `Español`: a language as who speaks it writes it in a list."""
    name = Locale.parse(locale).get_display_name() or locale
    return name[0].upper() + name[1:]


def environment(tongue: Tongue, formats: Formats, files: BuildFiles) -> Environment:
    """The environment of one language."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(tongue.texts, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(_sentences(tongue))
    made.filters.update(
        clock=formats.clock,
        day=formats.day,
        when=formats.when,
        ago=formats.ago,
        duration=formats.duration,
        number=formats.number,
        money=formats.money,
    )
    made.globals.update(
        ACCOUNT_FIELDS=ACCOUNT_FIELDS,
        CHANNELS=CHANNELS,
        FORM_FIELDS=FORM_FIELDS,
        PRIORITIES=PRIORITIES,
        RESULT_ACTIONS=RESULT_ACTIONS,
        SECTIONS=SECTIONS,
        SERVICE_STATES=SERVICE_STATES,
    )
    made.globals.update(
        static=lambda file: files.address(tongue.locale, file),
        needs=files.needs,
        locale=tongue.locale,
        format_locale=str(formats.locale).replace("_", "-"),
        time_zone=formats.zone.key,
    )
    return made


def _sentences(tongue: Tongue) -> dict[str, Callable[..., Markup]]:
    """Jinja's own functions of these names, but that they need no context: those copy it at each call in a macro or
    loop, a fifth of the time that a page takes. Values put into a sentence are escaped, the sentence is not."""
    texts = tongue.texts

    @lru_cache(4096)  # more than the templates have; nine in ten take no values
    def plain(sentence: str) -> Markup:
        return Markup(texts.gettext(sentence)) % {}  # noqa: S704 - our own sentences

    def gettext(sentence: str, /, **values: Any) -> Markup:
        if not values:
            return plain(sentence)
        return Markup(texts.gettext(sentence)) % values  # noqa: S704 - our own sentences

    def ngettext(one: str, many: str, number: int, /, **values: Any) -> Markup:
        return Markup(texts.ngettext(one, many, number)) % {"num": number, **values}  # noqa: S704

    return {"gettext": gettext, "_": gettext, "ngettext": ngettext}

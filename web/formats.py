"""How times, numbers and money read on a screen: `10:42`, `jue 26 nov`, `ayer 09:15`, `hace 12 min`, `03:07`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_territory_currencies

from .i18n import Tongue

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Formats:
    """The habits of one language in one installation; `region` gives the currency."""

    tongue: Tongue
    locale: Locale
    zone: ZoneInfo
    region: str

    @classmethod
    def of(cls, tongue: Tongue, region: str, zone: ZoneInfo) -> Formats:
        """The language as that country writes it when Babel knows of it (`es_CO`), else the plain language."""
        try:
            locale = Locale.parse(f"{tongue.locale.partition('_')[0]}_{region}")
        except (ValueError, UnknownLocaleError):
            # English outside of the countries that speak it: day before month, as the pages' own patterns have it
            locale = Locale.parse("en_001" if tongue.locale == "en" else tongue.locale)
        return cls(tongue, locale, zone, region)

    def clock(self, at: datetime | None, seconds: bool = False) -> str:
        """`10:42`, or `10:42:07` where truth depends on the second; empty for no time."""
        if at is None:
            return ""
        return format_time(at.astimezone(self.zone), "HH:mm:ss" if seconds else "HH:mm", locale=self.locale)

    def day(self, at: datetime | date | None, now: datetime | None = None) -> str:
        """`hoy`, `ayer`, `mañana`, else `jue 26 nov`, with the year when it is another one."""
        if at is None:
            return ""
        day = at.astimezone(self.zone).date() if isinstance(at, datetime) else at
        today = (now or datetime.now(UTC)).astimezone(self.zone).date()
        _ = self.tongue.texts.gettext
        near = {0: _("hoy"), -1: _("ayer"), 1: _("mañana")}.get((day - today).days)
        if near:
            return near
        pattern = "EEE d MMM" if day.year == today.year else "d MMM y"
        return format_date(day, pattern, locale=self.locale).replace(".", "")

    def when(self, at: datetime | None, now: datetime | None = None) -> str:
        """How a list says a time: `hace 12 min` in the last hour, `10:42` today, else day and time."""
        if at is None:
            return ""
        now = now or datetime.now(UTC)
        passed = (now - at).total_seconds()
        if 0 <= passed < HOUR:
            return self.ago(at, now)
        same_day = at.astimezone(self.zone).date() == now.astimezone(self.zone).date()
        return self.clock(at) if same_day else f"{self.day(at, now)} {self.clock(at)}"

    def ago(self, at: datetime | None, now: datetime | None = None) -> str:
        """`ahora`, `hace 12 min`, `hace 3 h`, `hace 6 días`."""
        if at is None:
            return ""
        passed = max((now or datetime.now(UTC)) - at, timedelta(0))
        minutes, texts = int(passed.total_seconds()) // 60, self.tongue.texts
        if minutes < 1:
            return texts.gettext("ahora")
        if minutes < 60:
            return texts.gettext("hace %(minutes)s min") % {"minutes": minutes}
        if minutes < 24 * 60:
            return texts.gettext("hace %(hours)s h") % {"hours": minutes // 60}
        return texts.ngettext("hace %(days)s día", "hace %(days)s días", passed.days) % {"days": passed.days}

    def duration(self, seconds: float | None) -> str:
        """`03:07`, and `1 h 02 min` from an hour on."""
        if seconds is None:
            return ""
        minutes, rest = divmod(max(int(seconds), 0), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self.tongue.texts.gettext("%(h)s h %(m)s min") % {"h": hours, "m": f"{minutes:02}"}
        return f"{minutes:02}:{rest:02}"

    def number(self, value: float | Decimal | None, decimals: int | None = None) -> str:
        """With the thousands and decimals of the country; `decimals` fixes how many."""
        if value is None:
            return ""
        pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def money(self, value: Decimal | float | None) -> str:
        """In the country's currency; without cents when there are none."""
        if value is None:
            return ""
        currencies = get_territory_currencies(self.region) or ["USD"]
        cents = Decimal(str(value)) % 1 != 0
        pattern = "¤ #,##0.00" if cents else "¤ #,##0"
        return format_currency(value, currencies[0], format=pattern, locale=self.locale, currency_digits=False)

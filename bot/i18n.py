"""Words in the person's language: catalogs, plurals, dates, numbers, distances.

English is the language of the source; `locales/<locale>/LC_MESSAGES/wayside.po` holds what people read.
The locale is set for the length of one turn by `speaking`.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.home import HOME_ZONE

LOCALES = ("zh_CN", "en")
DEFAULT_LOCALE = "zh_CN"
LOCALES_DIR = Path(__file__).resolve().parent.parent / "locales"
DOMAIN = "wayside"

METRES_PER_KM = 1000
# Below this a distance is said in metres: "950 m" reads better than "0.9 km".
LAST_IN_METRES = 950
# Smaller whole numbers have no separators, and Babel takes its time.
_GROUPED = 1000

# Between a number and its unit stands a space, in Chinese as well: Babel's Chinese has none.
_BEFORE_UNIT = re.compile(r"(?<=[0-9])(?=[\u4e00-\u9fff])")
_FORMATTING = re.compile(r"([\\*_`\[\]])")


def escape(value: object) -> str:
    """Any value as it is, with nothing in it that could format, link or mention."""
    text = str(value)
    return _FORMATTING.sub(r"\\\1", text) if _FORMATTING.search(text) else text


def _as_data(value: object) -> object:
    """A value on its way into a Phrase. A number holds nothing that formats, and may take a format."""
    return value if isinstance(value, Phrase | int | float) else escape(value)


class Phrase(str):
    """A text of ours in the Markdown subset of `talk.markup`; what is put into it is data.

    Every plain `str` is data: only a Phrase may format.
    """

    __slots__ = ()

    def format(self, *args: object, **values: object) -> Phrase:
        """Fill the placeholders; values that are no Phrase are escaped."""
        filled = {name: _as_data(value) for name, value in values.items()}
        return Phrase(str.format(self, *map(_as_data, args), **filled))

    def __add__(self, other: str) -> Phrase:
        return Phrase(str.__add__(self, other if isinstance(other, Phrase) else escape(other)))


def plain(value: str) -> Phrase:
    """User text as a Phrase that shows exactly that text."""
    return value if isinstance(value, Phrase) else Phrase(escape(value))


def join(parts: list[Phrase], separator: str = "\n") -> Phrase:
    """Phrases one after another, as str.join does it."""
    return Phrase(separator.join(parts))


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters; one that was cut off ends with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Catalog:
    """One locale's translations, by message id."""

    locale: str
    singular: dict[str, Phrase]
    plurals: dict[str, tuple[Phrase, ...]]
    plural_form: Callable[[int], int]


@cache
def catalog(locale: str) -> Catalog:
    """Read a catalog; the .po file is the source, nothing compiled is kept."""
    with (LOCALES_DIR / locale / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        source = read_po(file, locale=locale)
    singular: dict[str, Phrase] = {}
    plurals: dict[str, tuple[Phrase, ...]] = {}
    for message in source:
        if not message.id:
            continue
        if isinstance(message.id, str):
            if message.string:
                singular[message.id] = Phrase(message.string)
        elif all(message.string or ()):
            plurals[message.id[0]] = tuple(Phrase(form) for form in message.string or ())
    return Catalog(locale, singular, plurals, gettext.c2py(source.plural_expr))


_current: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Everything inside is said in this locale."""
    token = _current.set(locale)
    try:
        yield
    finally:
        _current.reset(token)


def current_locale() -> str:
    """The locale of this turn."""
    return _current.get()


def is_chinese() -> bool:
    """Whether this turn is said in Chinese."""
    return _current.get().startswith("zh")


def _(message: str) -> Phrase:
    """The message in the locale of this turn."""
    found = catalog(_current.get()).singular.get(message)
    return found if found is not None else Phrase(message)


def ngettext(one: str, many: str, n: int) -> Phrase:
    """The message in the plural form that n takes in the locale of this turn; fills in {n} as a `number`."""
    words = catalog(_current.get())
    forms = words.plurals.get(one)
    form = forms[words.plural_form(n)] if forms else Phrase(one if n == 1 else many)
    return form.format(n=number(n) if abs(n) >= _GROUPED else n)


def locale_for(language_code: str | None, default: str = DEFAULT_LOCALE) -> str:
    """The locale for a Telegram `language_code` (an IETF tag or None).

    Who reads neither Chinese nor tells us anything gets the default; any other language gets English.
    """
    if not language_code:
        return default
    return "zh_CN" if language_code.lower().startswith("zh") else "en"


@cache
def _babel(locale: str) -> Locale:
    return Locale.parse(locale)


def distance(metres: float) -> str:
    """A distance as one says it: `350 m`, `1.2 km`, `23 km`."""
    if metres < LAST_IN_METRES:
        return _length(max(10, round(metres, -1)), "meter", "#0", _current.get())
    kilometres = metres / METRES_PER_KM
    if kilometres < 10:
        return _length(int(kilometres * 10 + 0.5) / 10, "kilometer", "#,##0.#", _current.get())
    return _length(round(kilometres), "kilometer", "#,##0", _current.get())


@lru_cache(maxsize=1024)
def _length(value: float, unit: str, pattern: str, locale: str) -> str:
    """Few different ones are said, and Babel takes its time (60 µs)."""
    said = format_unit(value, f"length-{unit}", "short", format=pattern, locale=_babel(locale))
    return _BEFORE_UNIT.sub(" ", said)


def number(value: float) -> str:
    """A number with the locale's separators."""
    return format_decimal(value, locale=_babel(_current.get()))


def clock(moment: datetime) -> str:
    """The time of day, 24 hours: `08:30`. The moment must be in the zone to be shown."""
    return format_time(moment, "HH:mm", locale=_babel(_current.get()))


def weekday(day: date) -> str:
    """`Wed` or `周三`."""
    return format_date(day, "EEE", locale=_babel(_current.get()))


def full_date(day: date) -> str:
    """`May 14, 2026` or `2026年5月14日`."""
    skeleton = "y年M月d日" if is_chinese() else "MMMM d, y"
    return format_date(day, skeleton, locale=_babel(_current.get()))


def day_and_month(day: date) -> str:
    """`May 14` or `5月14日`."""
    skeleton = "M月d日" if is_chinese() else "MMM d"
    return format_date(day, skeleton, locale=_babel(_current.get()))


def moment(at: datetime, zone: str = HOME_ZONE) -> str:
    """A moment in full, on the wall clock of a zone: `Fri May 15 12:00` or `周五 5月15日 12:00`."""
    return f"{weekday(at.astimezone(ZoneInfo(zone)))} {day_and_clock(at, zone)}"


def day_and_clock(at: datetime, zone: str = HOME_ZONE) -> str:
    """A moment without its weekday: `May 15 12:00`."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{day_and_month(here)} {clock(here)}"

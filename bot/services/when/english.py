"""What English words of time mean."""

from __future__ import annotations

import re
from typing import Final

from bot.services.when.model import Reason, UnclearError
from bot.services.when.numbers import english
from bot.services.when.parts import Clock, Delay, Every, PartOfDay, Unit
from bot.services.when.shared import of_hours, of_minutes

HALF: Final = 30
NOON: Final = Clock(12, exact=True)
MIDNIGHT: Final = Clock(12, part=PartOfDay.MIDNIGHT)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MISSPELT: Final = {"wen": "wed"}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS: Final = {
    "early morning": PartOfDay.SMALL_HOURS,
    "small hours": PartOfDay.SMALL_HOURS,
    "morning": PartOfDay.MORNING,
    "afternoon": PartOfDay.AFTERNOON,
    "evening": PartOfDay.EVENING,
    "night": PartOfDay.EVENING,
}
_UNITS: Final[dict[str, Unit]] = {
    "h": "hour",
    "s": "minute",
    "w": "week",
    "m": "month",
    "y": "year",
}
_ORDINAL_WORDS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS: Final = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), start=1)} | {
    "thirtieth": 30
}
FEASTS: Final = {
    "new year": "new_year", "spring": "spring_festival", "chinese": "spring_festival",
    "lunar": "spring_festival", "qingming": "tomb_sweeping", "tomb": "tomb_sweeping", "labo": "labour",
    "may": "labour", "dragon": "dragon_boat", "mid": "mid_autumn", "national": "national",
    "women": "women", "youth": "youth", "children": "children", "teacher": "teachers",
    "christmas": "christmas",
}  # fmt: skip
ADVERBS: Final = {
    "daily": Every("day"),
    "hourly": Every("hour"),
    "weekly": Every("week"),
    "fortnightly": Every("week", 2),
    "biweekly": Every("week", 2),
    "monthly": Every("month"),
    "quarterly": Every("month", 3),
    "yearly": Every("year"),
    "annually": Every("year"),
}
COUNTS: Final = {"once": 1, "twice": 2, "thrice": 3}
COMPACT: Final = re.compile(r"(?:(\d+)h)?(?:(\d+)m?)?")


def weekday(word: str) -> int:
    """Monday 0; from its first three letters."""
    start = word[:3]
    return _WEEKDAYS.index(_MISSPELT.get(start, start))


def month(word: str) -> int:
    """January 1."""
    return _MONTHS.index(word[:3]) + 1


def ordinal(word: str) -> int:
    """The 15th, twenty-first; a plain number too."""
    digits = "".join(each for each in word if each.isdecimal())
    if digits:
        return int(digits)
    if word in _ORDINALS:
        return _ORDINALS[word]
    tens, _, ones = word.replace("-", " ").partition(" ")
    return english(tens) + _ORDINALS.get(ones, 0)


def weeks_ahead(ref: str) -> int:
    """This 0, next 1, last -1."""
    if ref.startswith("next"):
        return 1
    return -1 if ref.startswith("last") else 0


def clock(hour: str, minute: int = 0) -> Clock:
    """An hour in figures or words."""
    value = english(hour)
    exact = value > 12 or value == 0 or (len(hour) == 2 and hour[0] == "0")
    return Clock(value, minute, exact=exact)


def in_half(face: Clock, meridiem: str) -> Clock:
    """12 am is midnight, 12 pm noon. Raises UnclearError beyond twelve."""
    if not 1 <= face.hour <= 12:
        raise UnclearError(Reason.UNREAD)
    hour = face.hour % 12 + (12 if meridiem.startswith("p") else 0)
    return Clock(hour, face.minute, exact=True)


def number(text: str) -> int:
    """A number in figures or words; a couple is two."""
    return 2 if text.startswith("a couple") else english(text)


def length(amount: int, unit: str) -> Delay:
    """So many of a unit."""
    if unit.startswith("f"):
        return Delay(weeks=amount * 2)
    if unit.startswith("q"):
        return Delay(months=amount * 3)
    match _UNITS[unit[0]]:
        case "hour":
            return of_hours(amount)
        case "minute":
            return Delay(seconds=amount)
        case "week":
            return Delay(weeks=amount)
        case "month":
            return Delay(months=amount)
        case _:
            return Delay(months=amount * 12)


def half(unit: str) -> Delay:
    """Half of a unit. Raises UnclearError where nobody says so."""
    if unit.startswith("h"):
        return of_minutes(HALF)
    if unit.startswith("y"):
        return Delay(months=6)
    raise UnclearError(Reason.UNREAD)

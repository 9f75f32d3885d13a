"""Time zones of people: found by the name of a city, chosen, and all that is planned moved along."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

from bot.i18n import LOCALES, current_locale
from bot.services.lessons.daily import BEFORE_SHIFT, Chosen, DailyDesk
from bot.services.people import People, Person
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.shift import ShiftDesk
from bot.store.work import Work

COMMON: Final = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Almaty",
    "Asia/Tashkent",
    "Asia/Bangkok",
    "Asia/Tokyo",
    "Europe/Moscow",
)
"""Offered to tap: where the people of a Chinese city drive to and come from."""
CAPITAL: Final = {"zh_CN": "北京", "en": "Beijing"}
"""What people call the time of Asia/Shanghai."""
MOST_FOUND: Final = 6


class ZoneDesk:
    """Lets a person live by the clocks of another zone."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    @property
    def mine(self) -> str:
        """The person's time zone (IANA)."""
        return self._person.zone

    def find(self, text: str) -> list[str]:
        """Zones whose city is called so or begins so, in any of our languages; the shortest names first."""
        wanted = text.strip().casefold()
        if not wanted:
            return []
        found = {zone: name for name, zone in _by_name().items() if name.startswith(wanted)}
        return sorted(found, key=lambda zone: (found[zone] != wanted, len(found[zone]), zone))[:MOST_FOUND]

    async def choose(self, zone: str) -> int:
        """Live by this zone from now on; gives how many series of reminders keep their hour there.

        ValueError for a zone that is not there.
        """
        daily = await DailyDesk(self._work, self._person, self._person.zone).chosen()
        await People(self._work, self._person).say_zone(zone)
        moved = await ReminderDesk(self._work, self._person).move_to(zone)
        await ShiftDesk(self._work, self._person).move_to(zone)
        if daily is not None:
            await self._move_lessons(daily, zone)
        return moved

    async def _move_lessons(self, daily: Chosen, zone: str) -> None:
        """The daily lesson comes at its hour there, or before the shift there."""
        desk = DailyDesk(self._work, self._person, zone)
        shift = await ShiftDesk(self._work, self._person).before(BEFORE_SHIFT) if daily.before_shift else None
        await (desk.choose_before_shift(shift) if shift else desk.choose(daily.moment))


@cache
def city_of(zone: str, locale: str) -> str:
    """What a zone's city is called."""
    if zone == COMMON[0]:
        return CAPITAL[locale]
    return get_timezone_location(zone, locale=locale, return_city=True)


def name_of(zone: str) -> str:
    """What a zone's city is called, in the language being spoken."""
    return city_of(zone, current_locale())


@cache
def _by_name() -> Mapping[str, str]:
    """Every zone that stands for a city, by its names in lower case. Takes a moment, once."""
    named: dict[str, str] = {}
    for zone in sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")):
        own = zone.rpartition("/")[2].replace("_", " ")
        for name in (own, zone, *(city_of(zone, locale) for locale in LOCALES)):
            named.setdefault(name.casefold(), zone)
    named["上海"] = named["shanghai"] = COMMON[0]
    return named

"""Stations in words: how far, how long, until when, what for."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from bot.i18n import Phrase, _, clock, current_locale, day_and_month, distance, is_chinese, ngettext, weekday
from bot.services.stations.catalogue import Catalogue, Service
from bot.services.stations.geo import minutes_for
from bot.services.stations.model import Found, Mode, Opening, Station

# Beyond this nobody walks between two orders: the way is told by e-bike.
LONGEST_WALK_MINUTES = 15
# Who rides anyhow gets off the bike only for less.
LONGEST_WALK_OF_RIDERS = 300
"""Metres."""


def name_of(station: Station) -> str:
    """The station's name in the reader's language, where it has one."""
    return station.name if is_chinese() or not station.name_en else station.name_en


def label_of(service: Service) -> str:
    """A service as a button shows it: `🔋 Phone charging`."""
    return f"{service.emoji} {service.name(current_locale())}"


def services_of(station: Station, catalogue: Catalogue, *, words: bool) -> str:
    """What a station offers, as symbols for a list or with words for a card."""
    found = [service for name in station.services if (service := catalogue.service(name)) is not None]
    if not words:
        return "".join(service.emoji for service in found)
    return " · ".join(label_of(service) for service in found)


def way(found: Found, mode: Mode, *, rides: bool = False) -> Phrase:
    """How long the way takes, by foot unless it is too far or the person rides."""
    is_near = found.metres <= LONGEST_WALK_OF_RIDERS or not rides
    if mode == "foot" and found.minutes <= LONGEST_WALK_MINUTES and is_near:
        return ngettext("{n} min walk", "{n} min walk", found.minutes)
    minutes = found.minutes if mode == "ebike" else minutes_for(found.metres, "ebike")
    return ngettext("{n} min ride", "{n} min ride", minutes)


def how_far(found: Found, mode: Mode, *, rides: bool = False) -> Phrase:
    """`350 m · 6 min walk`."""
    told = way(found, mode, rides=rides)
    return Phrase("{distance} · {way}").format(distance=distance(found.metres), way=told)


def opening_words(opening: Opening, now: datetime) -> Phrase:
    """Whether it is open and until when, as one says it."""
    if opening.always:
        return _("🟢 open 24 h")
    if opening.open is None:
        return _("⚪ hours unknown")
    if opening.open:
        if opening.until is None:
            return _("🟢 open now")
        return _("🟢 until {time}").format(time=_closing(opening.until))
    if opening.opens is None:
        return _("🔴 closed")
    return _("🔴 opens {when}").format(when=when_words(opening.opens, now))


def _closing(moment: datetime) -> str:
    """A closing time; midnight ends the day rather than begins it."""
    return "24:00" if (moment.hour, moment.minute) == (0, 0) else clock(moment)


def when_words(moment: datetime, now: datetime) -> str:
    """A moment in the near future: `07:30`, `tomorrow 07:30`, `Sat 07:30`, `May 30 07:30`."""
    days = (moment.date() - now.date()).days
    if days == 0:
        return clock(moment)
    if days == 1:
        return _("tomorrow {time}").format(time=clock(moment))
    day = weekday(moment) if days < 7 else day_and_month(moment)
    return f"{day} {clock(moment)}"


def confirmed_words(station: Station, today: date) -> Phrase:
    """How long ago somebody last checked the place."""
    if station.confirmed is None:
        return _("not confirmed yet")
    days = max(0, (today - station.confirmed) // timedelta(days=1))
    if days == 0:
        return _("confirmed today")
    return ngettext("last confirmed {n} day ago", "last confirmed {n} days ago", days)


def flag_words(kind: str) -> Phrase:
    """What people say is wrong, in a few words."""
    words = {"closed": _("closed for good"), "moved": _("moved"), "broken": _("something is broken")}
    return words.get(kind) or _("something is wrong")


_DAYS_ZH = {"Mo": "周一", "Tu": "周二", "We": "周三", "Th": "周四", "Fr": "周五", "Sa": "周六", "Su": "周日"}
_DAYS_EN = {"Mo": "Mon", "Tu": "Tue", "We": "Wed", "Th": "Thu", "Fr": "Fri", "Sa": "Sat", "Su": "Sun"}
_DAY = re.compile(r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\b")


def hours_words(hours: str) -> str:
    """OpenStreetMap opening hours as a person reads them."""
    if not hours:
        return ""
    days = _DAYS_ZH if is_chinese() else _DAYS_EN
    words = hours.replace("Mo-Su", _("every day")).replace("PH", _("holidays")).replace("off", _("closed"))
    words = _DAY.sub(lambda match: days[match.group(1)], words)
    return words.replace("; ", "；") if is_chinese() else words

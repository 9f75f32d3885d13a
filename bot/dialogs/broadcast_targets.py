"""What a button under a broadcast can open. Another capability adds a Target with its own way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.dialogs import lessons, stations
from bot.i18n import LOCALES
from bot.services.broadcasts.model import Button
from bot.services.lessons.desk import LessonDesk
from bot.services.stations.desk import StationDesk
from bot.services.stations.model import Station
from bot.talk.dialog import Aside

LESSON: Final = "lesson"
STATION: Final = "station"
QUESTION: Final = "question"
EVENT: Final = "event"

MOST_LABEL: Final = 40
"""In characters: more does not fit on a phone's button."""


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of things that buttons open; `opens` is done for whoever taps."""

    kind: str
    opens: Callable[[Aside, str], None]


def _open_lesson(aside: Aside, name: str) -> None:
    aside.go(lessons.LESSON, lesson=name)


def _open_station(aside: Aside, name: str) -> None:
    aside.go(stations.DIALOG.name, asked={"card": name, "at": {"here": True}})


TARGETS: Final = {each.kind: each for each in (Target(LESSON, _open_lesson), Target(STATION, _open_station))}


def open_target(aside: Aside, kind: str, name: str) -> bool:
    """Open what a button stands for, below the broadcast; False where this release can't."""
    target = TARGETS.get(kind)
    if target is None:
        return False
    aside.keep()
    target.opens(aside, name)
    return True


# -- Buttons to choose from ---------------------------------------------------------------


def lesson_button(name: str, desk: LessonDesk) -> Button | None:
    """A button that starts a lesson, in both languages; None where there is no such lesson."""
    lesson = desk.lesson(name)
    if lesson is None:
        return None
    return _button(LESSON, name, lambda locale: f"📚 {lesson.text(locale).head.title}")


def station_button(station: Station) -> Button:
    """A button that opens a station's card."""

    def label(locale: str) -> str:
        return f"📍 {station.name if locale.startswith('zh') or not station.name_en else station.name_en}"

    return _button(STATION, station.id, label)


def _button(kind: str, name: str, label: Callable[[str], str]) -> Button:
    return Button(kind, name, {locale: label(locale)[:MOST_LABEL] for locale in LOCALES})


def stations_like(text: str, desk: StationDesk) -> list[Station]:
    """Stations that a name may mean, likeliest first."""
    return [match.station for match in desk.read(text).matches if match.station is not None]

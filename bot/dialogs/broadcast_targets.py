"""What a button under a broadcast can open. Another capability adds a Target with its own way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.dialogs import events, lessons, stations
from bot.i18n import LOCALES, shortened
from bot.services.broadcasts.model import Button
from bot.services.checkins.model import ANSWERING
from bot.services.checkins.organizing import RoundDesk
from bot.services.events.desk import EventDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.model import Lesson
from bot.services.presses import long, short
from bot.services.stations.desk import StationDesk
from bot.talk.dialog import Aside

LESSON: Final = "lesson"
STATION: Final = "station"
EVENT: Final = "event"
QUESTION: Final = "question"

MOST_LABEL: Final = 40
"""In characters: more does not fit on a phone's button."""


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of things that buttons open; `opens` is done for whoever taps, with the name of the thing."""

    kind: str
    opens: Callable[[Aside, str], None]


def _open_lesson(aside: Aside, name: str) -> None:
    aside.go(lessons.LESSON, lesson=name)


def _open_station(aside: Aside, name: str) -> None:
    aside.go(stations.DIALOG.name, asked={"card": name, "at": {"here": True}})


def _open_event(aside: Aside, name: str) -> None:
    aside.go(events.LIST, card=long(name))


def _open_question(aside: Aside, name: str) -> None:
    aside.go(ANSWERING, round=long(name) or 0)


TARGETS: Final = {
    each.kind: each
    for each in (
        Target(LESSON, _open_lesson),
        Target(STATION, _open_station),
        Target(EVENT, _open_event),
        Target(QUESTION, _open_question),
    )
}


def open_target(aside: Aside, kind: str, name: str) -> bool:
    """Open what a button stands for, below the broadcast; False where this release can't."""
    target = TARGETS.get(kind)
    if target is None:
        return False
    aside.keep()
    target.opens(aside, name)
    return True


class Offers:
    """The buttons that an organizer can choose from."""

    def __init__(
        self, lessons: LessonDesk, stations: StationDesk, events: EventDesk, rounds: RoundDesk
    ) -> None:
        self._lessons = lessons
        self._stations = stations
        self._events = events
        self._rounds = rounds

    async def find(self, kind: str, typed: str) -> list[Button]:
        """Buttons that open something of a kind; stations are found by what was typed."""
        match kind:
            case "lesson":
                return self._of_lessons()
            case "station":
                return self._of_stations(typed)
            case "event":
                return await self._of_events()
            case "question":
                return await self._of_questions()
        return []

    def _of_lessons(self) -> list[Button]:
        return [_of_lesson(one) for one in self._lessons.library.lessons]

    def _of_stations(self, typed: str) -> list[Button]:
        matches = self._stations.read(typed).matches if typed else ()
        found = [match.station for match in matches if match.station is not None]
        return [_button(STATION, one.id, "📍", partial(_named, one.name, one.name_en)) for one in found]

    async def _of_events(self) -> list[Button]:
        coming = [one for one in await self._events.coming() if not one.cancelled]
        return [_button(EVENT, short(one.id), "🎉", _always(one.title)) for one in coming]

    async def _of_questions(self) -> list[Button]:
        found = []
        for one in await self._rounds.all():
            latest = await self._rounds.latest(one.id, 1)
            if latest and latest[0].is_open(self._rounds.now):
                found.append(_button(QUESTION, short(latest[0].id), "✋", _always(one.title)))
        return found


def _always(words: str) -> Callable[[str], str]:
    """Words that are the same in every language."""
    return lambda _locale: words


def lesson_button(name: str, desk: LessonDesk) -> Button | None:
    """A button that starts a lesson; None where there is no such lesson."""
    lesson = desk.lesson(name)
    return _of_lesson(lesson) if lesson else None


def _of_lesson(lesson: Lesson) -> Button:
    return _button(LESSON, lesson.id, "📚", lambda locale: lesson.text(locale).head.title)


def _named(chinese: str, english: str, locale: str) -> str:
    return chinese if locale.startswith("zh") or not english else english


def _button(kind: str, name: str, symbol: str, label: Callable[[str], str]) -> Button:
    labels = {locale: shortened(f"{symbol} {label(locale)}", MOST_LABEL) for locale in LOCALES}
    return Button(kind, name, labels)

"""A lesson between two orders: card by card in one message, kept at exactly the card where one left."""

from __future__ import annotations

import re
from typing import Any

from bot.dialogs import lesson_screens as screens
from bot.i18n import _, current_locale
from bot.services.lessons import course
from bot.services.lessons.course import Place
from bot.services.lessons.daily import DailyDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.together import TogetherDesk
from bot.services.points.desk import PointDesk
from bot.services.stations.text import fold
from bot.talk import hears
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.ordinals import ordinal

LESSON = "lesson"
CARD = "lesson_card"
TRACKS = "tracks"
LEARN = "learn"
REVIEW = "review"
GUIDE = "guide"
DAILY = "daily"
STATIONS = "stations"

_GO_ON = re.compile(r"接着上次的?|接着学|继续学?|继续上次的?|接着来|学到一半|go on|continue|resume|carry on")


async def learn(talk: Talk, lessons: LessonDesk) -> Go:
    """All lessons; or, where one was named or waits to be gone on with, that one."""
    asked, go_on = await talk.given("asked", ""), await talk.given("go_on", False)
    if asked or go_on:
        named = await talk.note("named", lessons.named, asked, go_on or bool(_GO_ON.search(fold(asked))))
        if named:
            return Go(LESSON, {"lesson": named})
    way = await talk.browse(
        "list",
        dict,
        lambda state: screens.draw_list(lessons, state.get("page", 0)),
        lambda _state, event: _chosen(event, lessons),
    )
    return _to(way)


def _chosen(event: hears.Event, lessons: LessonDesk) -> Reaction:
    match event:
        case hears.Choice(["page", int(page)]):
            return {"page": page}
        case hears.Choice(value):
            return Left(value)
        case hears.Text(text) if (place := ordinal(text, len(lessons.library.lessons))) is not None:
            return Left(["lesson", lessons.library.lessons[place - 1].id])
    return IGNORED


def _to(way: Any) -> Go:
    """Where a button leads that leaves the screen."""
    match way:
        case ["lesson", str(name)] | ["link", "lesson", str(name)]:
            return Go(LESSON, {"lesson": name})
        case ["link", "guide", str(name)]:
            return Go(GUIDE, {"guide": name})
        case ["link", "service", str(name)]:
            return Go(STATIONS, {"asked": {"query": {"services": [name]}, "at": {"here": True}}})
        case ["link", "kind", str(name)]:
            return Go(STATIONS, {"asked": {"query": {"kinds": [name]}, "at": {"here": True}}})
        case ["card", str(name)]:
            return Go(CARD, {"lesson": name})
        case ["tracks", str(name)]:
            return Go(TRACKS, {"track": name})
        case ["review"]:
            return Go(REVIEW)
        case ["guides"]:
            return Go(GUIDE)
        case ["daily"]:
            return Go(DAILY)
    return Go(LEARN)


# -- Taking a lesson -----------------------------------------------------------------


async def take_lesson(
    talk: Talk, lessons: LessonDesk, daily: DailyDesk, together: TogetherDesk, points: PointDesk
) -> Go:
    """Card by card, until something else is chosen. The place is kept by the services, not by the talk."""
    name = await talk.given("lesson", "")
    place = await talk.once("begin", lessons.begin, name)
    if place is None:
        await talk.say("gone", _("That lesson is not there any more."))
        return Go(LEARN)
    way = await talk.browse(
        "card",
        lambda: place,
        lambda now: screens.draw(now, lessons.library),
        lambda now, event: _react(talk, now, event, lessons, daily, together, points),
    )
    return _to(way)


async def _react(
    talk: Talk,
    place: Place,
    event: hears.Event,
    lessons: LessonDesk,
    daily: DailyDesk,
    together: TogetherDesk,
    points: PointDesk,
) -> Reaction:
    cards = lessons.cards(place["lesson"])
    if not cards:
        return Left(["list"]) if isinstance(event, hears.Choice) else IGNORED
    match event:
        case hears.Choice(["listen", int(number), int(which)]):
            _play(talk, place, number, which, lessons)
            return place
        case hears.Choice(["pause"]):
            talk.toast(_("Kept. Ride safely."))
            after = await _paused(place, daily)
        case hears.Choice(["next" | "back" | "again" | "clear" as step]):
            after = _stepped(place, cards, step)
        case hears.Choice(["answer" | "give", *_rest] as value):
            after = await _answered(place, cards, value, lessons)
        case hears.Choice(value):
            return Left(value)
        case hears.Text(text) if (option := _lettered(place, cards, text)) is not None:
            after = await _answered(place, cards, ["answer", option], lessons)
        case _:
            return IGNORED
    await lessons.keep(after)
    is_over = after["stage"] == course.DONE and place["stage"] != course.DONE
    return await _finished(after, lessons, together, points) if is_over else after


async def _finished(place: Place, lessons: LessonDesk, together: TogetherDesk, points: PointDesk) -> Place:
    """The lesson is over: noted for the person, and for the group that takes it together."""
    brings = await points.lesson_worth(place["lesson"])
    await lessons.finish(place)
    await together.finished(place["lesson"])
    return {**place, "brings": brings}


def _play(talk: Talk, place: Place, number: int, which: int, lessons: LessonDesk) -> None:
    lesson = lessons.lesson(place["lesson"])
    if lesson is None:
        return
    text = lesson.text(current_locale())
    there = screens.recordings_at(text, number) if number < len(text.cards) else []
    if which < len(there):
        talk.show(screens.recording(lesson, there[which]))


async def _paused(place: Place, daily: DailyDesk) -> Place:
    """The place for later, with the moment at which the person is reminded of it."""
    at = await daily.remind_of(place["lesson"])
    return {**place, "stage": course.PAUSED, "remind_at": at.isoformat()}


def _stepped(place: Place, cards: Any, step: str) -> Place:
    match step:
        case "next":
            return course.moved(place, cards, 1)
        case "back":
            return course.moved(place, cards, -1)
        case "again":
            return course.begun(place["lesson"], cards)
    return {**place, "picked": []}


async def _answered(place: Place, cards: Any, value: Any, lessons: LessonDesk) -> Place:
    """The place after a tap on an answer, or after what was picked is given as one."""
    card = course.card_of(place, cards)
    picks = course.picked(place, card)
    if card.quiz is None or course.may_go_on(place, cards):
        return place
    answer: list[int] | None = picks
    if value != ["give"]:
        picks, answer = course.tapped(card, picks, value[1])
    if not answer:
        return {**place, "picked": picks}
    await lessons.answered(place["lesson"], card, answer)
    return course.with_answer(place, card, answer)


def _lettered(place: Place, cards: Any, text: str) -> int | None:
    """The option that a typed letter means on the question shown."""
    card = course.card_of(place, cards)
    letter = screens.LETTERS.find(text.strip().upper())
    if place["stage"] != course.OPEN or card.quiz is None or len(text.strip()) != 1 or letter < 0:
        return None
    order = course.shown_order(place["lesson"], card)
    return order[letter] if letter < len(order) else None


# -- Ways in -------------------------------------------------------------------------


async def open_lesson(aside: Aside, name: str) -> None:
    """A lesson's link or button: where the person left it, or its beginning."""
    aside.go(LESSON, lesson=name)


async def open_list(aside: Aside, _argument: str) -> None:
    """The list of lessons."""
    aside.go(LEARN)


LIST = Dialog(
    LEARN,
    learn,
    title=lambda: _("Lessons"),
    command="learn",
    summary=lambda: _("Today's lesson, and all the others"),
    parks=False,
)
DIALOG = Dialog(LESSON, take_lesson, title=lambda: _("A lesson"), parks=False)
ACTIONS = (Answerer(LESSON, open_lesson), Answerer(LEARN, open_list))
LINKS = (Answerer(LESSON, open_lesson), Answerer(LEARN, open_list))

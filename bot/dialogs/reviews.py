"""Spaced review: questions of finished lessons come back, in rounds of two minutes."""

from __future__ import annotations

from typing import Any

from bot.dialogs.lesson_screens import LETTERS, Question, Rows, points_line
from bot.dialogs.lessons import LEARN, REVIEW
from bot.dialogs.opening import opener
from bot.dialogs.station_words import when_words
from bot.i18n import Phrase, _, current_locale, join
from bot.services.lessons import course
from bot.services.lessons.desk import LessonDesk
from bot.services.points.desk import PointDesk
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

State = dict[str, Any]
"""`round` (a list of [lesson, question]), `at` (which of them), `picked`, `answer` (given, or None),
`right` (how many so far), `done` (answered so far, right or not), `room` (points that reviews could still
give when the round began)."""

# What was forgotten comes back another day; here it is only explained.
ONE_TRY = 1


async def review(talk: Talk, lessons: LessonDesk, points: PointDesk) -> Go:
    """One question after another until the round is over."""
    asked = await talk.note("round", lessons.round)
    room = await talk.note("room", points.review_room)
    await talk.browse(
        "question",
        lambda: _begun(asked, room),
        lambda state: _draw(state, lessons, points),
        lambda state, event: _react(state, event, lessons, points),
    )
    return Go(LEARN)


def _begun(asked: Any, room: int) -> State:
    return {"round": asked, "at": 0, "picked": [], "answer": None, "right": 0, "done": 0, "room": room}


def _question(state: State, lessons: LessonDesk) -> Question | None:
    """The question shown, in the reader's language; None where it is over or no longer asked."""
    if state["at"] >= len(state["round"]):
        return None
    name, key = state["round"][state["at"]]
    lesson = lessons.lesson(name)
    card = lesson.text(current_locale()).question(key) if lesson else None
    if card is None:
        return None
    answers = [state["answer"]] if state["answer"] is not None else []
    return Question(card, answers, state["picked"], name, ONE_TRY)


async def _draw(state: State, lessons: LessonDesk, points: PointDesk) -> says.Screen:
    question = _question(state, lessons)
    if question is None:
        # A round begun before there were points has neither.
        return await _over(state, lessons, points.reviews_worth(state.get("done", 0), state.get("room", 0)))
    header = _("🔁 **Review** {number}/{all}").format(number=state["at"] + 1, all=len(state["round"]))
    rows = question.rows()
    if question.is_closed:
        rows = [[says.Option(_("Next ›"), ["next"])]]
    rows.append([says.Option(_("⏸ Enough for now"), ["list"])])
    return says.Screen(join([header, *question.body()], "\n\n"), rows)


async def _over(state: State, lessons: LessonDesk, brought: int) -> says.Screen:
    lines = []
    if state["round"]:
        lines.append(
            _("👏 Round done: **{right} of {all}** still known.").format(
                right=state["right"], all=len(state["round"])
            )
        )
    else:
        lines.append(_("Nothing to review right now."))
    if brought:
        lines.append(points_line(brought))
    share = await lessons.share()
    if share.reviews:
        percent = round(100 * share.remembered / share.reviews)
        lines.append(_("Over all reviews you remember {percent} %.").format(percent=percent))
    lines.append(await _coming(lessons))
    rows: Rows = [[says.Option(_("☰ All lessons"), ["list"])]]
    if await lessons.due():
        rows.insert(0, [says.Option(_("🔁 Another round"), ["more"])])
    return says.Screen(join([line for line in lines if line]), rows)


async def _coming(lessons: LessonDesk) -> Phrase:
    following = await lessons.next_due()
    if following is None:
        return _("Finish a lesson, and its questions come back here before you forget them.")
    if following <= lessons.now:
        return Phrase()
    return _("The next question comes {when}.").format(when=when_words(following, lessons.now))


async def _react(state: State, event: hears.Event, lessons: LessonDesk, points: PointDesk) -> Reaction:
    question = _question(state, lessons)
    match event:
        case hears.Choice(["list"]):
            return Left(["list"])
        case hears.Choice(["more"]):
            return _begun(await lessons.round(), await points.review_room())
        case hears.Choice(["next"]):
            return {**state, "at": state["at"] + 1, "picked": [], "answer": None}
        case hears.Choice(["clear"]):
            return {**state, "picked": []}
        case hears.Choice(["give"]) if question is not None:
            return await _given(state, question, list(state["picked"]), lessons)
        case hears.Choice(["answer", int(option)]) if question is not None:
            return await _tapped(state, question, option, lessons)
        case hears.Text(text) if question is not None and text.strip().upper() in LETTERS:
            shown = course.shown_order(question.lesson, question.card)
            letter = LETTERS.find(text.strip().upper())
            if text.strip() and letter < len(shown):
                return await _tapped(state, question, shown[letter], lessons)
    return IGNORED


async def _tapped(state: State, question: Question, option: int, lessons: LessonDesk) -> State:
    picks, answer = course.tapped(question.card, state["picked"], option)
    if answer is None:
        return {**state, "picked": picks}
    return await _given(state, question, answer, lessons)


async def _given(state: State, question: Question, answer: list[int], lessons: LessonDesk) -> State:
    if question.is_closed or not answer:
        return state
    right = course.is_right(question.card, answer)
    await lessons.reviewed(question.lesson, question.card.key, right=right)
    return {
        **state,
        "answer": answer,
        "picked": [],
        "right": state["right"] + right,
        "done": state.get("done", 0) + 1,
    }


DIALOG = Dialog(
    REVIEW,
    review,
    title=lambda: _("Review"),
    command="review",
    summary=lambda: _("Review what you learned, two minutes"),
    parks=False,
)
ACTIONS = (opener(REVIEW),)

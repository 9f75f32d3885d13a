"""Spaced review: questions of finished lessons come back, in rounds of two minutes."""

from __future__ import annotations

from typing import Any

from bot.dialogs.lesson_screens import LETTERS, Question, Rows
from bot.dialogs.lessons import LEARN, REVIEW
from bot.dialogs.station_words import when_words
from bot.i18n import Phrase, _, current_locale, join
from bot.services.lessons import course
from bot.services.lessons.desk import LessonDesk
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

State = dict[str, Any]
"""`round` (a list of [lesson, question]), `at` (which of them), `picked`, `answer` (given, or None),
`right` (how many so far)."""

# What was forgotten comes back another day; here it is only explained.
ONE_TRY = 1


async def review(talk: Talk, lessons: LessonDesk) -> Go:
    """One question after another until the round is over."""
    asked = await talk.note("round", lessons.round)
    await talk.browse(
        "question",
        lambda: {"round": asked, "at": 0, "picked": [], "answer": None, "right": 0},
        lambda state: _draw(state, lessons),
        lambda state, event: _react(state, event, lessons),
    )
    return Go(LEARN)


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


async def _draw(state: State, lessons: LessonDesk) -> says.Screen:
    question = _question(state, lessons)
    if question is None:
        return await _over(state, lessons)
    header = _("🔁 **Review** {number}/{all}").format(number=state["at"] + 1, all=len(state["round"]))
    rows = question.rows()
    if question.is_closed:
        rows = [[says.Option(_("Next ›"), ["next"])]]
    rows.append([says.Option(_("⏸ Enough for now"), ["list"])])
    return says.Screen(join([header, *question.body()], "\n\n"), rows)


async def _over(state: State, lessons: LessonDesk) -> says.Screen:
    lines = []
    if state["round"]:
        lines.append(
            _("👏 Round done: **{right} of {all}** still known.").format(
                right=state["right"], all=len(state["round"])
            )
        )
    else:
        lines.append(_("Nothing to review right now."))
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


async def _react(state: State, event: hears.Event, lessons: LessonDesk) -> Reaction:
    question = _question(state, lessons)
    match event:
        case hears.Choice(["list"]):
            return Left(["list"])
        case hears.Choice(["more"]):
            return {**state, "round": await lessons.round(), "at": 0, "answer": None, "right": 0}
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
    return {**state, "answer": answer, "picked": [], "right": state["right"] + right}


async def open_review(aside: Aside, _argument: str) -> None:
    """A round of review."""
    aside.go(REVIEW)


DIALOG = Dialog(
    REVIEW,
    review,
    title=lambda: _("Review"),
    command="review",
    summary=lambda: _("Review what you learned, two minutes"),
    parks=False,
)
ACTIONS = (Answerer(REVIEW, open_review),)

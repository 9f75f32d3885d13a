"""/lessons, for organizers: send a lesson, start it in a group, see what people took from it."""

from __future__ import annotations

from typing import Any

from bot.dialogs.broadcast_making import NEW
from bot.dialogs.broadcast_targets import lesson_button
from bot.dialogs.lesson_screens import NUMBERS_IN_A_ROW, Rows, title_of
from bot.dialogs.lessons import LEARN
from bot.dialogs.opening import opener
from bot.home import SHANGHAI
from bot.i18n import LOCALES, Phrase, _, clock, current_locale, join, ngettext
from bot.services import charts
from bot.services.charts import Bar
from bot.services.groups.rows import Group
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.figures import FigureDesk, Figures
from bot.services.lessons.model import Lesson
from bot.services.lessons.together import TogetherDesk
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

LESSONS = "lessons"
# What broadcasts of lessons are about (services/hearing).
TOPIC = "lesson"

State = dict[str, Any]
"""`lesson`, the one whose figures are shown, and `groups` while one is chosen for it; else the list."""


async def look(talk: Talk, lessons: LessonDesk, figures: FigureDesk, together: TogetherDesk) -> Go | None:
    """All lessons with their figures, one of them, or the groups it can be started in."""
    if not await figures.may_see():
        await talk.say("not_yours", _("This page is for organizers. Your own lessons are here: /learn"))
        return Go(LEARN)
    way = await talk.browse(
        "lessons",
        dict,
        lambda state: _draw(state, lessons, figures, together),
        lambda state, event: _react(talk, state, event, lessons, figures, together),
    )
    return _sending(way[1], lessons) if way[0] == "send" else Go(LEARN)


def _sending(name: str, lessons: LessonDesk) -> Go:
    """A broadcast of a lesson, written already: its title, what it gives, and a button that begins it."""
    lesson, button = lessons.lesson(name), lesson_button(name, lessons)
    if lesson is None or button is None:
        return Go(LESSONS)
    own, other = sorted(LOCALES, key=lambda locale: locale != current_locale())
    chosen = [[button.kind, button.object, dict(button.labels)]]
    written = {"text": _announced(lesson, own), "other": _announced(lesson, other)}
    return Go(NEW, answers={"topic": TOPIC, **written, "buttons": {"on": "home", "chosen": chosen}})


def _announced(lesson: Lesson, locale: str) -> dict[str, str]:
    head = lesson.text(locale).head
    return {"text": f"📚 {head.title}\n{head.summary}", "picture": ""}


async def _react(
    talk: Talk,
    state: State,
    event: hears.Event,
    lessons: LessonDesk,
    figures: FigureDesk,
    together: TogetherDesk,
) -> Reaction:
    match event:
        case hears.Choice(["all"]):
            return {}
        case hears.Choice(["lesson", str(name)]):
            return {"lesson": name}
        case hears.Choice(["groups"]):
            return {**state, "groups": True}
        case hears.Choice(["start", int(chat)]):
            await _start(talk, chat, state["lesson"], together)
            return {"lesson": state["lesson"]}
        case hears.Choice(["picture" | "table" as form]):
            lesson = lessons.lesson(state["lesson"])
            if lesson is not None:
                found = await figures.of(lesson, current_locale())
                talk.show(await (_picture if form == "picture" else _table)(lesson, found, figures))
            return state
        case hears.Choice(value):
            return Left(value)
        case hears.Text(text) if text.isascii() and text.isdigit() and "lesson" not in state:
            return _numbered(int(text[:3]), lessons)
    return IGNORED


def _numbered(number: int, lessons: LessonDesk) -> Reaction:
    there = lessons.library.lessons
    return {"lesson": there[number - 1].id} if 0 < number <= len(there) else IGNORED


async def _start(talk: Talk, chat: int, lesson: str, together: TogetherDesk) -> None:
    at = await together.start(chat, lesson)
    if at <= together.now:
        talk.toast(_("It is in the group now."))
        return
    talk.toast(
        _("The group has quiet hours: it comes at {time}.").format(time=clock(at.astimezone(SHANGHAI)))
    )


# -- Screens -----------------------------------------------------------------------------


async def _draw(
    state: State, lessons: LessonDesk, figures: FigureDesk, together: TogetherDesk
) -> says.Screen:
    lesson = lessons.lesson(state.get("lesson", ""))
    if lesson is None:
        return await _all(lessons, figures)
    if state.get("groups"):
        return _groups(lesson, await together.groups())
    return _one(lesson, await figures.of(lesson, current_locale()))


async def _all(lessons: LessonDesk, figures: FigureDesk) -> says.Screen:
    counts = await figures.counts()
    lines = []
    for number, lesson in enumerate(lessons.library.lessons, 1):
        started, finished = counts.get(lesson.id, (0, 0))
        lines.append(
            Phrase("{number}. {title} · {finished}/{started}").format(
                number=number, title=title_of(lesson), finished=finished, started=started
            )
        )
    heading = _("📚 **Lessons for your people**: finished / begun. Tap one to send it or to see more.")
    numbers: list[says.Button] = [
        says.Option(str(number), ["lesson", lesson.id])
        for number, lesson in enumerate(lessons.library.lessons, 1)
    ]
    rows: Rows = [
        numbers[start : start + NUMBERS_IN_A_ROW] for start in range(0, len(numbers), NUMBERS_IN_A_ROW)
    ]
    return says.Screen(join([heading, join(lines)], "\n\n"), [*rows, [says.Option(_("✕ Close"), ["list"])]])


def _one(lesson: Lesson, found: Figures) -> says.Screen:
    parts = [
        Phrase("📘 **{title}**").format(title=title_of(lesson)),
        _("Begun: {started} · finished: {finished}").format(started=found.started, finished=found.finished),
    ]
    if found.questions:
        right = [_right_line(lesson, question) for question in found.questions]
        parts.append(join([_("**Right at the first try**"), *right]))
    if found.stops:
        parts.append(join([_("**Where people stop**"), *(_stop_line(lesson, stop) for stop in found.stops)]))
    if found.remembered is not None:
        parts.append(_("Still known in review: {percent} %").format(percent=round(found.remembered * 100)))
    if any(question.answered is None for question in found.questions):
        parts.append(_("_– stands for fewer than five people._"))
    rows: Rows = [
        [says.Option(_("📤 Send it"), ["send", lesson.id]), says.Option(_("👥 In a group"), ["groups"])],
        [says.Option(_("📊 Picture"), ["picture"]), says.Option(_("⬇ Table"), ["table"])],
        [says.Option(_("☰ All lessons"), ["all"])],
    ]
    return says.Screen(join(parts, "\n\n"), rows)


def _right_line(lesson: Lesson, question: Any) -> Phrase:
    return Phrase("• {title} · {share}").format(
        title=_title_of_card(lesson, question.key), share=_percent(question)
    )


def _percent(question: Any) -> str:
    if not question.answered:
        return "–"
    return f"{round(100 * question.right / question.answered)} % ({question.right}/{question.answered})"


def _stop_line(lesson: Lesson, stop: Any) -> Phrase:
    return Phrase("• {title} · {n}").format(
        title=_title_of_card(lesson, stop.card), n="–" if stop.people is None else stop.people
    )


def _title_of_card(lesson: Lesson, key: str) -> str:
    cards = lesson.text(current_locale()).cards
    return next((card.title for card in cards if card.key == key), key)


def _groups(lesson: Lesson, there: list[Group]) -> says.Screen:
    back: Rows = [[says.Option(_("‹ Back"), ["lesson", lesson.id])]]
    if not there:
        sorry = _("No group is bound to your branch yet. Bring me into one: /group shows how.")
        return says.Screen(sorry, back)
    text = _("👥 In which group shall **{title}** start? Each learns in private, the group sees the count.")
    rows: Rows = [[says.Option(group.title or str(group.chat), ["start", group.chat])] for group in there]
    return says.Screen(text.format(title=title_of(lesson)), rows + back)


# -- Picture and table -------------------------------------------------------------------


async def _picture(lesson: Lesson, found: Figures, figures: FigureDesk) -> says.Photo:
    bars = [
        Bar(
            _title_of_card(lesson, one.key),
            one.right and 100 * one.right / (one.answered or 1),
            _percent(one),
        )
        for one in found.questions
    ]
    note = ngettext("{n} person began", "{n} people began", found.started)
    drawn = charts.bars(
        _("Right at the first try: {title}").format(title=title_of(lesson)), bars, most=100, note=note
    )
    return says.Photo(await figures.picture(drawn))


async def _table(lesson: Lesson, found: Figures, figures: FigureDesk) -> says.File:
    columns = [str(_("What")), str(_("People")), str(_("Right"))]
    lines: list[tuple[str, int | None, int | None]] = [
        (_("Begun"), found.started, None),
        (_("Finished"), found.finished, None),
    ]
    lines += [(_title_of_card(lesson, one.key), one.answered, one.right) for one in found.questions]
    for stop in found.stops:
        card = _("Stopped at: {card}").format(card=_title_of_card(lesson, stop.card))
        lines.append((card, stop.people, None))
    rows = [dict(zip(columns, line, strict=True)) for line in lines]
    title = title_of(lesson)
    return says.File(await figures.table(columns, rows), f"{title}.xlsx")


ACTIONS = (opener(LESSONS),)
DIALOG = Dialog(
    LESSONS,
    look,
    title=lambda: _("Lessons for your people"),
    command="lessons",
    parks=False,
)

"""Questions and answers: what to do when hurt, unpaid, cheated; and whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.dialogs.appeals import APPEAL
from bot.dialogs.lesson_screens import Rows, page_turns, title_of
from bot.dialogs.lessons import GUIDE, LEARN, LESSON
from bot.i18n import Phrase, _, current_locale, join
from bot.services.appeals.mine import MyAppeals
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.model import Guide, Hotline, Source
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.ordinals import ordinal

State = dict[str, Any]
"""`guide` (the article shown) or `found` (names of guides to choose from) or `unknown`, or none of them:
the list of all, at `page`."""

PAGE = 6


async def answer(talk: Talk, lessons: LessonDesk, appeals: MyAppeals) -> Go:
    """A guide, or those to choose from, until a lesson or an appeal is wanted."""
    guide, asked = await talk.given("guide"), await talk.given("asked", "")
    way = await talk.browse(
        "answer",
        lambda: _start(guide, asked, lessons),
        lambda state: _draw(state, lessons, appeals),
        lambda state, event: _react(talk, state, event, lessons),
    )
    match way:
        case ["appeal", str(kind)]:
            return Go(APPEAL, {"kind": kind})
        case ["lesson", str(lesson)]:
            return Go(LESSON, {"lesson": lesson})
    return Go(LEARN)


def _start(guide: str | None, asked: str, lessons: LessonDesk) -> State:
    if guide:
        return {"guide": guide}
    return (_searched(asked, lessons) or {"unknown": True}) if asked.strip() else {}


def _searched(text: str, lessons: LessonDesk) -> State | None:
    """The state after a question was typed; None where no guide answers it."""
    best = lessons.finder.best(text)
    if best is not None:
        return {"guide": best.guide.id}
    found = lessons.finder.find(text)
    return {"found": [hit.guide.id for hit in found]} if found else None


# -- Screens -------------------------------------------------------------------------


def _draw(state: State, lessons: LessonDesk, appeals: MyAppeals) -> says.Screen:
    guide = lessons.guide(state.get("guide", ""))
    if guide is not None:
        return _article(guide, lessons, appeals)
    if "found" in state:
        found = _known(state["found"], lessons)
        screen = _choice(_("Which of these do you mean?"), found, 0)
        return replace(screen, rows=[*screen.rows, [says.Option(_("☰ All questions"), ["all"])]])
    heading = _("❓ **What do you want to know?** Tap a number, or type it: “How do I claim for an injury”")
    if state.get("unknown"):
        sorry = _("I have no answer to that yet. 12345 knows whose job it is. Here is what I know:")
        heading = join([sorry, heading], "\n\n")
    return _choice(heading, list(lessons.library.guides), state.get("page", 0))


def _known(names: list[str], lessons: LessonDesk) -> list[Guide]:
    return [guide for name in names if (guide := lessons.guide(name)) is not None]


def _choice(heading: Phrase, guides: list[Guide], page: int) -> says.Screen:
    shown = list(enumerate(guides, 1))[page * PAGE : (page + 1) * PAGE]
    lines = [
        Phrase("{number}. {title}").format(number=number, title=guide.text(current_locale()).head.title)
        for number, guide in shown
    ]
    numbers: list[says.Button] = [says.Option(str(number), ["guide", guide.id]) for number, guide in shown]
    rows: Rows = [row for row in (numbers, page_turns(page, len(guides), PAGE)) if row]
    return says.Screen(join([heading, join(lines)], "\n\n"), rows)


def _article(guide: Guide, lessons: LessonDesk, appeals: MyAppeals) -> says.Screen:
    text = guide.text(current_locale())
    reviewed = _("_Sources: {names}_").format(names=_sources(text.head.sources))
    parts = [Phrase("❓ **{title}**").format(title=text.head.title), text.text, reviewed]
    rows: Rows = []
    lesson = lessons.lesson(guide.lesson)
    if lesson is not None:
        label = _("📚 Lesson: {title}").format(title=title_of(lesson))
        rows.append([says.Option(label, ["lesson", lesson.id])])
    kind = next((kind for kind in appeals.book.kinds if guide.id in kind.guides), None)
    if kind is not None:
        label = _("📮 Not solved? File an appeal: {kind}").format(kind=kind.name(current_locale()))
        rows.append([says.Option(label, ["appeal", kind.id])])
    calls: list[says.Button] = [
        says.Option(f"📞 {hotline.number}", ["call", hotline.number]) for hotline in lessons.hotlines(guide)
    ]
    rows += [calls] if calls else []
    rows.append([says.Option(_("☰ All questions"), ["all"])])
    return says.Screen(join(parts, "\n\n"), rows)


def _sources(sources: Sequence[Source]) -> Phrase:
    """Each source once; what nobody could check says so."""
    sure = {(source.origin, source.date): source.sure for source in sources}
    for source in sources:
        sure[source.origin, source.date] |= source.sure
    named = [
        Phrase("{origin} {date}" if is_sure else _("{origin} {date} (not verified)")).format(
            origin=origin, date=date
        )
        for (origin, date), is_sure in sure.items()
    ]
    return join(named, " · ")


def _call(hotline: Hotline) -> says.Text:
    locale = current_locale()
    return says.Text(
        Phrase("📞 **{number}** · {name}\n{about}").format(
            number=hotline.number, name=hotline.name(locale), about=hotline.purpose(locale)
        )
    )


# -- What a tap or a word does ---------------------------------------------------------


def _react(talk: Talk, state: State, event: hears.Event, lessons: LessonDesk) -> Reaction:
    match event:
        case hears.Choice(["lesson" | "appeal", str()] as way):
            return Left(way)
        case hears.Choice(["page", int(page)]):
            return {"page": page}
        case hears.Choice(["guide", str(name)]):
            return {"guide": name}
        case hears.Choice(["call", str(number)]):
            hotline = lessons.library.hotlines.get(number)
            if hotline is not None:
                talk.show(_call(hotline))
            return state
        case hears.Choice():
            return {}
        case hears.Text(text):
            return _typed(state, text, lessons)
    return IGNORED


def _typed(state: State, text: str, lessons: LessonDesk) -> Reaction:
    shown = _known(state["found"], lessons) if "found" in state else list(lessons.library.guides)
    place = None if "guide" in state else ordinal(text, len(shown))
    if place is not None:
        return {"guide": shown[place - 1].id}
    return _searched(text, lessons) or IGNORED


# -- Ways in -------------------------------------------------------------------------


async def open_guide(aside: Aside, name: str) -> None:
    """A guide's link or button; without a name all of them.

    A button that names one stands under a receipt or a word of comfort: that stays.
    """
    if name:
        aside.keep()
    aside.go(GUIDE, guide=name)


DIALOG = Dialog(
    GUIDE,
    answer,
    title=lambda: _("Questions and answers"),
    command="guide",
    summary=lambda: _("Hurt, unpaid, cheated: what to do"),
    parks=False,
)
ACTIONS = (Answerer(GUIDE, open_guide),)
LINKS = (Answerer(GUIDE, open_guide),)

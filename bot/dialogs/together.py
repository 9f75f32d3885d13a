"""A lesson that a group takes together: its message there, the way into it, and its questions as polls."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogs.lesson_screens import minutes_words
from bot.dialogs.lessons import LESSON
from bot.i18n import Phrase, _, current_locale, join, ngettext, plain
from bot.services.lessons import timing
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.library import Library
from bot.services.lessons.model import Card
from bot.services.lessons.together import GroupLesson, Tally, TogetherDesk, code_of
from bot.talk import says
from bot.talk.dialog import Answerer, Aside
from bot.talk.markup import parse

TOGETHER = "together"
ASK = "together_ask"

# Kinds of questions with one right answer: the only ones a poll can ask.
POLLED = ("single", "situation")


def worded(library: Library, secret: str) -> Callable[[GroupLesson, Tally], says.Text]:
    """How the group's message reads, in the language being spoken; `secret` is what its link is made from."""

    def words(made: GroupLesson, tally: Tally) -> says.Text:
        lesson = library.lesson(made.lesson)
        if lesson is None:
            return says.Text(_("That lesson is not there any more."))
        text = lesson.text(current_locale())
        heading = Phrase("📚 **{title}** · {minutes}").format(
            title=text.head.title, minutes=minutes_words(timing.minutes(text.cards))
        )
        link = f"start:{TOGETHER}_{made.id}_{code_of(secret, made.id)}"
        way = says.Link(_("▶ Take it in private"), link)
        rows: list[list[says.Button]] = [[way]]
        if _polled(text.cards, made.asked) is not None:
            rows.append([says.Action(_("❓ A question for all"), ASK, str(made.id))])
        return says.Text(join([join([heading, plain(text.head.summary)]), _counted(tally)], "\n\n"), rows)

    return words


def _counted(tally: Tally) -> Phrase:
    if not tally.begun:
        return _("Nobody has begun yet. Who is first?")
    through = ngettext("✓ {n} is through", "✓ {n} are through", tally.finished)
    on_the_way = tally.begun - tally.finished
    if not on_the_way:
        return through
    return join([through, ngettext("{n} on the way", "{n} on the way", on_the_way)], " · ")


def _polled(cards: tuple[Card, ...], asked: int) -> Card | None:
    """The next question that a poll can ask."""
    fitting = [card for card in cards if card.quiz in POLLED]
    return fitting[asked] if asked < len(fitting) else None


async def take(aside: Aside, argument: str, together: TogetherDesk) -> None:
    """From the group's message into the lesson."""
    number, _separator, code = argument.partition("_")
    found = await together.open(int(number)) if _is_number(number) else None
    if found is None:
        aside.say(says.Text(_("That lesson is not there any more.")))
    elif await together.take(found.id, code):
        aside.go(LESSON, lesson=found.lesson)
    else:
        text = _(
            "This link is an old one: the group does not count who comes by it. Its message there has a "
            "fresh button now. Or take the lesson just for yourself."
        )
        aside.say(says.Text(text, [[says.Action(_("▶ Just for me"), LESSON, found.lesson)]]))


async def ask(aside: Aside, number: str, together: TogetherDesk, lessons: LessonDesk) -> None:
    """The next question as a poll, for whoever may."""
    found = await together.open(int(number)) if _is_number(number) else None
    lesson = lessons.lesson(found.lesson) if found else None
    if found is None or lesson is None or not await together.may_ask(found):
        aside.toast(_("Organizers ask the questions here. Take the lesson in private meanwhile."))
        return
    card = _polled(lesson.text(found.language).cards, found.asked)
    if card is None or not await together.asked(found.id, found.asked):
        aside.toast(_("All questions have been asked."))
        return
    aside.say(_quiz(card))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _quiz(card: Card) -> says.Quiz:
    right = card.right[0]
    question = " ".join(part for part in (card.title, parse(card.text).text) if part)
    return says.Quiz(question, tuple(option.text for option in card.options), right, card.options[right].why)


ACTIONS = (Answerer(ASK, ask, in_groups=True),)
LINKS = (Answerer(TOGETHER, take),)

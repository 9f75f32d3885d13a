"""Questions in words: how to write them, what is wrong with one, how one is said back."""

from __future__ import annotations

from bot.i18n import Phrase, _, join, ngettext
from bot.services.checkins.model import (
    LONGEST_LABEL,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Question,
)
from bot.services.checkins.questions import Flaw

MINUTES_IN_HOUR, MINUTES_IN_DAY = 60, 24 * 60


def how_to_write() -> Phrase:
    """How the questions of a survey are written."""
    return _(
        "Write one question a line; in brackets how to answer. For example:\n\n"
        "`How many hours a day do you ride? [1-16]`\n"
        "`Was pay deducted this month? [Yes -> 3 / No -> 4]`\n"
        "`What was it for?`\n"
        "`Shall somebody call you? [Yes! / No]`\n\n"
        "Without brackets: in words. -> goes on with that question, ! reaches you at once."
    )


def flaw(found: Flaw) -> Phrase:
    """What is wrong with a line, and what to do."""
    sentences = {
        "nothing": _("There is no question in it."),
        "too many": _("More than {most} questions nobody answers: leave some out.").format(
            most=MOST_QUESTIONS
        ),
        "too long": _("The question is longer than {most} characters.").format(most=LONGEST_QUESTION),
        "empty range": _("In “{about}” the first number must be the smaller one."),
        "options": _("“{about}”: write 2 to {most} answers with / between them."),
        "twice": _("“{about}”: two answers are the same."),
        "label": _("“{about}”: an answer has 1 to {longest} characters."),
        "jump": _("-> {about} leads nowhere: name a question further down, or end."),
    }
    said = sentences[found.name].format(about=found.about, most=MOST_OPTIONS, longest=LONGEST_LABEL)
    return _("Line {n}: {said}").format(n=found.line, said=said)


def told(question: Question, *, alone: bool) -> Phrase:
    """A question as it will be answered."""
    how = _how(question)
    if alone:
        return how
    return Phrase("{n}. {text}\n    {how}").format(
        n=question.key.removeprefix("q"), text=question.text, how=how
    )


def _how(question: Question) -> Phrase:
    if question.kind == "options":
        labels = [
            Phrase("{label}{mark}").format(label=option.label, mark=" 🔴" if option.attention else "")
            for option in question.options
        ]
        return join(labels, " / ")
    if question.kind == "number" and question.low is not None and question.high is not None:
        return _("🔢 a number from {low} to {high}").format(low=question.low, high=question.high)
    kinds = {
        "number": _("🔢 a number"),
        "text": _("✏️ in words"),
        "photo": _("📷 a photo"),
        "here": _("✋ I'm here"),
    }
    return kinds[question.kind]


def duration(minutes: int) -> Phrase:
    """A length of time in the largest unit that it fills."""
    if minutes % MINUTES_IN_DAY == 0:
        return ngettext("{n} day", "{n} days", minutes // MINUTES_IN_DAY)
    if minutes % MINUTES_IN_HOUR == 0:
        return ngettext("{n} hour", "{n} hours", minutes // MINUTES_IN_HOUR)
    return ngettext("{n} minute", "{n} minutes", minutes)

"""A reminder, said freely or step by step: what, when, said back in full, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from bot.dialogs import consenting
from bot.dialogs import reminder_words as words
from bot.dialogs.opening import opener
from bot.dialogs.reminder_sure import ANOTHER, TIME, Sure
from bot.i18n import Phrase, _, current_locale
from bot.services.people import People
from bot.services.privacy.consents import Consents
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import LONGEST_WHAT, Answer
from bot.services.reminders.timing import from_json, is_settled, to_json
from bot.services.when import Reason, When, ask
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Go, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import line
from bot.talk.says import Json

REMIND = "remind"
LIST = "reminders"
CHANGE = "reminder_change"

# The evening of "tonight at 8" is over then.
_EVENING = 20
_HOURS = ("08:00", "12:00", "18:00", "20:00")


class Told:
    """A task, perhaps with its time."""

    def __init__(self, reminders: ReminderDesk) -> None:
        self._reminders = reminders

    def hear(self, event: hears.Event) -> Json:
        """A line of text."""
        return self._reminders.heard(line(LONGEST_WHAT).hear(event))

    def read(self, value: Json) -> When:
        """What was understood; Refused if it is nothing that this release wrote."""
        return _read(value)


class SaidTime:
    """A time; of an hour alone the day is the one that was said before."""

    def __init__(self, reminders: ReminderDesk, day: When | None = None) -> None:
        self._reminders = reminders
        self._day = self._reminders.say(day) if day else ""

    def hear(self, event: hears.Event) -> Json:
        """A line that says when; Refused with a question that helps where it can't be read."""
        if not isinstance(event, hears.Text):
            raise Refused(_("Please write when it should be."))
        whole = self._reminders.read(f"{self._day} {event.text}") if self._day else None
        when = whole if whole is not None and is_settled(whole) else self._reminders.read(event.text)
        if when.kind == "unclear" and not when.choices:
            raise Refused(ask(when, current_locale()))
        return to_json(when)

    def read(self, value: Json) -> When:
        """What was understood; Refused if it is nothing that this release wrote."""
        return _read(value)


def _read(value: Json) -> When:
    try:
        return from_json(value)
    except (KeyError, TypeError, ValueError):
        raise Refused(_("Please write when it should be.")) from None


# -- A new one -----------------------------------------------------------------------


async def remind(talk: Talk, reminders: ReminderDesk, people: People, consents: Consents) -> Go | None:
    """Ask what is missing, say what was understood, keep it.

    Who says the next one where this one waits to be confirmed takes it for kept; so it is.
    """
    heard = await _heard(talk, reminders)
    what, when = heard.what[:LONGEST_WHAT], await settle_time(talk, heard, reminders, "when")
    turn = 0
    while True:
        said = words.summary(when, what, reminders)
        question, ways = _("⏰ {said}. Right?").format(said=said), _ways(when)
        sure = await talk.ask(f"sure{turn}", question, Sure(ways, when, reminders), quick=ways)
        turn += 1
        if isinstance(sure, dict) and TIME in sure:
            when = await settle_time(talk, _read(sure[TIME]), reminders, f"when{turn}.")
            continue
        if sure != "change":
            break
        change = await talk.choose(
            f"change{turn}",
            _("What should change?"),
            [(_("🕗 The time"), "when"), (_("✏️ The words"), "what")],
        )
        if change == "when":
            when = await settle_time(talk, None, reminders, f"when{turn}.")
        else:
            what = await talk.ask(f"what{turn}", _("What shall I remind you of?"), line(LONGEST_WHAT))
    number = await talk.once("make", reminders.create, what, to_json(when), sure == "until_done")
    if number is None:
        await talk.say("late", _("That time is over by now, or your list is full. /reminders shows it."))
        return None
    kept = _("✓ Kept: {said}.").format(said=said)
    await talk.say("kept", says.Text(kept, [[says.Action(_("☰ My reminders"), LIST)]]))
    if isinstance(sure, dict):
        return Go(REMIND, {"asked": sure[ANOTHER]})
    await consenting.say_if_silent(talk, people, consents)
    return None


async def _heard(talk: Talk, reminders: ReminderDesk) -> When:
    """What was said already, or is said now."""
    asked = await talk.given("asked", "")
    if asked:
        heard = _read(await talk.note("heard", reminders.heard, asked))
        if heard.what or heard.reason is not Reason.NOTHING:
            return heard
    water = (_("💧 Drink and rest"), ready_made_water())
    question = _(
        "What shall I remind you of? You can say the time as well: “tomorrow at 8:00 swap the battery”."
    )
    return await talk.ask("what", question, Told(reminders), quick=[water])


def _ways(when: When) -> list[tuple[str, str]]:
    ways: list[tuple[str, str]] = [(_("✓ Right"), "right"), (_("✏️ Change"), "change")]
    if when.rrule is None:
        ways.append((_("🔁 Right, until I tap Done"), "until_done"))
    return ways


async def settle_time(
    talk: Talk,
    when: When | None,
    reminders: ReminderDesk,
    key: str,
    opening: tuple[Phrase, Sequence[str]] | None = None,
) -> When:
    """Ask until it is known when something is to be, to the minute; steps are keyed `key` and a number.

    `opening` is the first question, with likely answers that the grammar reads.
    """
    turn = 0
    while when is None or not is_settled(when):
        question, quick = _question(when, reminders)
        if when is None and opening is not None:
            question, quick = opening[0], [(one, one) for one in opening[1]]
        day = when if when is not None and when.kind != "unclear" else None
        when = await talk.ask(f"{key}{turn}", question, SaidTime(reminders, day), quick=quick)
        turn += 1
    return when


def _question(when: When | None, reminders: ReminderDesk) -> tuple[Phrase, list[tuple[str, str]]]:
    """What to ask next about a time, and the answers that are likely."""
    if when is not None and when.kind != "unclear":
        question = _("**{day}**: at what time?").format(day=reminders.say(when))
        return question, [(hour, hour) for hour in _HOURS]
    if when is not None and when.choices:
        said = [str(reminders.say(choice)) for choice in when.choices]
        return ask(when, current_locale()), [(one, one) for one in said]
    question = ask(when, current_locale()) if when is not None else _("When should it be?")
    return question, [(one, one) for one in _likely(reminders)]


def _likely(reminders: ReminderDesk) -> Sequence[str]:
    """Times people often want; the grammar reads each as it stands."""
    tonight = [_("tonight at 8:00")] if reminders.now.hour < _EVENING else []
    likely = [_("in half an hour"), _("in 1 hour"), *tonight, _("tomorrow at 8:00")]
    return [str(one) for one in likely]


def ready_made_water() -> str:
    """A reminder for hot days, as one would say it."""
    return str(_("remind me every day at 9:00, 11:00, 13:00, 15:00, 17:00 and 19:00 to drink water and rest"))


# -- Another time, other words ---------------------------------------------------------


async def change(talk: Talk, reminders: ReminderDesk) -> Go:
    """Give a reminder another time or other words, and show it."""
    number, field = await talk.given("reminder", 0), await talk.given("field", "when")
    card = Go(LIST, {"card": number})
    if await reminders.get(number) is None:
        return card
    if field == "what":
        what = await talk.ask("what", _("What shall I remind you of?"), line(LONGEST_WHAT))
        await talk.once("rephrase", reminders.rephrase, number, what)
        return card
    when = await settle_time(talk, None, reminders, "when")
    if not await talk.once("reschedule", reminders.reschedule, number, to_json(when)):
        await talk.say("late", _("That time is over by now."))
    return card


# -- Ways in -----------------------------------------------------------------------------


async def answer(aside: Aside, argument: str, reminders: ReminderDesk) -> None:
    """A tap under a reminder that rang."""
    tapped = words.read_ring(argument)
    if tapped is None:
        aside.toast(_("That button doesn't work any more."))
        return
    number, ring, said = tapped
    answered = await reminders.answer(number, ring, cast(Answer, said))
    if answered is None:
        aside.toast(_("It is not there any more."))
    elif answered.before:
        aside.toast(_("You answered that already."))
    else:
        aside.redraw(words.answered(answered, reminders))


DIALOG = Dialog(
    REMIND,
    remind,
    title=lambda: _("A new reminder"),
    command="remind",
    summary=lambda: _("Remind me, or: /remind tomorrow at 8:00 swap the battery"),
)
CHANGE_DIALOG = Dialog(CHANGE, change, title=lambda: _("Change a reminder"), parks=False)
ACTIONS = (Answerer(words.RING, answer), opener(REMIND))

"""A new event, or a call for helpers: what, when, where, for whom and how many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.dialogs import event_words as words
from bot.dialogs.branch_words import place_of
from bot.dialogs.checkins import Number
from bot.dialogs.presence import MINUTES_IN_HOUR
from bot.dialogs.reminders import settle_time
from bot.dialogs.whom import choose_branch, choose_people, people_words
from bot.i18n import Phrase, _, join
from bot.services.branches.desk import BranchDesk
from bot.services.events.desk import EventDesk
from bot.services.events.model import (
    CALLOUTS,
    KINDS,
    LASTS,
    LONGEST,
    LONGEST_ABOUT,
    LONGEST_TITLE,
    LONGEST_WHERE,
    MOST_PLACES,
    Draft,
    Event,
)
from bot.services.presses import short
from bot.services.reminders.desk import ReminderDesk
from bot.talk import says
from bot.talk.dialog import Dialog
from bot.talk.engine import Talk
from bot.talk.inputs import LongText, line

NEW = "new_event"
NEW_CALLOUT = "new_callout"
# Likely numbers of places.
_FEW, _MANY = ("3", "5", "10"), ("20", "50", "100")


async def make(talk: Talk, events: EventDesk, branches: BranchDesk, reminders: ReminderDesk) -> None:
    """Ask for an event, and announce it."""
    await _make(talk, KINDS, events, branches, reminders)


async def call_out(talk: Talk, events: EventDesk, branches: BranchDesk, reminders: ReminderDesk) -> None:
    """Ask for a call-out for helpers, and announce it."""
    await _make(talk, CALLOUTS, events, branches, reminders)


async def _make(
    talk: Talk, kinds: Sequence[str], events: EventDesk, branches: BranchDesk, reminders: ReminderDesk
) -> None:
    """Ask for all of it, say it back, and announce it."""
    reach = await events.reach()
    if not reach:
        await talk.say("no", _("Only organizers announce events. /events shows what there is."))
        return
    named = words.kind_words()
    kind = await talk.choose("kind", _("What kind of event?"), [(named[one], one) for one in kinds])
    title = await talk.ask("title", _("What is it called?"), line(LONGEST_TITLE))
    at, zone = await _moment(talk, reminders)
    minutes = await _lasts(talk) if kind in CALLOUTS else LASTS
    where = await talk.ask("where", _("Where?"), line(LONGEST_WHERE))
    asked = _("A few words about it: what one gets, what to bring.")
    about = await talk.ask("about", asked, LongText(1, LONGEST_ABOUT), optional=True)
    places = await _places(talk, _FEW if kind in CALLOUTS else _MANY)
    branch = await choose_branch(talk, reach, branches)
    segment, count = await choose_people(talk, branch, events.meant)
    draft = Draft(kind, title, about or "", where, branch, segment, at, zone, places, minutes)
    await _announce(talk, draft, count, events, branches)


async def _announce(talk: Talk, draft: Draft, count: int, events: EventDesk, branches: BranchDesk) -> None:
    """Say it back, and send it to its people."""
    branch = draft.branch
    place = await place_of(branch, branches)
    if not await talk.confirm(
        "sure", _summary(draft, place, count), yes=_("📣 Announce it"), no=_("No, drop it")
    ):
        await talk.say("dropped", _("All right, nothing was announced."))
        return
    number = await talk.once("make", _made, events, draft)
    if number is None:
        await talk.say("late", _("That time is over by now."))
        return
    row = [says.Action(_("🗓 The event"), words.EVENT, short(number))]
    await talk.say(
        "done", says.Text(_("✓ On its way to {people}.").format(people=people_words(count)), [row])
    )


async def _moment(talk: Talk, reminders: ReminderDesk) -> tuple[datetime, str]:
    """When it is, and in which time zone: once, not again and again."""
    turn = 0
    question = _("🕗 When does it begin? For example: Saturday at 9:00")
    likely = [str(_("tomorrow at 14:00")), str(_("Saturday at 9:00")), str(_("Friday at 18:00"))]
    while True:
        when = await settle_time(talk, None, reminders, f"when{turn}.", (question, likely))
        if when.rrule is None and isinstance(when.at, datetime):
            return when.at, when.zone.key
        question = _("An event is once: on which day, and at what time?")
        turn += 1


async def _lasts(talk: Talk) -> int:
    """How long helpers are needed, in minutes."""
    quick = [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]
    asked = _("⏱ For how many hours?")
    hours: int = await talk.ask("hours", asked, Number(1, LONGEST // MINUTES_IN_HOUR), quick=quick)
    return hours * MINUTES_IN_HOUR


async def _places(talk: Talk, likely: Sequence[str]) -> int | None:
    """How many places there are; None for no limit."""
    question = _("How many places are there? Or skip, for as many as come.")
    quick = [(one, one) for one in likely]
    return await talk.ask("places", question, Number(1, MOST_PLACES), quick=quick, optional=True)


async def _made(events: EventDesk, draft: Draft) -> int | None:
    try:
        return await events.make(draft)
    except ValueError:
        return None


def _summary(draft: Draft, place: Phrase, count: int) -> Phrase:
    shown = Event(
        0,
        draft.kind,
        draft.title,
        draft.about,
        draft.where,
        draft.branch,
        draft.segment,
        draft.at,
        draft.zone,
        draft.places,
        False,
        minutes=draft.minutes,
    )
    told = _("📣 {place}: {people} are told").format(place=place, people=people_words(count))
    return join([words.card(shown, draft.zone), told])


DIALOG = Dialog(NEW, make, title=lambda: _("A new event"))
CALLOUT_DIALOG = Dialog(NEW_CALLOUT, call_out, title=lambda: _("A new call-out"))

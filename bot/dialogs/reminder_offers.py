"""Reminders that organizers offer: made here, taken over with a tap, never forced."""

from __future__ import annotations

from bot.dialogs.branch_words import place_of
from bot.dialogs.opening import opener
from bot.dialogs.reminder_words import task_of
from bot.dialogs.reminders import LIST, settle_time
from bot.dialogs.whom import choose_branch, choose_people, people_words
from bot.i18n import Phrase, _, current_locale, join
from bot.services.branches.desk import BranchDesk
from bot.services.presses import long, short
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import LONGEST_WHAT
from bot.services.reminders.offers import Offer, OfferDesk
from bot.services.reminders.timing import to_json
from bot.services.when import say
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Talk
from bot.talk.inputs import line

NEW = "offer_reminder"
TAKE = "take_offer"
DECLINE = "no_offer"


async def offer(talk: Talk, offers: OfferDesk, branches: BranchDesk, reminders: ReminderDesk) -> None:
    """What, when, to whom; they decide with a tap."""
    reach = await offers.reach()
    if not reach:
        await talk.say("no", _("Only organizers offer reminders to others. Your own are in /reminders."))
        return
    question = _("📣 What shall people be reminded of? Each decides whether they want it.")
    what = await talk.ask("what", question, line(LONGEST_WHAT))
    likely = [str(_("every day at 9:00")), str(_("every day at 20:00")), str(_("tomorrow at 8:00"))]
    when = await settle_time(talk, None, reminders, "when", (_("When should it be?"), likely))
    branch = await choose_branch(talk, reach, branches)
    segment, count = await choose_people(talk, branch, offers.meant)
    place = await place_of(branch, branches)
    said = _("⏰ **{when}**, {what}").format(when=reminders.say(when), what=what)
    asked = _("📣 {place}: {people} are asked").format(place=place, people=people_words(count))
    if not await talk.confirm("sure", join([said, asked]), yes=_("📣 Offer it"), no=_("No, drop it")):
        await talk.say("dropped", _("All right, nobody was asked."))
        return
    await talk.once("make", offers.make, what, to_json(when), branch, segment)
    await talk.say("done", _("✓ On its way to {people}.").format(people=people_words(count)))


def offered(one: Offer) -> says.Text:
    """The offer as people read it."""
    said = say(one.when, current_locale(), one.made_at)
    text = _("📣 Your organizers suggest a reminder:\n⏰ **{when}**, {what}")
    number = short(one.id)
    row = [says.Action(_("⏰ Remind me"), TAKE, number), says.Action(_("No, thanks"), DECLINE, number)]
    return says.Text(text.format(when=said, what=task_of(one.what)), [row])


async def take(aside: Aside, number: str, offers: OfferDesk) -> None:
    """Have this reminder, too."""
    taken = await offers.take(long(number) or 0)
    if taken == "taken":
        one = await offers.get(long(number) or 0)
        what: Phrase = _("✓ Kept: {what}. It is yours now: change or delete it as you like.")
        row = [says.Action(_("☰ My reminders"), LIST)]
        aside.redraw(says.Text(what.format(what=task_of(one.what) if one else ""), [row]))
        return
    sentences = {
        "before": _("You have it already."),
        "late": _("That time is over by now, or your list is full. /reminders shows it."),
    }
    aside.toast(sentences.get(taken, _("It is not there any more.")))


async def decline(aside: Aside, _number: str) -> None:
    """Not this one; nobody is told."""
    aside.redraw(says.Text(_("All right. Nobody is told.")))


DIALOG = Dialog(NEW, offer, title=lambda: _("Offer a reminder"))
ACTIONS = (Answerer(TAKE, take), Answerer(DECLINE, decline), opener(NEW))

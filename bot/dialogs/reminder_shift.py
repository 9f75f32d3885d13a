"""A reminder before every shift: when it begins, and how long before."""

from __future__ import annotations

from bot.dialogs.opening import opener
from bot.dialogs.reminders import LIST, settle_time
from bot.i18n import _, ngettext
from bot.services.lessons.daily import BEFORE_SHIFT, DailyDesk
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.shift import ShiftDesk, before
from bot.services.reminders.timing import to_json
from bot.services.when import When
from bot.talk import says
from bot.talk.dialog import Dialog
from bot.talk.engine import Go, Talk

SHIFT = "shift"
MINUTES = (15, 30, 60)
DAILY = "daily"


async def remind_before_shift(
    talk: Talk, shifts: ShiftDesk, reminders: ReminderDesk, daily: DailyDesk
) -> Go | None:
    """Ask when the shift begins and how long before to ring; keep it."""
    when = await _beginning(talk, reminders)
    choices = [(ngettext("{n} minute before", "{n} minutes before", each), each) for each in MINUTES]
    minutes = await talk.choose("minutes", _("How long before shall I ring?"), choices, columns=1)
    earlier = reminders.say(before(when, minutes))
    asked = _("⏰ **{when}**: your shift begins soon. Right?").format(when=earlier)
    if not await talk.confirm("sure", asked, yes=_("✓ Right"), no=_("No, thanks")):
        return Go(LIST)
    what = str(_("Your shift begins in {n} minutes: battery, helmet, papers?").format(n=minutes))
    number = await talk.once("keep", shifts.choose, to_json(when), minutes, what)
    if number is None:
        await talk.say("late", _("That time is over by now, or your list is full. /reminders shows it."))
        return None
    await talk.once("lesson", _move_lesson, shifts, daily)
    rows = [[says.Action(_("☰ My reminders"), LIST), says.Action(_("📚 A lesson every day"), DAILY)]]
    await talk.say("kept", says.Text(_("✓ Kept: {said}.").format(said=earlier), rows))
    return None


async def _move_lesson(shifts: ShiftDesk, daily: DailyDesk) -> None:
    """A daily lesson that comes before every shift moves along."""
    chosen = await daily.chosen()
    if chosen is None or not chosen.before_shift:
        return
    before_it = await shifts.before(BEFORE_SHIFT)
    if before_it is not None:
        await daily.choose_before_shift(before_it)


async def _beginning(talk: Talk, reminders: ReminderDesk) -> When:
    """When the shift begins: at an hour that comes again."""
    turn = 0
    question = _("🛵 When does your shift begin? For example: weekdays at 10:30")
    likely = [str(_("weekdays at 10:30")), str(_("every day at 9:00")), str(_("every day at 16:30"))]
    while True:
        when = await settle_time(talk, None, reminders, f"when{turn}.", (question, likely))
        try:
            before(when, 0)
        except ValueError:
            question = _("I need an hour that comes again: weekdays at 10:30, every day at 8:00.")
            turn += 1
        else:
            return when


DIALOG = Dialog(SHIFT, remind_before_shift, title=lambda: _("Before my shift"))
ACTIONS = (opener(SHIFT),)

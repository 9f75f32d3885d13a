"""Papers that run out (insurance, inspection, health certificate): reminders 30, 7 and 1 days before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.i18n import Phrase, _, current_locale, join, ngettext
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.timing import to_json
from bot.services.when import Reason, When, ask
from bot.services.when.model import local
from bot.talk import hears
from bot.talk.dialog import Dialog
from bot.talk.engine import Go, Talk
from bot.talk.errors import Refused
from bot.talk.says import Json

PAPERS = "papers"
LIST = "reminders"

DAYS_BEFORE = (30, 7, 1)
# When offices open.
HOUR = 9


class Day:
    """A date that is still to come, as one says it; its year where that is another one."""

    def __init__(self, reminders: ReminderDesk) -> None:
        self._reminders = reminders

    def hear(self, event: hears.Event) -> Json:
        """A line that names a day; Refused with a question that helps where it doesn't."""
        if not isinstance(event, hears.Text):
            raise Refused(ask(When("unclear", self._reminders.zone), current_locale()))
        when = self._reminders.read(event.text)
        if when.rrule is not None or when.at is None:
            reason = when.reason if when.reason in (Reason.PAST, Reason.NO_SUCH_DAY) else Reason.WHICH_DAY
            raise Refused(ask(When("unclear", self._reminders.zone, reason=reason), current_locale()))
        return (when.at.date() if isinstance(when.at, datetime) else when.at).isoformat()

    def read(self, value: Json) -> date:
        """The date; Refused if it is none."""
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise Refused(_("On which day?")) from None


async def papers(talk: Talk, reminders: ReminderDesk) -> Go | None:
    """Ask which papers and until when they are good; remind in time."""
    names = {
        "insurance": _("Vehicle insurance"),
        "inspection": _("Vehicle inspection"),
        "health": _("Health certificate"),
    }
    paper = await talk.choose(
        "paper", _("Which papers run out?"), [(names[one], one) for one in names], columns=1
    )
    question = _("**{paper}**: until which day is it good? For example: June 18").format(paper=names[paper])
    day = await talk.ask("day", question, Day(reminders))
    planned = _planned(day, names[paper], reminders)
    if not planned:
        await talk.say("late", _("That is tomorrow or sooner: better see to it now."))
        return None
    lines = [Phrase("{when}").format(when=reminders.say(when)) for when in planned]
    said = join([_("⏰ **{paper}**: I remind you on").format(paper=names[paper]), *lines])
    if not await talk.confirm("sure", said, yes=_("✓ Right"), no=_("No, thanks")):
        return None
    await talk.once("make", _keep, planned, reminders)
    return Go(LIST)


def _planned(day: date, paper: str, reminders: ReminderDesk) -> list[When]:
    """The reminders that are still to come, each with what it says."""
    planned = []
    for days in DAYS_BEFORE:
        at = local(day - timedelta(days=days), HOUR, 0, reminders.zone)
        left = ngettext("{n} day left", "{n} days left", days)
        what = _("{paper}: {left}").format(paper=paper, left=left)
        if at > reminders.now:
            planned.append(When("moment", reminders.zone, at, what=str(what)))
    return planned


async def _keep(planned: list[When], reminders: ReminderDesk) -> list[int | None]:
    return [await reminders.create(when.what, to_json(when)) for when in planned]


DIALOG = Dialog(PAPERS, papers, title=lambda: _("Papers running out"))

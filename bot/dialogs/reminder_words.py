"""Reminders in words: how they are shown and how they ring."""

from __future__ import annotations

from bot.i18n import Phrase, _, clock, day_and_month, join
from bot.services.presses import long, short
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import PAUSED, Answered, Reminder, Ring
from bot.services.when import When
from bot.talk import says

RING = "ring"

# -- What there is ---------------------------------------------------------------


def task_of(what: str) -> str:
    """What it will say; one without words just rings."""
    return what or _("just ring")


def summary(when: When, what: str, reminders: ReminderDesk) -> Phrase:
    """What was understood, in full."""
    return _("**{when}**, {what}").format(when=reminders.say(when), what=task_of(what))


def time_line(reminder: Reminder, reminders: ReminderDesk) -> Phrase:
    """When it rings; of a series also when next."""
    said = reminders.say(reminder.when())
    if reminder.state == PAUSED:
        return _("⏸ paused · {when}").format(when=said)
    if reminder.rule is None or reminder.next_at is None:
        return Phrase("{when}").format(when=said)
    upcoming = reminders.say(When("moment", reminder.zone, reminder.next_at.astimezone(reminder.zone)))
    if str(upcoming) in said:
        return Phrase("{when}").format(when=said)
    return _("{when} · next {next}").format(when=said, next=upcoming)


# -- Ringing ---------------------------------------------------------------------


def _said(what: str) -> str:
    return what or _("Time's up")


def rung(ring: Ring) -> says.Text:
    """The message of a ring, with its answers."""
    text = Phrase("⏰ **{what}**").format(what=_said(ring.what))
    if ring.late:
        late = _("_This was for {day} {time}. It comes late: the service was not there._")
        said = late.format(day=day_and_month(ring.due_at), time=clock(ring.due_at))
        text = join([text, said])
    answers = (
        (_("✓ Done"), "done"),
        (_("⏰ 10 min"), "soon"),
        (_("1 hour"), "hour"),
        (_("Tomorrow"), "tomorrow"),
    )
    buttons = [
        says.Action(label, RING, f"{short(ring.reminder)}.{short(ring.number)}.{answer}")
        for label, answer in answers
    ]
    return says.Text(text, [buttons[:2], buttons[2:]])


def read_ring(argument: str) -> tuple[int, int, str] | None:
    """The reminder, the ring and the answer that a button carries; None for anything else."""
    parts = argument.split(".")
    if len(parts) != 3 or parts[2] not in ("done", "soon", "hour", "tomorrow"):
        return None
    number, ring = long(parts[0]), long(parts[1])
    return None if number is None or ring is None else (number, ring, parts[2])


def answered(answer: Answered, reminders: ReminderDesk) -> says.Text:
    """The message of a ring once it was answered."""
    if answer.again is None:
        return says.Text(_("✓ Done: {what}").format(what=_said(answer.what)))
    again = reminders.say(When("moment", reminders.zone, answer.again.astimezone(reminders.zone)))
    return says.Text(_("⏰ **{what}**\nOnce more: {when}").format(what=_said(answer.what), when=again))

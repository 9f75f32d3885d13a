"""Reminders in words: how they are shown, how they ring, and how people ask for one."""

from __future__ import annotations

import re

from bot.i18n import Phrase, _, clock, day_and_month, join
from bot.services.presses import long, short
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import PAUSED, Answered, Reminder, Ring
from bot.services.when import When
from bot.talk import says

RING = "ring"

_ASKS = re.compile(
    r"提醒|闹钟|闹铃|叫醒|喊醒|(?P<calls>叫我|喊我|催我)"
    r"|\bremind(?:ing)?\b|\breminder|\balarm\b|\bwake me\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:请|麻烦|帮我|帮忙|记得|到时候?|please |can you |could you )*"
    r"(?:设置?个?|定个?|加个?|新建)?"
    r"(?:提醒|闹钟|叫醒|remind (?:me|us)\b|wake me\b|set (?:a|an) (?:reminder|alarm))",
    re.IGNORECASE,
)
# Said of reminders to others, or of those that never came.
_NOT_FOR_ME = re.compile(
    r"全体|群发|大家|所有人|[没不别]有?提醒|everyone|everybody|(?:didn't|never|don't|not) remind",
    re.IGNORECASE,
)
# Nothing but a time and these comes before "叫我": else it tells what somebody else said.
_BEFORE_CALLS = re.compile(r"(?:[你您请]|麻烦你?|帮忙|记得|到时候?|到点|到|在|等|就|再|，|,|\s)*")
_UNDOES = re.compile(
    r"(?:把|请|帮我|麻烦|我要|我想)*(?:取消|删[除掉]?|关[掉闭]|停[掉止]?|暂停).*(?:提醒|闹钟)"
    r"|.*(?:提醒|闹钟).*(?:删[除掉]?|取消|关掉?|停掉?|不要)了?[吧。！]?"
    r"|(?:别|不要|不用)再?(?:提醒|叫|喊)我.*"
    r"|(?:please )?(?:cancel|delete|remove|pause|stop|change)\b.*\b(?:reminders?|alarms?|reminding)\b.*",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"(?:哪些|我的|查看?|看看|列出|所有|多少|管理|我都|删[除掉]?|取消|关[掉闭]|停[掉了]?|暂停|改).{0,16}(?:提醒|闹钟)"
    r"|(?:提醒|闹钟).{0,8}(?:删|取消|关掉|停掉|暂停|不要了|列表|有哪些)"
    r"|\b(?:my|show|list|all|delete|cancel|remove|pause|stop|change)\b.{0,24}\b(?:reminders?|alarms?)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether somebody asks to be reminded, or not to be any more."""
    if asks_to_undo(text):
        return True
    return _ASKS.search(text) is not None and _NOT_FOR_ME.search(text) is None


def before_calling(text: str) -> str | None:
    """What comes before "叫我" or its like, where nothing plainer asks; None where something does."""
    asked = _ASKS.search(text)
    if asked is None or asked.group("calls") is None:
        return None
    before = text[: asked.start()]
    return before[_BEFORE_CALLS.match(before).end() :]  # type: ignore[union-attr]  # it may match nothing


def begins_with_asking(text: str) -> bool:
    """Whether it can mean nothing else, whatever comes after."""
    return _BEGINS.match(text.strip()) is not None


def asks_to_undo(text: str) -> bool:
    """Whether somebody wants one they have to change or to be gone, whatever time is in it."""
    return _UNDOES.fullmatch(text.strip()) is not None


def asks_for_list(text: str) -> bool:
    """Whether somebody wants to see, change or delete what they have."""
    return _LISTS.search(text) is not None


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

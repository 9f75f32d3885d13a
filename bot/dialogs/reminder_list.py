"""The person's reminders: when each rings, pause, change, delete, take that back."""

from __future__ import annotations

from typing import Any

from bot.dialogs import reminder_papers
from bot.dialogs import reminder_words as words
from bot.dialogs.opening import opener
from bot.dialogs.paging import numbers, page_of, turns
from bot.dialogs.reminder_shift import SHIFT
from bot.dialogs.reminders import CHANGE, LIST, REMIND, ready_made_water
from bot.i18n import Phrase, _, join
from bot.services.presses import long, short
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import DONE, PAUSED, Reminder
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.ordinals import ordinal

State = dict[str, Any]
"""What the screen shows: `page`, and perhaps `card` (a reminder's number) or `deleted` (the number and task
of one to take back)."""

PAGE = 8
CALENDAR = "reminder_ics"


async def look_through(talk: Talk, reminders: ReminderDesk) -> Go:
    """The list and its cards, until one is changed or another made."""
    asked, card = await talk.given("asked", ""), await talk.given("card")
    if asked:
        card = await talk.note("named", reminders.named, asked)
    way = await talk.browse(
        "list",
        lambda: {"page": 0, "card": card} if card else {"page": 0},
        lambda state: _draw(state, reminders),
        lambda state, event: _react(talk, state, event, reminders),
    )
    match way:
        case ["change", int(number), str(field)]:
            return Go(CHANGE, {"reminder": number, "field": field})
        case ["papers"]:
            return Go(reminder_papers.PAPERS)
        case ["say", str(said)]:
            return Go(REMIND, {"asked": said})
    return Go(REMIND)


# -- Screens -------------------------------------------------------------------------


async def _draw(state: State, reminders: ReminderDesk) -> says.Screen:
    if "card" in state:
        reminder = await reminders.get(state["card"])
        if reminder is not None:
            return _card(reminder, reminders)
    kept = await reminders.all()
    screen = _list(kept, state["page"], reminders) if kept else _empty()
    if "deleted" not in state:
        return screen
    number, what = state["deleted"]
    gone = _("🗑 Deleted: {what}.").format(what=words.task_of(what))
    undo: list[says.Button] = [says.Option(_("↩ Undo"), ["undo", number])]
    rows: says.Rows = [undo, *screen.rows]
    return says.Screen(join([gone, Phrase(screen.text)], "\n\n"), rows)


def _empty() -> says.Screen:
    text = _(
        "⏰ **No reminders yet.** Just say it, for example:\n"
        "“tomorrow at 8:00 remind me to swap the battery”\n"
        "“every Wed at 15:00 remind me to study”\n"
        "“wake me in half an hour”"
    )
    return says.Screen(text, _new_ones())


def _new_ones() -> list[list[says.Button]]:
    water = says.Option(_("💧 Drink and rest"), ["say", ready_made_water()])
    papers = says.Option(_("📄 Papers running out"), ["papers"])
    shift, lesson = says.Action(_("🛵 Before my shift"), SHIFT), says.Action(_("📚 Lesson time"), "daily")
    return [[water, papers], [shift, lesson], [says.Option(_("➕ New reminder"), ["new"])]]


def _list(kept: list[Reminder], number: int, reminders: ReminderDesk) -> says.Screen:
    page = page_of(kept, number, PAGE)
    lines = [
        Phrase("{place}. **{what}**\n{time}").format(
            place=place, what=words.task_of(one.what), time=words.time_line(one, reminders)
        )
        for place, one in page.placed
    ]
    rows = [*numbers(page, lambda one: ["card", one.id]), *turns(page), *_new_ones()]
    return says.Screen(join([_("⏰ **Your reminders**"), *lines]), rows)


def _card(reminder: Reminder, reminders: ReminderDesk) -> says.Screen:
    number = reminder.id
    lines = [Phrase("⏰ **{what}**").format(what=words.task_of(reminder.what))]
    lines.append(_("✓ Done") if reminder.state == DONE else words.time_line(reminder, reminders))
    if reminder.until_done and reminder.state != DONE:
        lines.append(_("🔁 rings again until you tap Done"))
    if reminder.state == PAUSED:
        pause = [says.Option(_("▶ Resume"), ["resume", number])]
    else:
        pause = [says.Option(_("⏸ Pause"), ["pause", number])] if reminder.next_at else []
    rows: list[list[says.Button]] = [
        [
            says.Option(_("🕗 The time"), ["change", number, "when"]),
            says.Option(_("✏️ The words"), ["change", number, "what"]),
        ],
        [*pause, says.Option(_("🗑 Delete"), ["delete", number])],
        [says.Action(_("🗓 Into my calendar"), CALENDAR, short(number))],
        [says.Option(_("‹ Back to the list"), ["list"])],
    ]
    return says.Screen(join(lines), rows)


# -- What a tap or a word does ---------------------------------------------------------


async def _react(talk: Talk, state: State, event: hears.Event, reminders: ReminderDesk) -> Reaction:
    match event:
        case hears.Choice([("pause" | "resume" | "delete" | "undo") as deed, int(number)]):
            return await _done(talk, state, deed, number, reminders)
        case hears.Choice(["list"]):
            return {"page": state["page"]}
        case hears.Choice([("card" | "page") as what, int(number)]):
            return {"page": state["page"], what: number}
        case hears.Choice(value):
            return Left(value)
        case hears.Text(text):
            kept = await reminders.all()
            if (place := ordinal(text, len(kept))) is not None:
                return {"page": state["page"], "card": kept[place - 1].id}
    return IGNORED


async def _done(talk: Talk, state: State, deed: str, number: int, reminders: ReminderDesk) -> Reaction:
    after: State = {"page": state["page"]}
    match deed:
        case "delete":
            reminder = await reminders.get(number)
            if reminder is not None and await reminders.delete(number):
                return after | {"deleted": [number, reminder.what]}
            return after
        case "undo":
            if await reminders.restore(number):
                talk.toast(_("It is back."))
            return after
        case "pause":
            await reminders.pause(number)
        case "resume":
            reminder = await reminders.get(number)
            if reminder is not None and not await reminders.resume(number):
                talk.toast(_("Its time is over: when should it be?"))
                return Left(["change", number, "when"])
    return after | {"card": number}


# -- Ways in -----------------------------------------------------------------------------


async def calendar(aside: Aside, number: str, reminders: ReminderDesk) -> None:
    """A reminder as a file for a calendar."""
    made = await reminders.calendar(long(number) or 0)
    if made is None:
        aside.toast(_("It is not there any more."))
    else:
        aside.say(says.File(made[0], made[1]))


DIALOG = Dialog(
    LIST,
    look_through,
    title=lambda: _("My reminders"),
    command="reminders",
    summary=lambda: _("My reminders: see, pause, change, delete"),
    parks=False,
)
ACTIONS = (opener(LIST), Answerer(CALENDAR, calendar))

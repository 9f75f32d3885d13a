"""Events and call-outs: what there is to go to; a place with one tap; for organizers who comes, and the
door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogs import event_words as words
from bot.dialogs.event_making import NEW, NEW_CALLOUT
from bot.dialogs.opening import opener
from bot.dialogs.paging import page_of, turns
from bot.i18n import Phrase, _, join, moment
from bot.services.events.desk import EventDesk
from bot.services.events.model import CALLOUTS, KINDS, Event
from bot.services.notices import Notices
from bot.services.people import People
from bot.services.presses import long, short
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

LIST = "events"
CALLS = "callouts"

State = dict[str, Any]
"""What the screen shows: `page`, and perhaps `card` (an event's number), `sure` (it is to be called off)."""

PAGE = 6
TITLE_SHOWN = 20


async def look_through(talk: Talk, events: EventDesk, people: People) -> Go:
    """The list and its cards, until a new one is to be announced."""
    await _browse(talk, KINDS, events, people)
    return Go(NEW)


async def look_through_callouts(talk: Talk, events: EventDesk, people: People) -> Go:
    """The same for calls for helpers."""
    await _browse(talk, CALLOUTS, events, people)
    return Go(NEW_CALLOUT)


async def _browse(talk: Talk, kinds: Sequence[str], events: EventDesk, people: People) -> None:
    card = await talk.given("card")
    await talk.browse(
        "list",
        lambda: {"page": 0, "card": card} if card else {"page": 0},
        lambda state: _draw(state, kinds, events, people),
        lambda state, event: _react(talk, state, event, events),
    )


# -- Screens ----------------------------------------------------------------------------


async def _draw(state: State, kinds: Sequence[str], events: EventDesk, people: People) -> says.Screen:
    event = await events.get(state["card"]) if "card" in state else None
    if event is not None:
        return await _card(event, state, events)
    found = await events.coming(kinds)
    rows: list[list[says.Button]] = []
    lines = [_("🤝 **Helpers wanted**") if kinds == CALLOUTS else _("🗓 **Events**")]
    page = page_of(found, state["page"], PAGE)
    for one in page.shown:
        line = Phrase("• {moment} **{title}** · {where}")
        lines.append(line.format(moment=moment(one.at, people.person.zone), title=one.title, where=one.where))
        rows.append([says.Option(one.title[:TITLE_SHOWN], ["card", one.id])])
    if not found:
        lines.append(_nothing(kinds))
    rows += turns(page)
    if await events.reach():
        new = _("➕ Call for helpers") if kinds == CALLOUTS else _("➕ Announce an event")
        rows.append([says.Option(new, ["new"])])
    if kinds == KINDS:
        rows.append([says.Action(_("🤝 Helpers wanted"), CALLS)])
    return says.Screen(join(lines), rows)


def _nothing(kinds: Sequence[str]) -> Phrase:
    if kinds == CALLOUTS:
        return _("Nobody is needed just now. When there is something for you, I tell you.")
    return _("Nothing planned just now. When there is something for you, I tell you.")


async def _card(event: Event, state: State, events: EventDesk) -> says.Screen:
    place = await events.mine(event.id)
    lines = [words.card(event, events.zone)]
    if (said := words.mine(place)) is not None:
        lines.append(said)
    rows = words.deeds(event, place, over=event.is_over(events.now))
    if await events.may_run(event):
        lines.append(
            _("👥 {booked} have a place, {waiting} wait, {arrived} are there").format(
                booked=event.booked, waiting=event.waiting, arrived=await events.arrived(event)
            )
        )
        rows.append([says.Action(_("🚪 Code for the door"), words.DOOR, short(event.id))])
        if not event.is_over(events.now):
            label = _("🚫 Really call it off") if "sure" in state else _("🚫 Call it off")
            rows[-1].append(says.Option(label, ["off", event.id]))
    back = _("‹ Helpers wanted") if event.is_callout else _("‹ All events")
    rows.append([says.Option(back, ["list"])])
    return says.Screen(join(lines), rows)


async def _react(talk: Talk, state: State, event: hears.Event, events: EventDesk) -> Reaction:
    if not isinstance(event, hears.Choice):
        return IGNORED
    match event.value:
        case ["new"]:
            return Left(None)
        case [("card" | "page") as what, int(number)]:
            return {"page": state["page"], what: number}
        case ["off", int(number)] if "sure" not in state:
            return {**state, "sure": number}
        case ["off", int(number)]:
            if await events.call_off(number):
                talk.toast(_("Called off; everybody who had a place hears of it."))
            return {"page": state["page"], "card": number}
    return {"page": state["page"]}


# -- Buttons under a card, wherever it stands ----------------------------------------------


async def take(aside: Aside, number: str, events: EventDesk) -> None:
    """Ask for a place."""
    taken = await events.take(long(number) or 0)
    said = {
        "booked": _("✓ You have a place. See you there!"),
        "waiting": _("⏳ It is full: you wait in line."),
        "before": _("You have asked already."),
        "over": _("It has begun, or was called off."),
        None: _("It is not there any more."),
    }
    aside.toast(said[taken])
    await _redraw(aside, number, events)


async def leave(aside: Aside, number: str, events: EventDesk, notices: Notices) -> None:
    """Give one's place up: the next in line gets it, and hears of it."""
    await give_up(long(number) or 0, events, notices)
    aside.toast(_("Thank you for telling: somebody else can come."))
    await _redraw(aside, number, events)


async def give_up(number: int, events: EventDesk, notices: Notices) -> None:
    """Give one's place up, and tell who moves up by that."""
    await notices.pass_on(await events.give_up(number), words.moved_up)


async def _redraw(aside: Aside, number: str, events: EventDesk) -> None:
    event = await events.get(long(number) or 0)
    if event is None:
        return
    place = await events.mine(event.id)
    lines = [words.card(event, events.zone)]
    if (said := words.mine(place)) is not None:
        lines.append(said)
    aside.redraw(says.Text(join(lines), words.deeds(event, place, over=event.is_over(events.now))))


async def calendar(aside: Aside, number: str, events: EventDesk) -> None:
    """The event as a file for a calendar."""
    made = await events.calendar(long(number) or 0)
    if made is None:
        aside.toast(_("It is not there any more."))
    else:
        aside.say(says.File(made[0], made[1]))


async def door(aside: Aside, number: str, events: EventDesk) -> None:
    """The code to hold up at the door, and a fresh one a tap away."""
    drawn = await events.door(long(number) or 0)
    if drawn is None:
        aside.toast(_("It is not there any more."))
        return
    text = _("🚪 Let people scan this to check in. It is good for two minutes; then tap for a fresh one.")
    aside.say(says.Photo(drawn, text, [[says.Action(_("🔄 Fresh code"), words.DOOR, number)]]))


async def open_event(aside: Aside, number: str, events: EventDesk) -> None:
    """The list, or the card of one event or call-out."""
    event = await events.get(long(number) or 0) if number else None
    if event is None:
        aside.go(LIST)
    else:
        aside.go(CALLS if event.is_callout else LIST, card=event.id)


DIALOG = Dialog(
    LIST,
    look_through,
    title=lambda: _("Events"),
    command="events",
    summary=lambda: _("Events: round tables, health checks, trainings"),
    parks=False,
)
CALLOUTS_DIALOG = Dialog(
    CALLS, look_through_callouts, title=lambda: _("Helpers wanted"), command=CALLS, parks=False
)
ACTIONS = (
    Answerer(words.EVENT, open_event),
    opener(CALLS),
    Answerer(words.TAKE, take),
    Answerer(words.LEAVE, leave),
    Answerer(words.CALENDAR, calendar),
    Answerer(words.DOOR, door),
)
LINKS = (Answerer(words.EVENT, open_event),)

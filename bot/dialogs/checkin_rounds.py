"""Check-ins for organizers: the list, a card for each, boards that stand in the chat."""

from __future__ import annotations

from typing import Any

from bot.dialogs import checkin_words as words
from bot.dialogs.checkin_making import NEW
from bot.dialogs.paging import numbers, page_of, turns
from bot.dialogs.reminder_offers import NEW as OFFER
from bot.dialogs.whom import people_words
from bot.i18n import Phrase, _, join, moment, ngettext
from bot.services.checkins.model import LONGEST_ANSWER, Checkin
from bot.services.checkins.organizing import RoundDesk
from bot.services.presses import long
from bot.services.segments.predicates import ANSWERED
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.inputs import LongText

LIST = "rounds"
TELLING = "round_telling"

State = dict[str, Any]
"""What the screen shows: `page`, and perhaps `card` (a check-in's number)."""

PAGE = 6
ROUNDS_SHOWN = 4
MOST_PHOTOS = 10


async def look_through(talk: Talk, rounds: RoundDesk) -> Go | None:
    """The list and its cards, until a new one is to be made."""
    if not await rounds.reach():
        await talk.say("no", _("Only organizers ask rounds. Yours to answer are in /checkins."))
        return None
    card = await talk.given("card")
    await talk.browse(
        "list",
        lambda: {"page": 0, "card": card} if card else {"page": 0},
        lambda state: _draw(state, rounds),
        lambda state, event: _react(talk, state, event, rounds),
    )
    return Go(NEW)


# -- Screens ----------------------------------------------------------------------------


async def _draw(state: State, rounds: RoundDesk) -> says.Screen:
    checkin = await rounds.get(state["card"]) if "card" in state else None
    if checkin is not None:
        return await _card(checkin, rounds)
    found = await rounds.all()
    new: list[says.Button] = [
        says.Option(_("➕ New check-in or survey"), ["new"]),
        says.Action(_("⏰ Offer a reminder"), OFFER),
    ]
    if not found:
        text = _(
            "📋 **Check-ins.** Ask your people something: “Are you coming on Saturday?”, “Is everybody "
            "safe?”, a survey. They answer with one tap; you watch the board."
        )
        return says.Screen(text, [new])
    return _list(found, state["page"], new, rounds)


def _list(found: list[Checkin], number: int, new: list[says.Button], rounds: RoundDesk) -> says.Screen:
    page = page_of(found, number, PAGE)
    lines = [_("📋 **Check-ins you look after**")]
    lines += [
        Phrase("{n}. **{title}**\n{state}").format(n=place, title=one.title, state=_state(one, rounds))
        for place, one in page.placed
    ]
    return says.Screen(join(lines), [*numbers(page, lambda one: ["card", one.id]), *turns(page), new])


def _state(checkin: Checkin, rounds: RoundDesk) -> Phrase:
    """When it opens next, or that it does not."""
    if checkin.ended or checkin.next_at is None:
        return join([_rounds(checkin), _("no more to come")], " · ")
    upcoming = moment(checkin.next_at, rounds.zone)
    if checkin.rounds == 0:
        return _("opens {moment}").format(moment=upcoming)
    return join([_rounds(checkin), _("the next {moment}").format(moment=upcoming)], " · ")


def _rounds(checkin: Checkin) -> Phrase:
    return ngettext("{n} round", "{n} rounds", checkin.rounds)


async def _card(checkin: Checkin, rounds: RoundDesk) -> says.Screen:
    lines = [words.heading(checkin), Phrase("**{title}**").format(title=checkin.title)]
    lines += [words.promise(checkin), _state(checkin, rounds)]
    if not checkin.anonymous:
        lines.append(
            _("No. {number}; to write to those who are silent: {how}").format(
                number=checkin.id, how=_silent(checkin)
            )
        )
    rows: list[list[says.Button]] = []
    for one in await rounds.latest(checkin.id, ROUNDS_SHOWN):
        board = await rounds.board(one.id)
        if board is not None:
            label = _("📊 Round {n}: {answered} of {asked}")
            label = label.format(n=one.number, answered=board.answered, asked=board.asked)
            rows.append([says.Option(label, ["board", one.id])])
    if not checkin.ended and checkin.next_at is not None:
        rows.append([says.Option(_("🛑 Ask no more rounds"), ["end", checkin.id])])
    rows.append([says.Option(_("‹ Back to the list"), ["list"])])
    return says.Screen(join(lines), rows)


def _silent(checkin: Checkin) -> Phrase:
    """How one types who has not answered."""
    return Phrase("`{typed}:{number}`").format(typed=ANSWERED.opposite, number=checkin.id)


async def _react(talk: Talk, state: State, event: hears.Event, rounds: RoundDesk) -> Reaction:
    if not isinstance(event, hears.Choice):
        return IGNORED
    match event.value:
        case ["new"]:
            return Left(None)
        case [("card" | "page") as what, int(number)]:
            return {"page": state["page"], what: number}
        case ["end", int(number)]:
            if await rounds.end(number):
                talk.toast(_("No more rounds. The one that is open goes on."))
            return state
        case ["board", int(number)]:
            board = await rounds.board(number)
            if board is not None:
                await rounds.post_board(number, words.board(board))
            return state
    return {"page": state["page"]}


# -- The buttons of a board ---------------------------------------------------------------


async def act(aside: Aside, argument: str, rounds: RoundDesk) -> None:
    """A tap under a board."""
    tapped = words.read_board(argument)
    board = await rounds.board(tapped[0]) if tapped else None
    if tapped is None or board is None:
        aside.toast(_("It is not there any more."))
        return
    number, deed = tapped
    match deed:
        case "show":
            await rounds.post_board(number, words.board(board))
        case "nudge":
            nudged = await rounds.nudge(number)
            aside.toast(
                _("It is closed by now.") if nudged is None else _("🔔 Asked {n} again.").format(n=nudged)
            )
        case "close":
            await _close(aside, number, rounds)
        case "who":
            aside.say(words.who(board.checkin, board.round, await rounds.lines(number)))
            await _show_photos(aside, number, rounds)
        case "trend":
            await _show_picture(aside, number, rounds)
        case "table":
            await _hand_table(aside, number, rounds)
        case "tell":
            aside.keep()
            aside.go(TELLING, round=number)
        case _:
            aside.toast(_("That button doesn't work any more."))


async def _close(aside: Aside, number: int, rounds: RoundDesk) -> None:
    await rounds.close(number)
    board = await rounds.board(number)
    if board is not None:
        aside.redraw(words.board(board))


async def _show_picture(aside: Aside, number: int, rounds: RoundDesk) -> None:
    picture = await rounds.picture(number)
    if picture is None:
        aside.toast(_("Nothing to draw yet."))
    else:
        aside.say(says.Photo(picture))


async def _hand_table(aside: Aside, number: int, rounds: RoundDesk) -> None:
    table = await rounds.table(number)
    if table is None:
        aside.toast(_("Too few answers yet: in a table one could tell who gave which."))
    else:
        aside.say(says.File(table[0], table[1]))


async def _show_photos(aside: Aside, number: int, rounds: RoundDesk) -> None:
    for photo in (await rounds.photos(number))[:MOST_PHOTOS]:
        aside.say(says.Photo(photo))


async def tell(talk: Talk, rounds: RoundDesk) -> None:
    """Tell those who answered what came of it."""
    number = await talk.given("round", 0)
    board = await rounds.board(number)
    if board is None:
        await talk.say("gone", _("It is not there any more."))
        return
    question = _("💬 What came of “{title}”? {n} who answered will read it.")
    asked = question.format(title=board.checkin.title, n=board.answered)
    said = await talk.ask("words", asked, LongText(5, LONGEST_ANSWER))
    count = await talk.once("tell", rounds.tell, number, said)
    await talk.say("told", _("✓ On its way to {people}.").format(people=people_words(count or 0)))


async def open_list(aside: Aside, number: str) -> None:
    """The list, or one check-in's card, from a button."""
    card = long(number) if number else None
    aside.go(LIST, **({"card": card} if card else {}))


DIALOG = Dialog(
    LIST,
    look_through,
    title=lambda: _("Check-ins for organizers"),
    command="rounds",
    parks=False,
)
TELL_DIALOG = Dialog(TELLING, tell, title=lambda: _("What came of a check-in"))
ACTIONS = (Answerer(words.BOARD, act), Answerer(LIST, open_list))

"""Serving at a desk: what is there, taken with a tap, handed over, answered, solved."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import desk_words as words
from bot.dialogs import hazard_words
from bot.dialogs.appeal_words import SYMBOLS, kind_name
from bot.dialogs.desk_saying import AWAY, PICK, SAY, WHO
from bot.dialogs.paging import numbers, page_of, turns
from bot.i18n import Phrase, _, join, ngettext
from bot.services.appeals.counter import AppealDesk, HasIt, Seen
from bot.services.appeals.model import Appeal
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.posting import AppealPost
from bot.services.appeals.unmasking import Unmasking
from bot.services.hazards.desk import HazardDesk
from bot.services.presses import long, numbered
from bot.services.refusals import NotThere
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

DESK: Final = words.OPEN
PAGE: Final = 6
HAZARDS: Final = ["hazards"]
_WRITTEN: Final = ("answer", "ask", "solve", "note")

Shown = dict[str, Any]
"""What the screen shows: `page`, and perhaps `card`, an appeal's number."""


async def serve(talk: Talk, appeal_desk: AppealDesk, appeal_post: AppealPost, hazards: HazardDesk) -> Go:
    """The list and its cards, until something is to be written or chosen."""
    card = await talk.given("card")
    start = {"page": 0, "card": card} if card else {"page": 0}
    way = await talk.browse(
        "desk",
        lambda: start,
        lambda state: _draw(state, appeal_desk, hazards),
        lambda state, event: _react(talk, state, event, appeal_desk, appeal_post),
    )
    if way == HAZARDS:
        return Go(hazard_words.LIST, {"what": "desk"})
    return _way(*way) if len(way) > 1 else Go(AWAY)


def _way(deed: str, number: int) -> Go:
    """Where a deed is carried out that takes words or a choice."""
    if deed in _WRITTEN:
        return Go(SAY, {"appeal": number, "what": deed})
    if deed == "who":
        return Go(WHO, {"appeal": number})
    return Go(PICK, {"appeal": number, "what": deed})


# -- Screens ---------------------------------------------------------------------------


async def _draw(state: Shown, desk: AppealDesk, hazards: HazardDesk) -> says.Screen:
    if "card" in state:
        try:
            return _card(await desk.get(state["card"]), desk)
        except NotThere:
            pass
    if not await desk.serves():
        return says.Screen(_("This is for those who serve at a desk. Your own appeals: /appeals"))
    return _list(await desk.all(), state["page"], desk, len(await hazards.to_do()))


def _list(found: list[Appeal], number: int, desk: AppealDesk, hazards: int) -> says.Screen:
    last: list[list[says.Button]] = [[says.Option(_("🏖 I'm away"), ["away"])]]
    if hazards:
        label = ngettext("⚠️ {n} hazard to mend", "⚠️ {n} hazards to mend", hazards)
        last.insert(0, [says.Option(label, HAZARDS)])
    if not found and hazards:
        return says.Screen(_("🏢 **No appeal waits at your desk.**"), last)
    if not found:
        text = _("🏢 **Nothing waits at your desk.** What comes in shows up here by itself.")
        return says.Screen(text, last)
    page = page_of(found, number, PAGE)
    lines = [_line(place, appeal, desk) for place, appeal in page.placed]
    head = _("🏢 **At your desk**, the next deadline first")
    rows = [*numbers(page, lambda appeal: ["card", appeal.id]), *turns(page), *last]
    return says.Screen(join([head, *lines]), rows)


def _line(place: int, appeal: Appeal, desk: AppealDesk) -> Phrase:
    line = Phrase("{place}. {symbol} **{kind}** · {alias} · {state}").format(
        place=place,
        symbol=SYMBOLS[appeal.state],
        kind=kind_name(appeal.kind, desk.book),
        alias=words.alias(appeal),
        state=words.state_word(appeal.state),
    )
    until = words.deadline_line(appeal)
    return join([line, Phrase("   {until}").format(until=until)]) if until else line


def _card(seen: Seen, desk: AppealDesk) -> says.Screen:
    def option(label: str, deed: str) -> says.Button:
        return says.Option(label, [deed, seen.appeal.id])

    rows = [] if seen.taken_by else words.deeds(seen.appeal, option, is_helper=seen.is_helper)
    rows.append([says.Option(_("‹ Back to the list"), ["list"])])
    return says.Screen(words.card(seen, desk.book), rows)


# -- What a tap does -----------------------------------------------------------------------


async def _react(
    talk: Talk, state: Shown, event: hears.Event, desk: AppealDesk, post: AppealPost
) -> Reaction:
    page = {"page": state["page"]}
    match event:
        case hears.Choice(["take", int(number)]):
            problem = await _take(number, desk, post)
            if problem:
                talk.toast(problem)
            return page | {"card": number}
        case hears.Choice([("card" | "page") as what, int(number)]):
            return page | {what: number}
        case hears.Choice(["list"]):
            return page
        case hears.Choice(value):
            return Left(value)
        case hears.Text(text) if text.isascii() and text.isdigit():
            found = await desk.all()
            place = int(text[:3])
            if 0 < place <= len(found):
                return page | {"card": found[place - 1].id}
    return IGNORED


async def _take(number: int, desk: AppealDesk, post: AppealPost) -> Phrase | None:
    """Take an appeal; gives what was in the way."""
    try:
        changed = await desk.take(number)
    except NotThere:
        return _("It is not there any more.")
    except HasIt as other:
        return _("{called} has it already.").format(called=other.called)
    except NotPossible:
        return _("That has changed meanwhile. This is how it stands.")
    await post.send(changed.news, words.worded)
    return None


# -- Taps outside of a conversation ------------------------------------------------------------


async def take(aside: Aside, argument: str, appeal_desk: AppealDesk, appeal_post: AppealPost) -> None:
    """Take what a card is about."""
    number = long(argument) or 0
    problem = await _take(number, appeal_desk, appeal_post)
    if problem:
        aside.toast(problem)
        return
    seen = await appeal_desk.get(number)
    if aside.private:
        rows = words.deeds(seen.appeal, words.action_for(number))
        aside.redraw(says.Text(words.card(seen, appeal_desk.book), rows))
    else:
        open_it = says.Link(_("🔎 Open"), f"start:desk_{argument}")
        aside.redraw(says.Text(words.card(seen, appeal_desk.book), [[open_it]]))


async def do(aside: Aside, argument: str, appeal_desk: AppealDesk) -> None:
    """Whatever else a card's buttons offer: it takes words or a choice."""
    number, deed = numbered(argument)
    await appeal_desk.get(number)
    if deed not in (*_WRITTEN, "who", "hand", "call"):
        aside.toast(_("That button doesn't work any more."))
        return
    go = _way(deed, number)
    aside.keep()
    aside.go(go.dialog, **go.given)


async def agree(aside: Aside, argument: str, unmasking: Unmasking, appeal_post: AppealPost) -> None:
    """Share a colleague's reason to know who somebody is."""
    await _decide(aside, argument, unmasking, appeal_post, is_agreed=True)


async def refuse(aside: Aside, argument: str, unmasking: Unmasking, appeal_post: AppealPost) -> None:
    """Not share it."""
    await _decide(aside, argument, unmasking, appeal_post, is_agreed=False)


async def _decide(
    aside: Aside, argument: str, unmasking: Unmasking, post: AppealPost, *, is_agreed: bool
) -> None:
    number = long(argument) or 0
    try:
        changed = await (unmasking.agree if is_agreed else unmasking.refuse)(number)
    except (NotThere, NotPossible):
        aside.toast(_("It is not there any more."))
        return
    await post.send(changed.news, words.worded)
    agreed = _("✓ You agreed. The author is told, with the reason; it stands in the audit log.")
    aside.redraw(says.Text(agreed if is_agreed else _("✗ You refused. The author stays unnamed.")))


async def open_desk(aside: Aside, argument: str) -> None:
    """The desk, or one appeal of it, from a link or a button."""
    number = long(argument)
    aside.go(DESK, **({"card": number} if number else {}))


DIALOG = Dialog(
    DESK,
    serve,
    title=lambda: _("Your desk"),
    command="desk",
    summary=lambda: _("For desks: what waits, until when"),
    parks=False,
)
ACTIONS = (
    Answerer(words.TAKE, take, in_groups=True),
    Answerer(words.DO, do),
    Answerer(words.AGREE, agree),
    Answerer(words.REFUSE, refuse),
    Answerer(DESK, open_desk),
)
LINKS = (Answerer(DESK, open_desk),)

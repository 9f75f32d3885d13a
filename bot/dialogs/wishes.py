"""Wishes: the list, a card, taking one on, handing it over, thanking; for organizers what is to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogs import wish_words as words
from bot.dialogs.nameless import Nameless
from bot.dialogs.opening import opener, opener_at
from bot.dialogs.paging import numbers, page_of, turns
from bot.dialogs.station_words import name_of
from bot.dialogs.wish_making import NEW
from bot.i18n import Phrase, _, join, ngettext
from bot.services.notices import Notices
from bot.services.presses import long, numbered, short
from bot.services.refusals import NotThere, TooMany
from bot.services.stations.desk import StationDesk
from bot.services.wishes.desk import WishDesk
from bot.services.wishes.model import LONGEST_THANKS, Called, Changed, Claim, State, Wish
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

Shown = dict[str, Any]
"""What the screen shows: a `page` of `what` (open, mine, taken, see), and perhaps a `card` (a number)."""

PAGE = 6
THANKS = "thank_for_wish"


async def look_through(talk: Talk, wishes: WishDesk, stations: StationDesk, notices: Notices) -> Go:
    """The list and its cards, until somebody wants to wish."""
    card = await talk.given("card")
    start: Shown = {"what": "open", "page": 0, **({"card": card} if card else {})}
    way = await talk.browse(
        "list",
        lambda: start,
        lambda state: _draw(state, wishes, stations),
        lambda state, event: _react(talk, state, event, wishes, notices),
    )
    return Go(THANKS, {"wish": way}) if isinstance(way, int) else Go(NEW)


# -- Screens ----------------------------------------------------------------------------


async def _draw(state: Shown, wishes: WishDesk, stations: StationDesk) -> says.Screen:
    if "card" in state:
        try:
            return await _card(await wishes.get(state["card"]), state, wishes, stations)
        except NotThere:
            return says.Screen(
                _("Somebody else was faster, or it is not there any more."), [[_all_of_them()]]
            )
    found = await _listed(state["what"], wishes)
    page = page_of(found, state["page"], PAGE)
    lines = [_heading(state["what"], len(found))]
    lines += [_line(place, one, state["what"], stations) for place, one in page.placed]
    if not found:
        lines.append(_nothing(state["what"]))
    rows = [*numbers(page, lambda one: ["card", one.id]), *turns(page)]
    return says.Screen(join(lines), rows + await _ways(state, wishes))


async def _listed(what: str, wishes: WishDesk) -> list[Wish]:
    match what:
        case "mine":
            return await wishes.mine()
        case "taken":
            return [wish for wish, _claim in await wishes.taken_on()]
        case "see":
            return await wishes.to_see()
    return await wishes.open_ones()


def _heading(what: str, count: int) -> Phrase:
    headings = {
        "mine": _("🌱 **My wishes**"),
        "taken": _("🎁 **What I have taken on**"),
        "see": _("👀 **To look at**"),
    }
    default = ngettext(
        "🌱 **Wishes** · {n} waits for somebody", "🌱 **Wishes** · {n} wait for somebody", count
    )
    return headings.get(what, default if count else _("🌱 **Wishes**"))


def _nothing(what: str) -> Phrase:
    sentences = {
        "mine": _("None yet. Something small that would help? Wish for it."),
        "taken": _("Nothing just now. Thank you for looking."),
        "see": _("✓ All seen."),
    }
    return sentences.get(what, _("None is waiting just now. Is there something small you wish for?"))


def _line(place: int, wish: Wish, what: str, stations: StationDesk) -> Phrase:
    line = Phrase("{place}. {what} · {where}").format(
        place=place, what=wish.what, where=_station(wish, stations)
    )
    if what == "mine":
        return Phrase("{line} · {state}").format(line=line, state=words.state_words(wish))
    return line


def _station(wish: Wish, stations: StationDesk) -> str:
    station = stations.get(wish.station)
    return name_of(station) if station else wish.station


async def _ways(state: Shown, wishes: WishDesk) -> list[list[says.Button]]:
    row: list[says.Button] = [says.Option(_("➕ Make a wish"), ["new"])]
    if state["what"] != "mine" and await wishes.mine():
        row.append(says.Option(_("🌱 Mine"), ["what", "mine"]))
    if state["what"] != "taken" and await wishes.taken_on():
        row.append(says.Option(_("🎁 Taken on"), ["what", "taken"]))
    rows = [row]
    if to_see := await wishes.to_see():
        rows.append([says.Option(_("👀 To look at ({n})").format(n=len(to_see)), ["what", "see"])])
    if state["what"] != "open":
        rows.append([_all_of_them()])
    return rows


def _all_of_them() -> says.Button:
    return says.Option(_("‹ All wishes"), ["what", "open"])


async def _card(wish: Wish, state: Shown, wishes: WishDesk, stations: StationDesk) -> says.Screen:
    where = _("📍 handed over at: {station}").format(station=_station(wish, stations))
    told, rows = await _standing(wish, state, wishes)
    return says.Screen(join([words.quoted(wish), where, *told]), [*rows, [_all_of_them()]])


async def _standing(
    wish: Wish, state: Shown, wishes: WishDesk
) -> tuple[list[Phrase], list[list[says.Button]]]:
    """How a wish stands for this person, and what they can do with it."""
    if await wishes.is_mine(wish):
        return [words.state_words(wish), *await _to_pick_up(wish, wishes)], _for_me(wish)
    claim = await wishes.claim_on(wish)
    if claim is not None and wish.state is State.CLAIMED:
        return [_to_bring(claim)], _for_who_brings(wish)
    if claim is None and wish.state in (State.BROUGHT, State.THANKED):
        return [_brought(wish)], []
    if wish.state is State.OPEN:
        return [], _to_claim(wish, await wishes.may_claim_as(), asked="claiming" in state)
    return [], words.let_rows(wish) if wish.state is State.POSTED else []


async def _to_pick_up(wish: Wish, wishes: WishDesk) -> list[Phrase]:
    code = await wishes.code_for(wish)
    return [_("Ask for the parcel with the number **{code}**.").format(code=code)] if code else []


def _to_bring(claim: Claim) -> Phrase:
    told = _("🎁 Bring it by **{ends}**, with the number **{code}** on it. No name needed.")
    return told.format(ends=words.until(claim), code=claim.code)


def _for_who_brings(wish: Wish) -> list[list[says.Button]]:
    return [
        [says.Option(_("📦 It's at the station"), ["bring", wish.id])],
        [says.Option(_("I can't after all"), ["back", wish.id])],
    ]


def _brought(wish: Wish) -> Phrase:
    """How it stands, for who brought it."""
    if wish.state is State.THANKED:
        return _("💛 It came true, thanks to you. {thanks}").format(thanks=wish.thanks)
    return _("📦 At the station; who wished knows. Thank you!")


def _for_me(wish: Wish) -> list[list[says.Button]]:
    if wish.state is State.BROUGHT:
        return [
            [says.Option(_("💛 It's here, thank you"), ["thank", wish.id])],
            [says.Action(_("🤷 Not there"), words.MISSING, short(wish.id))],
        ]
    if wish.state in (State.POSTED, State.OPEN, State.CLAIMED):
        return [[says.Option(_("✕ Take it back"), ["withdraw", wish.id])]]
    return []


def _to_claim(wish: Wish, ways: Sequence[Called], *, asked: bool) -> list[list[says.Button]]:
    """Take it on; asked once more as what, where there is more than one way."""
    if not asked:
        deed = ["claiming", wish.id] if len(ways) > 1 else ["claim", wish.id, *ways]
        return [[says.Option(_("🎁 I make it true"), deed)]]
    labels = {
        "person": _("🙋 Just me"),
        "shop": _("🏪 As a shop"),
        "branch": _("🏠 As a branch"),
    }
    return [[says.Option(labels[one], ["claim", wish.id, one]) for one in ways]]


# -- Taps ---------------------------------------------------------------------------------


async def _react(
    talk: Talk, state: Shown, event: hears.Event, wishes: WishDesk, notices: Notices
) -> Reaction:
    if not isinstance(event, hears.Choice):
        return IGNORED
    match event.value:
        case ["new"]:
            return Left(None)
        case ["thank", int(number)]:
            return Left(number)
        case ["what", str(what)]:
            return {"what": what, "page": 0}
        case ["page", int(page)]:
            return {"what": state["what"], "page": page}
        case ["card", int(number)]:
            return {**state, "card": number}
        case ["claiming", int(number)]:
            return {**state, "card": number, "claiming": True}
        case [("claim" | "bring" | "back" | "withdraw") as deed, int(number), *rest]:
            await _do(talk, deed, number, rest, wishes, notices)
            return {"what": state["what"], "page": state["page"], "card": number}
    return IGNORED


async def _do(
    talk: Talk, deed: str, number: int, rest: list[Any], wishes: WishDesk, notices: Notices
) -> None:
    try:
        match deed:
            case "claim":
                called: Called = rest[0]
                await tell(await wishes.claim(number, called), notices)
                talk.toast(_("🎁 Thank you! It is yours for a week."))
            case "bring":
                await tell(await wishes.bring(number), notices)
                talk.toast(_("📦 Thank you! They hear of it now."))
            case "back":
                await tell(await wishes.give_back(number), notices)
                talk.toast(_("It is back on the list. Thank you for saying so."))
            case "withdraw":
                await tell(await wishes.take_back(number), notices)
                talk.toast(_("Taken back."))
    except NotThere:
        talk.toast(_("Somebody else was faster, or it is not there any more."))
    except TooMany:
        talk.toast(_("You have taken on five already: bring those first."))


async def tell(changed: Changed, notices: Notices) -> None:
    """Word to everybody who has to hear of a change."""
    await notices.pass_on(changed.news, words.worded)


# -- Thanks ---------------------------------------------------------------------------------


async def thank(talk: Talk, wishes: WishDesk, notices: Notices) -> None:
    """A word of thanks, or none; whoever brought it hears of it."""
    number = await talk.given("wish")
    question = _("💛 A word to whoever brought it? They don't learn who you are.")
    likely = [str(_("Thank you, it warms more than my hands!")), str(_("It came just in time, thank you!"))]
    kind, quick = Nameless(1, LONGEST_THANKS), [(one, one) for one in likely]
    said = await talk.ask("words", question, kind, quick=quick, columns=1, optional=True)

    async def pass_on() -> bool:
        try:
            await tell(await wishes.thank(number, said or ""), notices)
        except NotThere:
            return False
        return True

    if await talk.once("thank", pass_on):
        await talk.say("done", _("💛 Passed on. Enjoy it!"))
    else:
        await talk.say("gone", _("You have thanked already."))


# -- Buttons outside --------------------------------------------------------------------------


async def let_be_seen(aside: Aside, argument: str, wishes: WishDesk, notices: Notices) -> None:
    """An organizer lets a wish be seen, or sends it back."""
    number, answer = numbered(argument)
    try:
        changed = await wishes.let_be_seen(number, yes=answer == "y")
    except NotThere:
        aside.toast(_("It was looked at already."))
        return
    await tell(changed, notices)
    said = _("✓ On the list:") if answer == "y" else _("↩️ Sent back, kindly:")
    aside.redraw(says.Text(join([said, words.quoted(changed.wish)])))


async def not_there(aside: Aside, number: str, wishes: WishDesk, notices: Notices) -> None:
    """It is not at the station."""
    try:
        await tell(await wishes.not_found(long(number) or 0), notices)
    except NotThere:
        aside.toast(_("That is over already."))
        return
    aside.say(says.Text(_("🤷 Sorry! Whoever brought it is asked to look again. I tell you.")))


LIST_DIALOG = Dialog(
    words.LIST,
    look_through,
    title=lambda: _("Wishes"),
    command="wishes",
    parks=False,
)
THANKS_DIALOG = Dialog(THANKS, thank, title=lambda: _("Your thanks"))
ACTIONS = (
    opener(words.LIST),
    opener_at(words.WISH, words.LIST, "card"),
    Answerer(words.LET, let_be_seen),
    opener_at(words.THANK, THANKS, "wish"),
    Answerer(words.MISSING, not_there),
)

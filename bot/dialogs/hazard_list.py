"""Hazards that everybody sees: near me, mine, and for desks what is to be done."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import hazard_words as words
from bot.dialogs.hazards import tell
from bot.dialogs.nameless import Nameless
from bot.dialogs.opening import opener, opener_at
from bot.dialogs.paging import numbers, page_of, turns
from bot.i18n import Phrase, _, join
from bot.services.hazards.desk import HazardDesk
from bot.services.hazards.model import LONGEST_ANSWER, Hazard, Near
from bot.services.notices import Notices
from bot.services.presses import long, numbered
from bot.services.refusals import NotThere
from bot.services.stations.desk import StationDesk
from bot.services.stations.model import Point
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

ANSWER: Final = "hazard_answer"
PAGE: Final = 6

Shown = dict[str, Any]
"""What the screen shows: a `page` of `what` (near, mine, desk), and perhaps a `card` (a number)."""


async def look_through(talk: Talk, hazards: HazardDesk, stations: StationDesk) -> Go:
    """The list and its cards, until one is to be reported."""
    card = await talk.given("card")
    start: Shown = {"what": await talk.given("what", "near"), "page": 0, **({"card": card} if card else {})}
    await talk.browse(
        "list",
        lambda: start,
        lambda state: _draw(state, hazards, stations),
        lambda state, event: _react(talk, state, event, hazards, stations),
    )
    return Go(words.HAZARD)


async def _draw(state: Shown, hazards: HazardDesk, stations: StationDesk) -> says.Screen:
    if "card" in state:
        try:
            return await _card(await hazards.get(state["card"]), hazards)
        except NotThere:
            return says.Screen(_("It is not there any more."), [[_back()]])
    here = stations.whereabouts()
    found = await _listed(state["what"], hazards, here)
    page = page_of(found, state["page"], PAGE)
    lines = [_heading(state["what"], here)]
    lines += [words.line(place, near, hazards.kinds) for place, near in page.placed]
    if not found:
        lines.append(_("✓ Nothing here. Seen something? A photo is enough."))
    rows = [*numbers(page, lambda near: ["card", near.hazard.id]), *turns(page)]
    ways = await _ways(state, hazards)
    if state["what"] == "near" and here is not None:
        # The lasting button says stations; this list took the place that it sent.
        ways.append([says.Action(_("📍 Stations near me"), "find")])
    return says.Screen(join(lines), rows + ways)


async def _listed(what: str, hazards: HazardDesk, here: Point | None) -> list[Near]:
    match what:
        case "mine":
            return [Near(one) for one in await hazards.mine()]
        case "desk":
            return [Near(one) for one in await hazards.to_do()]
    return await hazards.nearby(here)


def _heading(what: str, here: Point | None) -> Phrase:
    if what == "mine":
        return _("⚠️ **What I reported**")
    if what == "desk":
        return _("🏢 **To be looked at and mended**")
    if here is None:
        return _("⚠️ **Hazards, the latest first.** Share 📍 for those near you.")
    return _("⚠️ **Hazards near you**")


async def _ways(state: Shown, hazards: HazardDesk) -> list[list[says.Button]]:
    row: list[says.Button] = [says.Option(_("📷 Report one"), ["new"])]
    if state["what"] != "mine" and await hazards.mine():
        row.append(says.Option(_("☰ Mine"), ["what", "mine"]))
    if await hazards.serves():
        row.append(says.Option(_("🏢 My desk"), ["what", "desk"]))
    return [row, *([[_back()]] if state["what"] != "near" else [])]


def _back() -> says.Button:
    return says.Option(_("‹ All hazards"), ["what", "near"])


async def _card(hazard: Hazard, hazards: HazardDesk) -> says.Screen:
    lines = [words.card(hazard, hazards.kinds, await hazards.where_it_is(hazard))]
    rows: list[list[says.Button]] = []
    if await hazards.may_handle(hazard):
        lines += [Phrase("“{note}”").format(note=note) for note in await hazards.notes(hazard.id)]
        if (until := words.deadline(hazard)) is not None:
            lines.append(until)
        rows += words.deeds(hazard, has_photo=await hazards.has_photo(hazard.id))
    elif hazard.point is not None:
        rows.append(words.pin_row(hazard))
    if hazard.is_open and not await hazards.is_mine(hazard.id):
        rows.append([says.Option(_("👀 I see it too"), ["too", hazard.id])])
    if await hazards.may_withdraw(hazard):
        rows.append(words.mistake_row(hazard))
    return says.Screen(join(lines), [*rows, [_back()]])


async def _react(
    talk: Talk, state: Shown, event: hears.Event, hazards: HazardDesk, stations: StationDesk
) -> Reaction:
    match event:
        case hears.Location(lat, lon):
            stations.remember(Point(lat, lon))
            return {"what": "near", "page": 0}
        case hears.Choice(["new"]):
            return Left(None)
        case hears.Choice(["what", str(what)]):
            return {"what": what, "page": 0}
        case hears.Choice(["page", int(page)]):
            return {"what": state["what"], "page": page}
        case hears.Choice(["card", int(number)]):
            return {**state, "card": number}
        case hears.Choice(["too", int(number)]):
            try:
                await hazards.me_too(number)
                talk.toast(_("👀 Thank you: now they see that it is not just one of you."))
            except NotThere:
                talk.toast(_("It is being mended already."))
            return {**state, "card": number}
    return IGNORED


# -- What desks do -----------------------------------------------------------------------------


async def do(aside: Aside, argument: str, hazards: HazardDesk, notices: Notices) -> None:
    """What a desk does with a hazard, from a message or a card."""
    number, deed = numbered(argument)
    try:
        if deed != "confirm":
            await hazards.notes(number)  # only who serves there is asked for words
            aside.go(ANSWER, number=number, deed=deed)
            return
        changed = await hazards.confirm(number)
    except NotThere:
        aside.toast(_("It is over, or not at your desk."))
        return
    await tell(changed, hazards, notices)
    lines = [
        _("🟠 Confirmed. Everybody who reported it was thanked."),
        words.card(changed.hazard, hazards.kinds, await hazards.where_it_is(changed.hazard)),
    ]
    if (until := words.deadline(changed.hazard)) is not None:
        lines.append(until)
    has_photo = await hazards.has_photo(number)
    aside.redraw(says.Text(join(lines), words.deeds(changed.hazard, has_photo=has_photo)))


async def answer(talk: Talk, hazards: HazardDesk, notices: Notices) -> None:
    """A word on what was done, for everybody who reported it; then it is settled."""
    number, deed = await talk.given("number"), await talk.given("deed")
    question = _("🔧 What was done? Everybody who reported it reads this. Or skip.")
    likely = [str(_("Mended.")), str(_("Fenced off; the repair is ordered."))]
    if deed == "refuse":
        question = _("⚪ What did you find? Everybody who reported it reads this. Or skip.")
        likely = [str(_("Nothing there any more.")), str(_("We could not find the place."))]
    quick = [(one, one) for one in likely]
    kind = Nameless(1, LONGEST_ANSWER)
    said = await talk.ask("words", question, kind, quick=quick, columns=1, optional=True)

    async def settle() -> bool:
        deeds = {"fix": hazards.fix, "refuse": hazards.refuse}
        try:
            await tell(await deeds[deed](number, said or ""), hazards, notices)
        except (NotThere, KeyError):
            return False
        return True

    if await talk.once("settle", settle):
        row: list[says.Button] = [says.Action(_("☰ Hazards nearby"), words.LIST)]
        await talk.say("done", says.Text(_("✓ Thank you. Everybody who reported it hears of it."), [row]))
    else:
        await talk.say("gone", _("It is over, or not at your desk."))


async def photos(aside: Aside, number: str, hazards: HazardDesk) -> None:
    """The photos of a hazard, for who serves where it is."""
    try:
        found = await hazards.photos(long(number) or 0)
    except NotThere:
        aside.toast(_("It is over, or not at your desk."))
        return
    if not found:
        aside.toast(_("The photo is still on its way: try again in a moment."))
    for key in found:
        aside.say(says.Photo(key))


async def pin(aside: Aside, number: str, hazards: HazardDesk) -> None:
    """Where a hazard is, as a pin."""
    hazard = await hazards.get(long(number) or 0)
    if hazard.point is not None:
        title = str(words.kind_name(hazard.kind, hazards.kinds))
        aside.say(says.Place(hazard.point.lat, hazard.point.lon, title, words.place_of(hazard)))


LIST_DIALOG = Dialog(words.LIST, look_through, title=lambda: _("Hazards"), command="hazards", parks=False)
ANSWER_DIALOG = Dialog(ANSWER, answer, title=lambda: _("What was done about a hazard"))
ACTIONS = (
    opener(words.LIST),
    Answerer(words.DO, do),
    Answerer(words.PHOTO, photos),
    Answerer(words.PIN, pin),
)
LINKS = (opener_at(words.HAZARD, words.LIST, "card"),)

"""What people report of stations, for those who look after them: a list, a card, right or not so."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs.lesson_screens import points_line
from bot.dialogs.paging import numbers, page_of, turns
from bot.dialogs.station_words import flag_words, name_of
from bot.i18n import Phrase, _, day_and_month, join, ngettext, speaking
from bot.services.notices import Notices
from bot.services.refusals import NotThere
from bot.services.stations.flags import FlagDesk, Flagged, Thanked
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Reaction, Talk

FLAGS: Final = "flags"
PAGE: Final = 6

Shown = dict[str, Any]
"""What the screen shows: a `page` of what waits (at a `station`, or everywhere), and perhaps a `card` (the
station and the kind)."""


async def look_after(talk: Talk, flags: FlagDesk, notices: Notices) -> None:
    """The list and its cards."""
    station = await talk.given("station", "")
    await talk.browse(
        "list",
        lambda: {"page": 0, "station": station or None},
        lambda state: _draw(state, flags),
        lambda state, event: _react(talk, state, event, flags, notices),
    )


# -- Screens ----------------------------------------------------------------------------


async def _draw(state: Shown, flags: FlagDesk) -> says.Screen:
    if not await flags.settles():
        return says.Screen(
            _("This is for those who look after stations. Is something wrong? Say it on its card.")
        )
    if "card" in state:
        try:
            return _card(await flags.get(*state["card"]), flags)
        except NotThere:
            return says.Screen(_("It is settled already."), [[_back()]])
    return await _list(state, flags)


async def _list(state: Shown, flags: FlagDesk) -> says.Screen:
    found = await flags.waiting(state["station"])
    page = page_of(found, state["page"], PAGE)
    lines = [
        _("⚠ **What people report of stations**"),
        *(_line(place, one, flags) for place, one in page.placed),
    ]
    if not found:
        lines.append(_("Nothing waits. 👍"))
    rows = [*numbers(page, lambda one: ["card", one.station, one.kind]), *turns(page)]
    if state["station"]:
        rows.append([says.Option(_("☰ All stations"), ["everywhere"])])
    return says.Screen(join(lines), rows)


def _line(place: int, one: Flagged, flags: FlagDesk) -> Phrase:
    return Phrase("{place}. **{station}** · {what} · {people}").format(
        place=place,
        station=_name(one.station, flags),
        what=flag_words(one.kind),
        people=ngettext("{n} person", "{n} people", one.people),
    )


def _card(one: Flagged, flags: FlagDesk) -> says.Screen:
    people = ngettext("{n} person", "{n} people", one.people)
    lines = [
        _("**{station}**: {what}").format(station=_name(one.station, flags), what=flag_words(one.kind)),
        _("Said by {people}, since {day}.").format(people=people, day=day_and_month(one.since.date())),
        *(Phrase("“{note}”").format(note=note) for note in one.notes),
        _("Until it is settled the card says that people report it."),
    ]
    rows: list[list[says.Button]] = [
        [
            says.Option(_("✓ Right, and put right"), ["settle", True]),
            says.Option(_("✕ Not so"), ["settle", False]),
        ]
    ]
    if one.photo:
        rows.append([says.Option(_("🖼 Photo"), ["photo"])])
    return says.Screen(join(lines), [*rows, [_back()]])


def _back() -> says.Button:
    return says.Option(_("‹ Back to the list"), ["list"])


def _name(station: str, flags: FlagDesk) -> str:
    there = flags.station(station)
    return name_of(there) if there else station


# -- Taps ---------------------------------------------------------------------------------


async def _react(talk: Talk, state: Shown, event: hears.Event, flags: FlagDesk, notices: Notices) -> Reaction:
    listed = {"page": state["page"], "station": state["station"]}
    match event:
        case hears.Choice(["page", int(page)]):
            return {**listed, "page": page}
        case hears.Choice(["everywhere"]):
            return {"page": 0, "station": None}
        case hears.Choice(["card", str(station), str(kind)]):
            return {**listed, "card": [station, kind]}
        case hears.Choice(["list"]):
            return listed
        case hears.Choice(["photo"]) if "card" in state:
            await _show_photo(talk, state["card"], flags)
            return state
        case hears.Choice(["settle", bool(right)]) if "card" in state:
            await _settle(talk, state["card"], flags, notices, right=right)
            return listed
    return IGNORED


async def _show_photo(talk: Talk, card: list[str], flags: FlagDesk) -> None:
    try:
        one = await flags.get(*card)
    except NotThere:
        return
    if one.photo:
        talk.show(says.Photo(one.photo, _name(one.station, flags)))


async def _settle(talk: Talk, card: list[str], flags: FlagDesk, notices: Notices, *, right: bool) -> None:
    station, kind = card
    try:
        thanked = await flags.settle(station, kind, right=right)
    except NotThere:
        talk.toast(_("It is settled already."))
        return
    await notices.pass_on(thanked, lambda one: _thanks(one, station, kind, flags))
    talk.toast(_("Settled, and thanked.") if right else _("Settled."))


def _thanks(one: Thanked, station: str, kind: str, flags: FlagDesk) -> says.Text:
    text = _("🙏 You were right about **{station}** ({what}). It is put right, thanks to you.")
    lines = [text.format(station=_name(station, flags), what=flag_words(kind))]
    if one.points:
        lines.append(points_line(one.points))
    return says.Text(join(lines))


async def tell_overseers(station: str, kind: str, flags: FlagDesk, notices: Notices) -> None:
    """Word to those who look after a station, when the first person tells of something there."""
    for to in await flags.overseers(station):
        with speaking(to.locale):
            text = _("⚠ Somebody reports of **{station}**: {what}.")
            told = text.format(station=_name(station, flags), what=flag_words(kind))
            await notices.tell(to, says.Text(told, [[says.Action(_("🔎 Look at it"), FLAGS, station)]]))


async def show(aside: Aside, station: str) -> None:
    """Open what waits, at one station or everywhere."""
    aside.go(FLAGS, station=station)


DIALOG = Dialog(
    FLAGS, look_after, title=lambda: _("What people report of stations"), command=FLAGS, parks=False
)
ACTIONS = (Answerer(FLAGS, show),)

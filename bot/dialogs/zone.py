"""The time zone a person lives by: chosen with a tap, or found by the name of a city."""

from __future__ import annotations

from typing import Any

from bot.dialogs.opening import opener
from bot.i18n import _, clock, join, ngettext
from bot.services.reminders.desk import ReminderDesk
from bot.services.zones import COMMON, ZoneDesk, name_of
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

ZONE = "zone"
ME = "me"
COLUMNS = 2

State = dict[str, Any]
"""What the screen shows: `found`, the zones that a typed name may mean."""


async def choose_zone(talk: Talk, zones: ZoneDesk, reminders: ReminderDesk) -> Go:
    """Choose where one's clock hangs."""
    await talk.browse(
        "zone",
        lambda: {"found": []},
        lambda state: _draw(state, zones, reminders),
        lambda _state, event: _react(talk, event, zones),
    )
    return Go(ME)


def _draw(state: State, zones: ZoneDesk, reminders: ReminderDesk) -> says.Screen:
    now = _("🕗 Your clock: **{city}**, now {time}.").format(
        city=name_of(zones.mine), time=clock(reminders.now)
    )
    hint = _("Somewhere else? Tap it, or type the name of a city. All your reminders go by it.")
    offered = state["found"] or COMMON
    buttons: list[says.Button] = [
        says.Option(f"✓ {name_of(zone)}" if zone == zones.mine else name_of(zone), ["zone", zone])
        for zone in offered
    ]
    rows = says.in_columns(buttons, COLUMNS)
    return says.Screen(join([now, hint]), [*rows, [says.Option(_("‹ Back"), ["back"])]])


async def _react(talk: Talk, event: hears.Event, zones: ZoneDesk) -> Reaction:
    match event:
        case hears.Choice(["back"]):
            return Left(None)
        case hears.Choice(["zone", str(zone)]):
            return await _chosen(talk, zone, zones)
        case hears.Text(text):
            found = zones.find(text)
            if len(found) == 1:
                return await _chosen(talk, found[0], zones)
            if not found:
                talk.toast(_("I know no city of that name. Try a larger one nearby."))
            return {"found": found}
    return IGNORED


async def _chosen(talk: Talk, zone: str, zones: ZoneDesk) -> Reaction:
    moved = await zones.choose(zone)
    if moved:
        said = ngettext(
            "{n} reminder that comes again keeps its hour there.",
            "{n} reminders that come again keep their hour there.",
            moved,
        )
    else:
        said = _("Noted.")
    talk.toast(said)
    return {"found": []}


DIALOG = Dialog(ZONE, choose_zone, title=lambda: _("My time zone"), parks=False)
ACTIONS = (opener(ZONE),)

"""A group in which a desk works together: its appeals come there, in a forum each in a topic of its own."""

from __future__ import annotations

from typing import Final

from bot.i18n import Phrase, _
from bot.services.appeals.rooms import DeskRooms
from bot.services.roles.rules import NotAllowed
from bot.talk import says
from bot.talk.dialog import Answerer, Aside

ROOM: Final = "deskgroup"
SETTLE: Final = "desk_room"
LEAVE: Final = "desk_room_leave"
MOST_SHOWN: Final = 8
FORUM, PLAIN = "topics", "plain"


async def ask(aside: Aside, _argument: str, desk_rooms: DeskRooms) -> None:
    """Which desk's appeals shall come to this group."""
    if aside.private:
        aside.say(says.Text(_("Send /deskgroup in the group where your desk works together.")))
        return
    mine = (await desk_rooms.mine())[:MOST_SHOWN]
    if not mine:
        aside.say(says.Text(_only_desks()))
        return
    rows: list[list[says.Button]] = [
        [
            says.Action(f"🏢 {name}", SETTLE, f"{PLAIN}.{stop.branch}"),
            says.Action(_("🗂 a topic each"), SETTLE, f"{FORUM}.{stop.branch}"),
        ]
        for stop, name in mine
    ]
    rows.append([says.Action(_("✕ None any more"), LEAVE)])
    text = _(
        "🏢 Which desk's appeals shall come here? Everybody in this group will read them, so only those who "
        "serve there should be in it. In a forum each appeal can have a topic of its own."
    )
    aside.say(says.Text(text, rows))


async def settle(aside: Aside, argument: str, desk_rooms: DeskRooms) -> None:
    """Let them come here."""
    how, _dot, branch = argument.partition(".")
    try:
        name = await desk_rooms.settle(branch, is_forum=how == FORUM)
    except NotAllowed:
        aside.toast(_only_desks())
        return
    aside.redraw(says.Text(_("✓ Appeals to **{name}** come here from now on.").format(name=name)))


async def leave(aside: Aside, _argument: str, desk_rooms: DeskRooms) -> None:
    """Let none come here any more."""
    try:
        came = await desk_rooms.leave()
    except NotAllowed:
        aside.toast(_only_desks())
        return
    gone = _("✓ No appeals come here any more: they go to those who serve, in private.")
    aside.redraw(says.Text(gone if came else _("No appeals came here.")))


def _only_desks() -> Phrase:
    return _("That is for administrators of the group who serve at a desk.")


COMMANDS = (Answerer(ROOM, ask, in_groups=True, for_administrators=True),)
ACTIONS = (
    Answerer(SETTLE, settle, in_groups=True, for_administrators=True),
    Answerer(LEAVE, leave, in_groups=True, for_administrators=True),
)

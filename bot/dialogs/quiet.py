"""/quiet: which broadcasts come, and in which hours nothing does."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs.broadcast_words import topic_words
from bot.dialogs.group_words import hours_of
from bot.dialogs.opening import opener
from bot.i18n import _, join
from bot.services.groups.quiet import QuietHours
from bot.services.hearing import Hearing
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Reaction, Talk

QUIET: Final = "quiet"
HOUR: Final = 60
_NIGHTS: Final = ((22, 7), (21, 8), (0, 9), (9, 17))
CHOICES: Final = tuple(QuietHours(start * HOUR, end * HOUR) for start, end in _NIGHTS)
"""Nights of most, of early ones, of late riders; and a day to sleep in."""


async def choose(talk: Talk, hearing: Hearing) -> None:
    """Show it, and change it with a tap."""

    async def draw(_state: Any) -> says.Screen:
        return _screen(await hearing.muted(), await hearing.quiet())

    async def react(state: Any, event: hears.Event) -> Reaction:
        match event:
            case hears.Choice(["topic", str(topic), bool(wanted)]):
                await hearing.hear(topic, wanted)
            case hears.Choice(["hours", int(start), int(end)]):
                await hearing.keep_quiet(QuietHours(start, end))
            case hears.Choice(["hours"]):
                await hearing.keep_quiet(None)
            case _:
                return IGNORED
        return state

    await talk.browse("quiet", dict, draw, react)


def _screen(muted: set[str], quiet: QuietHours | None) -> says.Screen:
    hours = _("No quiet hours: messages may come at any time.")
    if quiet:
        words = _("Quiet hours: **{hours}**. What may wait comes after them; your own reminders ring.")
        hours = words.format(hours=hours_of(quiet))
    lines = [
        _("🔕 **What comes to you, and when**"),
        hours,
        _("Tap a topic to have it or not:"),
    ]
    topics = [
        says.Option(f"{'☐' if name in muted else '☑'} {word}", ["topic", name, name in muted])
        for name, word in topic_words().items()
    ]
    rows = says.in_columns(topics, 2)
    times = [
        says.Option(("✓ " if each == quiet else "") + hours_of(each), ["hours", each.start, each.end])
        for each in CHOICES
    ]
    rows += [list(times[:2]), list(times[2:])]
    rows.append([says.Option(_("✓ No quiet hours") if quiet is None else _("No quiet hours"), ["hours"])])
    return says.Screen(join(lines), rows)


DIALOG = Dialog(
    QUIET,
    choose,
    title=lambda: _("What comes, and when"),
    command=QUIET,
    summary=lambda: _("Quiet hours, and which broadcasts come"),
    parks=False,
)
ACTIONS = (opener(QUIET),)

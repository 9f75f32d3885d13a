"""When a broadcast is to start: at once, or at a time that is tapped or said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.dialogs.reminders import SaidTime, settle_time
from bot.i18n import _
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.broadcasts.model import MOST_AHEAD
from bot.services.reminders.desk import ReminderDesk
from bot.services.when import When
from bot.talk import hears, says
from bot.talk.choosing import chosen
from bot.talk.engine import Talk
from bot.talk.errors import Refused
from bot.talk.says import Json

NOW: Final = "now"
LATER: Final = "later"


class Start:
    """One of the `ways`, or a time right away."""

    def __init__(self, ways: Sequence[tuple[str, str]], reminders: ReminderDesk) -> None:
        self._options = [says.Option(label, value) for label, value in ways]
        self._time = SaidTime(reminders)

    def hear(self, event: hears.Event) -> Json:
        """What was tapped or said; Refused with a question that helps where it is neither."""
        if isinstance(event, hears.Text) and event.text in (NOW, LATER):
            return event.text
        try:
            return chosen(self._options, event)
        except Refused:
            return self._time.hear(event)

    def read(self, value: Json) -> str | When:
        """A way, or the time."""
        return value if value in (NOW, LATER) else self._time.read(value)


async def start_time(talk: Talk, reminders: ReminderDesk, broadcasts: BroadcastDesk, turn: int) -> str | None:
    """Ask when it is to start: an ISO moment, None for at once."""
    ways = [(_("At once"), NOW), (_("Later"), LATER)]
    said = await talk.ask(f"at{turn}", _("When shall it start?"), Start(ways, reminders), quick=ways)
    if said == NOW:
        return None
    heard = said if isinstance(said, When) else None
    likely = [_("in half an hour"), _("in 1 hour"), _("tomorrow at 8:00")]
    opening = (_("When shall it start?"), [str(one) for one in likely])
    step = 0
    while True:
        when, heard = await settle_time(talk, heard, reminders, f"when{turn}.{step}.", opening), None
        if when.rrule is not None or not isinstance(when.at, datetime):
            sentence = _("A broadcast starts once: please name one time.")
        elif await talk.note(f"fits{turn}.{step}", broadcasts.fits, when.at.isoformat()):
            return when.at.isoformat()
        else:
            sentence = _("A broadcast starts within {n} days: please name another time.")
            sentence = sentence.format(n=MOST_AHEAD.days)
        await talk.say(f"once{turn}.{step}", sentence)
        step += 1

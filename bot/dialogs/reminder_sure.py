"""Whether a reminder is right: a tap, a plain yes, another time, or the next reminder already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.i18n import _
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.timing import from_json, is_settled, to_json
from bot.services.when import Reason, When
from bot.talk import hears, says
from bot.talk.choosing import chosen
from bot.talk.errors import Refused
from bot.talk.plain_answers import plain_answer
from bot.talk.says import Json

RIGHT: Final = "right"
TIME, ANOTHER = "time", "another"

# What stands before a correction and says nothing of the time.
_CORRECTS: Final = re.compile(
    r"^(?:(?:不对|不是|错了|说错了|改成|改到|改为|改|换成|换到|应该是|是|那就"
    r"|no|not|nope|sorry|actually|make it|change it to|i meant|i mean)[\s，,。.]*)+",
    re.IGNORECASE,
)


class Sure:
    """One of the `ways`, as its value; or `{"time"}`, what was heard of another time, or `{"another"}`, the
    words of another reminder."""

    def __init__(self, ways: Sequence[tuple[str, str]], when: When, reminders: ReminderDesk) -> None:
        self._options = [says.Option(label, value) for label, value in ways]
        self._when = when
        self._reminders = reminders

    def hear(self, event: hears.Event) -> Json:
        """What was tapped or said; Refused where it is none of these."""
        if not isinstance(event, hears.Text):
            return chosen(self._options, event)
        if any(option.value == event.text for option in self._options):
            return event.text
        if plain_answer(event.text):
            return RIGHT
        heard = self._heard(_CORRECTS.sub("", event.text.strip()))
        if heard.what and is_settled(heard):
            return {ANOTHER: event.text}
        if not heard.what and heard.reason is not Reason.NOTHING:
            return {TIME: to_json(heard)}
        return chosen(self._options, event)

    def read(self, value: Json) -> Json:
        """The same; Refused if it is nothing that this release wrote."""
        match value:
            case {"time": dict(time)}:
                try:
                    from_json(time)
                except (KeyError, TypeError, ValueError):
                    raise Refused(_("Please write when it should be.")) from None
                return value
            case {"another": str()}:
                return value
        if all(option.value != value for option in self._options):
            raise Refused(_("Please tap one of the buttons."))
        return value

    def _heard(self, text: str) -> When:
        """What a text says, of an hour alone on the day that was said before."""
        heard = self._reminders.read(text)
        at = self._when.at
        if heard.what or is_settled(heard) or self._when.kind != "moment" or not isinstance(at, datetime):
            return heard
        day = self._reminders.say(replace(self._when, kind="day", at=at.date()))
        whole = self._reminders.read(f"{day} {text}")
        return whole if is_settled(whole) and not whole.what else heard

"""Which of a prompt's options is meant: a tap, its label, its place, or a plain yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import _
from bot.talk import hears, says
from bot.talk.errors import Refused
from bot.talk.ordinals import ordinal
from bot.talk.plain_answers import plain_answer
from bot.talk.says import Json


def chosen(options: Sequence[says.Option], event: hears.Event) -> Json:
    """The value an event stands for among options; Refused if none."""
    if isinstance(event, hears.Choice):
        return event.value
    if isinstance(event, hears.Text):
        said = event.text.strip().casefold()
        for option in options:
            if said == _bare(option.label):
                return option.value
        plainly = plain_answer(said)
        if plainly is not None and any(option.value is plainly for option in options):
            return plainly
        if (place := ordinal(said, len(options))) is not None:
            return options[place - 1].value
    raise Refused(_("Please tap one of the buttons."))


def _bare(label: str) -> str:
    """A label as one would type it: without marks, in lower case."""
    return label.strip("✓«» ").casefold()

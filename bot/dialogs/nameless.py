"""Words that many may read: whoever names a person is asked, kindly, to leave the name out."""

from __future__ import annotations

from bot.i18n import _
from bot.services.naming import names_somebody
from bot.talk import hears
from bot.talk.errors import Refused
from bot.talk.inputs import LongText
from bot.talk.says import Json


class Nameless:
    """Free words that name nobody, between two lengths in characters. Who names somebody hears `sorry`."""

    def __init__(self, shortest: int, longest: int, sorry: str | None = None) -> None:
        self._words = LongText(shortest, longest)
        self._sorry = sorry

    def hear(self, event: hears.Event) -> Json:
        """A typed text."""
        text = self._words.hear(event)
        refuse_names(str(text), self._sorry)
        return text

    def read(self, value: Json) -> str:
        """The text; Refused if it is too short or too long."""
        return self._words.read(value)


def is_fit(text: str, shortest: int = 1, longest: int = 300) -> bool:
    """Whether what somebody said already can be taken as it is."""
    return shortest <= len(text) <= longest and not names_somebody(text)


def refuse_names(text: str, sorry: str | None = None) -> None:
    """Raise Refused where a text names somebody."""
    if names_somebody(text):
        usual = _("🙏 Please leave out names, phone numbers and number plates: only what it is and where.")
        raise Refused(sorry or usual)

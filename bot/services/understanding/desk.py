"""Understanding what one person writes, for the length of one turn."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.services.danger import Danger
from bot.services.people import Person
from bot.services.stations.board import StationBoard
from bot.services.understanding import corrections
from bot.services.understanding.mind import Mind
from bot.services.understanding.model import INTENTS, Understood
from bot.services.understanding.said import Said
from bot.store.work import Work


class Understanding:
    """Reads a person's words in their time zone, with the stations as they are now."""

    def __init__(self, mind: Mind, board: StationBoard, work: Work, person: Person) -> None:
        self._mind = mind
        self._board = board
        self._work = work
        self._person = person

    def read(self, text: str) -> Understood:
        """What a text wants; never raises on any text."""
        return self._mind.understand(self.said(text))

    def slots(self, text: str, intent: str) -> dict[str, Any]:
        """What was said along, where the intent is known."""
        return self._mind.slots(self.said(text), intent)

    def said(self, text: str) -> Said:
        """A text with what is certain of it."""
        zone = ZoneInfo(self._person.zone)
        return self._mind.said(text, self._work.now, zone, self._board.index.read)

    def danger(self, text: str) -> Danger | None:
        """Whether a text tells of danger now, and of which."""
        return self._mind.danger.heard(text)

    async def corrected(self, intent: str, meant: str = "") -> None:
        """Count that something else was meant; what was written is not kept. What is no intent is not
        counted."""
        if intent in INTENTS and (not meant or meant in INTENTS):
            await corrections.count(self._work, intent, meant)

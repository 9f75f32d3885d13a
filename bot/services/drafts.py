"""What somebody began to write in a chat and put aside."""

from __future__ import annotations

from bot.services import conversations
from bot.services.conversations import Seat
from bot.services.presses import short
from bot.store.work import Work


class Drafts:
    """Half-written things of one person in one chat."""

    def __init__(self, work: Work, seat: Seat) -> None:
        self._work = work
        self._seat = seat

    async def latest(self) -> str | None:
        """The one put aside last, as buttons name it; None where nothing waits."""
        waiting = await conversations.parked(self._work, self._seat)
        return short(waiting[0].id) if waiting else None

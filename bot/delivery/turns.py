"""Where several speakers share one bot: whose turn it is in a chat, and what is left of everybody's rates.

Times in the database are seconds since 1970, those of the limiter are its timer's; they are converted here.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from bot.delivery.limiter import Timer
from bot.delivery.pace import Pace
from bot.services import outbox, paces
from bot.services.outbox import Outgoing
from bot.store.work import Work


class Turns:
    """The chats in which one speaker has the turn, as long as it has rows for them in hand.

    `busy` keeps the deeds in the database that take or end turns apart: a turn must not end in one while
    another one counts on it.
    """

    def __init__(self, owner: str, pace: Pace, timer: Timer, clock: Callable[[], datetime]) -> None:
        self.busy = asyncio.Lock()
        self._owner = owner
        self._pace = pace
        self._timer = timer
        self._clock = clock
        self._chats: dict[int, int] = {}
        self._rows: Counter[int] = Counter()

    async def take(self, work: Work, rows: Sequence[Outgoing]) -> tuple[list[Outgoing], Mapping[int, float]]:
        """Take the turn for claimed rows, and give back those of chats where another speaker has it.

        Gives the rest, and when the buckets of these chats will be empty, for `begin` after the commit.
        """
        wanted = {row.chat for row in rows} - self._rows.keys()
        taken = await paces.take_turns(work, self._owner, wanted)
        lost = wanted - taken.keys()
        if lost:
            given_back = [row for row in rows if row.chat in lost]
            await outbox.postpone(work, self._owner, given_back, work.now)
        return [row for row in rows if row.chat not in lost], taken

    def begin(self, rows: Sequence[Outgoing], empty_at: Mapping[int, float]) -> None:
        """These rows are in hand now."""
        since_1970 = self._since_1970()
        for chat, at in empty_at.items():
            self._pace.fill_chat(chat, at - since_1970)
        for row in rows:
            self._chats[row.id] = row.chat
            self._rows[row.chat] += 1

    async def end(self, work: Work, ids: Collection[int]) -> None:
        """End the turns in which nothing is in hand but these rows; `ended` follows after the commit."""
        gone = Counter(self._chats[number] for number in ids if number in self._chats)
        since_1970 = self._since_1970()
        over = {
            chat: (self._pace.chat_empty_at(chat) or -since_1970) + since_1970
            for chat, count in gone.items()
            if self._rows[chat] == count
        }
        await paces.end_turns(work, self._owner, over)

    def ended(self, ids: Collection[int]) -> None:
        """These rows are in hand no more."""
        for number in ids:
            chat = self._chats.pop(number, None)
            if chat is None:
                continue
            self._rows[chat] -= 1
            if not self._rows[chat]:
                del self._rows[chat]

    async def renew(self, work: Work) -> None:
        """Prolong all turns."""
        await paces.renew_turns(work, self._owner, self._rows.keys())

    async def reserve(self, work: Work, count: int, interval: float) -> float:
        """Reserve departures of the whole bot; gives the timer's time of the first."""
        return await paces.reserve(work, count, interval) - self._since_1970()

    async def refuse(self, work: Work, chat: int, seconds: float) -> None:
        """Let the other speakers know that Telegram asked to wait."""
        await paces.refuse(work, chat, work.now.timestamp() + seconds)

    def _since_1970(self) -> float:
        """What to add to the timer's time."""
        return self._clock().timestamp() - self._timer.now()

"""Where several speakers share one bot: whose turn it is in a chat, and what is left of everybody's rates.

Times in the database are seconds since 1970, those of the limiter are its timer's; they are converted here.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from bot.delivery.limiter import Timer
from bot.delivery.pace import Pace
from bot.services import outbox, paces
from bot.services.outbox import Outgoing
from bot.store.work import Work


class Turns:
    """The chats in which one speaker has the turn, as long as it has rows for them in hand.

    `chats` and `rows` say which rows are in hand and how many of each chat, `ending` which of them are about
    to be no more, `busy` in which chats a turn is about to be taken or ended.

    What a transaction does to them is a `Deed`. Several may be under way, but in one chat only one at a time:
    a turn must not end in one while another one counts on it.
    """

    def __init__(self, owner: str, pace: Pace, timer: Timer, clock: Callable[[], datetime]) -> None:
        self.owner = owner
        self.pace = pace
        self.chats: dict[int, int] = {}
        self.rows: Counter[int] = Counter()
        self.ending: dict[int, int] = {}
        self.busy: dict[int, asyncio.Event] = {}
        self._timer = timer
        self._clock = clock

    @contextmanager
    def deed(self) -> Iterator[Deed]:
        """For one transaction, around it: what it does counts when the block is left."""
        deed = Deed(self)
        try:
            yield deed
        except BaseException:
            self._let_go(deed.taken)
            raise
        else:
            self._let_go(deed.ended)
        finally:
            for number in deed.ended:
                self.ending.pop(number, None)
            for chat in deed.chats:
                self.busy.pop(chat).set()

    def _let_go(self, ids: Collection[int]) -> None:
        """These rows are in hand no more."""
        for number in ids:
            chat = self.chats.pop(number, None)
            if chat is None:
                continue
            self.rows[chat] -= 1
            if not self.rows[chat]:
                del self.rows[chat]

    async def reserve(self, work: Work, count: int, interval: float) -> float:
        """Reserve departures of the whole bot; gives the timer's time of the first."""
        return await paces.reserve(work, count, interval) - self.since_1970()

    async def refuse(self, work: Work, chat: int, seconds: float) -> None:
        """Let the other speakers know that Telegram asked to wait."""
        await paces.refuse(work, chat, work.now.timestamp() + seconds)

    def since_1970(self) -> float:
        """What to add to the timer's time."""
        return self._clock().timestamp() - self._timer.now()


class Deed:
    """What one transaction does to turns: the chats it changes, the rows that come to hand or leave it."""

    def __init__(self, turns: Turns) -> None:
        self.chats: set[int] = set()
        self.taken: list[int] = []
        self.ended: list[int] = []
        self._turns = turns

    async def take(self, work: Work, rows: Sequence[Outgoing]) -> list[Outgoing]:
        """Take the turn for claimed rows; gives back to anybody those of chats where another speaker has it.

        And those that would overtake an older row: who claimed that one at the same time may lose the turn.
        """
        turns = self._turns
        chats = {row.chat for row in rows}
        while under_way := [turns.busy[chat] for chat in chats & turns.busy.keys()]:
            await under_way[0].wait()
        wanted = chats - turns.rows.keys()
        self._begin(wanted)
        # A row whose lease was over may come again while it is in hand.
        for row in [row for row in rows if row.id not in turns.chats]:
            turns.chats[row.id] = row.chat
            turns.rows[row.chat] += 1
            self.taken.append(row.id)
        taken = await paces.take_turns(work, turns.owner, wanted)
        since_1970 = turns.since_1970()
        for chat, empty_at in taken.items():
            turns.pace.fill_chat(chat, empty_at - since_1970)
        lost = {row.id: row for row in rows if row.chat in wanted - taken.keys()}
        self.ended += lost
        early = await outbox.too_early(work, turns.owner, [row for row in rows if row.id not in lost])
        await self.end(work, [row.id for row in early])
        lost |= {row.id: row for row in early}
        await outbox.postpone(work, turns.owner, list(lost.values()), work.now)
        if early:
            work.note(outbox.NOTE, work.now)
        return [row for row in rows if row.id not in lost]

    async def renew(self, work: Work) -> None:
        """Prolong all turns, but those that are being taken or ended right now."""
        turns = self._turns
        await paces.renew_turns(work, turns.owner, turns.rows.keys() - turns.busy.keys())

    async def end(self, work: Work, ids: Collection[int]) -> None:
        """End the turns in which nothing is in hand but these rows."""
        turns = self._turns
        known = [number for number in ids if number in turns.chats and number not in turns.ending]
        ending = {number: turns.chats[number] for number in known}
        turns.ending |= ending
        self.ended += ending
        # What another transaction is taking out of hand right now is as good as gone.
        leaving = Counter(turns.ending.values())
        over = [chat for chat in set(ending.values()) if turns.rows[chat] == leaving[chat]]
        self._begin(over)
        since_1970 = turns.since_1970()
        empty_at = {chat: (turns.pace.chat_empty_at(chat) or -since_1970) + since_1970 for chat in over}
        await paces.end_turns(work, turns.owner, empty_at)

    def _begin(self, chats: Collection[int]) -> None:
        for chat in set(chats) - self.chats:
            self._turns.busy[chat] = asyncio.Event()
        self.chats.update(chats)

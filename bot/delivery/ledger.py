"""The database side of a speaker: leases, results in small batches, and who can be reached no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.services import outbox, reach
from bot.services.groups import presence
from bot.services.groups.rows import silent
from bot.services.outbox import Outgoing, Settled
from bot.store.database import Database
from bot.store.work import Work

# Results of broadcasts wait this long for company while more is in hand: at 1,000 messages a second that is
# one transaction for twenty. A kill repeats what was not written down, so replies do not wait; they come in
# batches by themselves, as many as arrive during the transaction before.
LINGER_SECONDS = 0.02
RETRY_SECONDS = 1.0
RENEW_AFTER = outbox.LEASE / 3

Clock = Callable[[], datetime]
Rest = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


class Ledger:
    """What one speaker holds of one bot's outbox: `held` are the leased rows that are not settled yet.

    `written` is called after results have been written down.
    """

    def __init__(
        self,
        database: Database,
        bot: int,
        owner: str,
        clock: Clock,
        *,
        rest: Rest,
        written: Callable[[], None],
    ) -> None:
        self.held: dict[int, Outgoing] = {}
        self._database = database
        self._bot = bot
        self._owner = owner
        self._clock = clock
        self._rest = rest
        self._written = written
        self._results: list[tuple[Settled, asyncio.Future[None]]] = []
        # Groups where the bot could not write when it last tried.
        self._silent: set[int] = set()
        self._is_urgent = False
        self._writing: asyncio.Task[None] | None = None
        self._born_at = self._renewed_at = clock()

    async def recover(self) -> None:
        """Free what an earlier life of this process held."""
        async with self._work() as work:
            rows = await outbox.recover(work, self._owner, self._born_at)
            self._silent = set(await silent(work))
        if rows:
            log.info("outbox_recovered", rows=rows)

    async def claim(self, limit: int) -> list[Outgoing]:
        """Lease more rows; gives those that are new in hand."""
        async with self._work() as work:
            claimed = await outbox.claim(work, self._owner, limit)
        fresh = [row for row in claimed if row.id not in self.held]
        self.hold(fresh)
        return fresh

    def hold(self, rows: Sequence[Outgoing]) -> None:
        """Take note of rows that are leased to this speaker."""
        self.held.update((row.id, row) for row in rows)

    async def renew(self) -> None:
        """Prolong the leases in time; rows that another speaker took over are in hand no more."""
        now = self._clock()
        if not self.held or now - self._renewed_at < RENEW_AFTER:
            return
        self._renewed_at = now
        ids = list(self.held)
        async with self._work() as work:
            kept = await outbox.renew(work, self._owner, ids)
        for lost in set(ids) - kept:
            self.held.pop(lost, None)

    def settle(self, result: Settled, priority: int) -> asyncio.Future[None]:
        """Note what became of a row: replies are written down at once, broadcasts with others.

        The future is done when it is written.
        """
        written = asyncio.get_running_loop().create_future()
        self._results.append((result, written))
        self._is_urgent |= priority < outbox.BROADCAST
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return written

    async def flush(self) -> None:
        """Wait until all results are written down."""
        while self._results or (self._writing is not None and not self._writing.done()):
            if self._writing is None or self._writing.done():
                self._writing = asyncio.create_task(self._write())
            await self._writing

    async def give_back(self) -> None:
        """Return what is in hand unsent, for anybody to claim."""
        rows = list(self.held.values())
        self.held.clear()
        async with self._work() as work:
            await outbox.postpone(work, self._owner, rows, work.now)

    async def give_up(self, chat: int, why: str) -> None:
        """Nobody hears the bot there any more, person or group: what waits for them is skipped."""
        async with self._work() as work:
            await (reach.block if chat > 0 else reach.leave)(work, chat, why)
        for row in [row for row in self.held.values() if row.chat == chat]:
            del self.held[row.id]

    async def silence(self, chat: int) -> None:
        """The bot may not write in a group: those who look after it are told."""
        self._silent.add(chat)
        async with self._work() as work:
            await presence.silence(work, chat)

    async def hear(self, chat: int) -> None:
        """A chat took a message: if it was a group where the bot could not write, it can again."""
        if chat not in self._silent:
            return
        self._silent.discard(chat)
        async with self._work() as work:
            await presence.hear(work, chat)

    async def lose_topic(self, chat: int, topic: int) -> None:
        """A forum topic is gone: what went there goes to the group itself."""
        async with self._work() as work:
            await presence.lose_topic(work, chat, topic)

    async def migrate(self, old: int, new: int) -> None:
        """A group has a new id: its messages go there."""
        async with self._work() as work:
            await reach.migrate(work, old, new)

    async def _write(self) -> None:
        while self._results:
            if not self._is_urgent and len(self.held) > len(self._results):
                await asyncio.sleep(LINGER_SECONDS)
            batch, self._results, self._is_urgent = self._results, [], False
            try:
                async with self._work() as work:
                    await outbox.settle(work, [result for result, _ in batch])
            except (SQLAlchemyError, OSError) as error:
                # Leases outlast a short outage; after a long one the rows are sent again.
                log.error("outbox_not_settled", rows=len(batch), error=type(error).__name__)
                self._results, self._is_urgent = batch + self._results, True
                await self._rest(RETRY_SECONDS)
                continue
            for result, written in batch:
                self.held.pop(result.id, None)
                if not written.done():
                    written.set_result(None)
            self._written()

    @asynccontextmanager
    async def _work(self) -> AsyncIterator[Work]:
        async with self._database.work(self._bot, self._clock()) as work:
            yield work

"""The database side of a speaker: leases, turns, results in small batches, and who can be reached no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.turns import Turns
from bot.services import letters, outbox, reach
from bot.services.groups import presence
from bot.services.groups.rows import silent
from bot.services.outbox import Outgoing, Settled
from bot.store.database import Database
from bot.store.work import Work

# Results of broadcasts wait this long for company while more is in hand: at 1,000 messages a second that is
# one transaction for twenty. They can: such a row is marked before it is sent. A kill repeats replies that
# were not written down, so these do not wait; they come in batches by themselves, as many as arrive during
# the transaction before.
LINGER_SECONDS = 0.02
RETRY_SECONDS = 1.0
RENEW_AFTER = outbox.LEASE / 3
# Pausing a broadcast takes effect within a second.
TEND_AFTER = timedelta(seconds=0.25)

Clock = Callable[[], datetime]
Rest = Callable[[float], Awaitable[None]]


class Claim(Protocol):
    """Leases rows to an owner: `outbox.claim` or `letters.claim`."""

    async def __call__(self, work: Work, owner: str, limit: int, *, shared: bool) -> list[Outgoing]:
        """So many rows at most."""
        ...


_Result = tuple[Settled, bool, asyncio.Future[None]]

log = structlog.get_logger()


class Ledger:
    """What one speaker holds of one bot's outbox: `held` are the leased rows that are not settled yet.

    `written` is called after results have been written down. `turns` are there where speakers share the bot.
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
        turns: Turns | None = None,
    ) -> None:
        self.held: dict[int, Outgoing] = {}
        self.letters_held = 0
        self.unwritten = 0
        self._turns = turns
        self._database = database
        self._bot = bot
        self._owner = owner
        self._clock = clock
        self._rest = rest
        self._written = written
        self._results: list[_Result] = []
        # Groups where the bot could not write when it last tried.
        self._silent: set[int] = set()
        self._is_urgent = False
        self._writing: asyncio.Task[None] | None = None
        self._born_at = self._renewed_at = self._tended_at = clock()

    async def recover(self) -> None:
        """Free what an earlier life of this process held."""
        async with self._work() as work:
            rows = await outbox.recover(work, self._owner, self._born_at)
            self._silent = set(await silent(work))
        if rows:
            log.info("outbox_recovered", rows=rows)

    async def claim(self, limit: int) -> list[Outgoing]:
        """Lease more rows; gives those that are new in hand."""
        return await self._claim(outbox.claim, limit)

    async def claim_letters(self, limit: int) -> list[Outgoing]:
        """The same for rows of broadcasts."""
        return await self._claim(letters.claim, limit)

    async def _claim(self, claim: Claim, limit: int) -> list[Outgoing]:
        async with self._taking_turns() as turns:
            async with self._work() as work:
                claimed = await claim(work, self._owner, limit, shared=turns is not None)
                if turns is not None:
                    claimed, empty_at = await turns.take(work, claimed)
            if turns is not None:
                turns.begin(claimed, empty_at)
        fresh = [row for row in claimed if row.id not in self.held]
        self.hold(fresh)
        return fresh

    def hold(self, rows: Sequence[Outgoing]) -> None:
        """Take note of rows that are leased to this speaker."""
        self.held.update((row.id, row) for row in rows)
        self.letters_held += sum(row.broadcast is not None for row in rows)

    def _let_go(self, ids: Iterable[int]) -> None:
        """These rows are in hand no more."""
        for number in ids:
            row = self.held.pop(number, None)
            if row is not None and row.broadcast is not None:
                self.letters_held -= 1

    async def renew(self) -> None:
        """Prolong the leases in time; rows that another speaker took over are in hand no more."""
        now = self._clock()
        if not self.held or now - self._renewed_at < RENEW_AFTER:
            return
        self._renewed_at = now
        ids = list(self.held)
        async with self._work() as work:
            kept = await outbox.renew(work, self._owner, ids)
            if self._turns is not None:
                await self._turns.renew(work)
        self._let_go(set(ids) - kept)

    async def tend(self) -> set[int] | None:
        """See to rows of dead speakers and to cancelled broadcasts, from time to time.

        Gives the broadcasts that run; None where it was seen to a moment ago.
        """
        now = self._clock()
        if now - self._tended_at < TEND_AFTER:
            return None
        self._tended_at = now
        async with self._work() as work:
            return await letters.tend(work)

    def settle(self, result: Settled, *, is_urgent: bool) -> asyncio.Future[None]:
        """Note what became of a row: an urgent result is written down at once, others in company.

        The future is done when it is written.
        """
        written = asyncio.get_running_loop().create_future()
        self._results.append((result, is_urgent, written))
        self._is_urgent |= is_urgent
        self.unwritten += is_urgent
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return written

    async def flush(self) -> None:
        """Wait until all results are written down."""
        while self._results or (self._writing is not None and not self._writing.done()):
            if self._writing is None or self._writing.done():
                self._writing = asyncio.create_task(self._write())
            await self._writing

    async def give_back(self, rows: Sequence[Outgoing]) -> None:
        """Return rows in hand unsent, for anybody to claim."""
        ids = [row.id for row in rows]
        self._let_go(ids)
        async with self._taking_turns() as turns:
            async with self._work() as work:
                await outbox.postpone(work, self._owner, rows, work.now)
                if turns is not None:
                    await turns.end(work, ids)
            if turns is not None:
                turns.ended(ids)

    async def give_up(self, chat: int, why: str) -> None:
        """Nobody hears the bot there any more, person or group: what waits for them is skipped."""
        async with self._work() as work:
            await (reach.block if chat > 0 else reach.leave)(work, chat, why)
        self._let_go([row.id for row in self.held.values() if row.chat == chat and row.broadcast is None])

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

    async def reserve(self, count: int, interval: float) -> float:
        """Reserve departures of the whole bot, shared with other speakers; gives the time of the first."""
        assert self._turns is not None  # noqa: S101 - only who shares reserves
        while True:
            try:
                async with self._work() as work:
                    return await self._turns.reserve(work, count, interval)
            except (SQLAlchemyError, OSError) as error:
                log.error("nothing_reserved", error=type(error).__name__)
                await self._rest(RETRY_SECONDS)

    async def refuse(self, chat: int, seconds: float) -> None:
        """Let the other speakers know that Telegram asked to wait."""
        assert self._turns is not None  # noqa: S101 - only who shares has others
        async with self._work() as work:
            await self._turns.refuse(work, chat, seconds)

    async def _write(self) -> None:
        while self._results:
            if not self._is_urgent and len(self.held) > len(self._results):
                await asyncio.sleep(LINGER_SECONDS)
            batch, self._results, self._is_urgent = self._results, [], False
            try:
                await self._settle([result for result, _, _ in batch])
            except (SQLAlchemyError, OSError) as error:
                # Leases outlast a short outage; after a long one the rows are sent again.
                log.error("outbox_not_settled", rows=len(batch), error=type(error).__name__)
                self._results, self._is_urgent = batch + self._results, True
                await self._rest(RETRY_SECONDS)
                continue
            self._let_go(result.id for result, _, _ in batch)
            for _, is_urgent, written in batch:
                self.unwritten -= is_urgent
                if not written.done():
                    written.set_result(None)
            self._written()

    async def _settle(self, results: Sequence[Settled]) -> None:
        ids = [result.id for result in results]
        async with self._taking_turns() as turns:
            async with self._work() as work:
                await outbox.settle(work, results)
                if turns is not None:
                    await turns.end(work, ids)
            if turns is not None:
                turns.ended(ids)

    @asynccontextmanager
    async def _taking_turns(self) -> AsyncIterator[Turns | None]:
        if self._turns is None:
            yield None
            return
        async with self._turns.busy:
            yield self._turns

    @asynccontextmanager
    async def _work(self) -> AsyncIterator[Work]:
        async with self._database.work(self._bot, self._clock()) as work:
            yield work

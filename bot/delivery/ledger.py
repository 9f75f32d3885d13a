"""The database side of a speaker: leases, turns, results in small batches, and who can be reached no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.delivery.page import Page
from bot.delivery.turns import Deed, Turns
from bot.services import addresses, letters, outbox
from bot.services.groups import standing
from bot.services.outbox import Outgoing, Settled
from bot.store.database import Database, name_of
from bot.store.work import Work

# Results of broadcasts wait this long for company while more is in hand: at 1,000 messages a second that is
# one transaction for twenty. They can: such a row is marked as it leaves. A kill repeats replies that
# were not written down, so these do not wait; they come in batches by themselves, as many as arrive during
# the transaction before.
LINGER_SECONDS = 0.02
# Those that are about to leave wait as long as a transaction takes, so that some share one.
GATHER_SECONDS = 0.002
RETRY_SECONDS = 1.0
RENEW_AFTER = outbox.LEASE / 3
TEND_AFTER = timedelta(seconds=1)
# A clock that was set back may have gone on for so long since the last look.
WRITTEN_MEANWHILE = timedelta(seconds=3)

Clock = Callable[[], datetime]
Rest = Callable[[float], Awaitable[None]]


class Claim(Protocol):
    """Leases rows to an owner: `outbox.claim` or `letters.claim`."""

    async def __call__(self, work: Work, owner: str, limit: int, *, shared: bool) -> list[Outgoing]:
        """So many rows at most."""
        ...


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
        self._answered: set[int] = set()
        self.letters_held = 0
        self.unwritten = 0
        self._turns = turns
        self._database = database
        self._bot = bot
        self._owner = owner
        self._clock = clock
        self._rest = rest
        self._written = written
        self._page = Page()
        self._writing: asyncio.Task[None] | None = None
        # Rows in hand change in one transaction at a time: two would wait for each other's rows.
        self._changing = asyncio.Lock()
        ends = (outbox.SENT, outbox.DEAD, outbox.SKIPPED, outbox.UNCERTAIN)
        self._counts = {state: metrics.MESSAGES.labels(bot, state) for state in ends}
        self._born_at = self._renewed_at = self._tended_at = clock()

    async def recover(self) -> None:
        """Free what an earlier life of this process held."""
        async with self._work() as work:
            rows = await outbox.recover(work, self._owner, self._born_at)
        if rows:
            log.info("outbox_recovered", rows=rows)

    async def claim(self, limit: int) -> list[Outgoing]:
        """Lease more rows; gives those that are new in hand."""
        return await self._claim(outbox.claim, limit)

    async def claim_letters(self, limit: int) -> list[Outgoing]:
        """The same for rows of broadcasts."""
        return await self._claim(letters.claim, limit)

    async def _claim(self, claim: Claim, limit: int) -> list[Outgoing]:
        with self._deed() as deed:
            async with self._work() as work:
                claimed = await claim(work, self._owner, limit, shared=deed is not None)
                if deed is not None:
                    claimed = await deed.take(work, claimed)
        fresh = [row for row in claimed if row.id not in self.held]
        self.hold(fresh)
        return fresh

    def _deed(self) -> AbstractContextManager[Deed | None]:
        return nullcontext() if self._turns is None else self._turns.deed()

    def hold(self, rows: Sequence[Outgoing]) -> None:
        """Take note of rows that are leased to this speaker."""
        self.held.update((row.id, row) for row in rows)
        self.letters_held += sum(row.broadcast is not None for row in rows)

    def _let_go(self, ids: Iterable[int]) -> None:
        """These rows are in hand no more."""
        for number in ids:
            row = self.held.pop(number, None)
            self._answered.discard(number)
            if row is not None and row.broadcast is not None:
                self.letters_held -= 1

    async def renew(self) -> None:
        """Prolong the leases in time; rows that another speaker took over are in hand no more."""
        now = self._clock()
        # Either way: where the clock was set back, it must not take until then.
        if not self.held or abs(now - self._renewed_at) < RENEW_AFTER:
            return
        self._renewed_at = now
        async with self._changing:
            before = dict(self.held)
            with self._deed() as deed:
                async with self._work() as work:
                    lost = before.keys() - await outbox.renew(work, self._owner, list(before))
                    if deed is not None:
                        await deed.renew(work)
                        await deed.end(work, lost)
        # One that was lost may have been claimed again meanwhile: it is in hand.
        self._let_go(number for number in lost if self.held.get(number) is before[number])

    async def tend(self) -> None:
        """See to rows of dead speakers and to cancelled broadcasts, from time to time."""
        now = self._clock()
        if abs(now - self._tended_at) < TEND_AFTER:
            return
        before, self._tended_at = self._tended_at, now
        async with self._work() as work:
            if now < before:
                await outbox.set_back(work, before + WRITTEN_MEANWHILE)
            await letters.tend(work)

    def settle(self, result: Settled, *, is_urgent: bool) -> asyncio.Future[None]:
        """Note what became of a row: an urgent result is written down at once, others in company.

        The future is done when it is written.
        """
        self._count(result)
        written = asyncio.get_running_loop().create_future()
        self._answered.add(result.id)
        self._page.results.append(result)
        self._page.written.append(written)
        self._page.urgent += is_urgent
        self.unwritten += is_urgent
        self._begin_writing()
        return written

    def _count(self, result: Settled) -> None:
        self._counts[result.state].inc()
        row = self.held.get(result.id)
        if row is None or row.made_at is None or row.priority != outbox.REPLY or result.state != outbox.SENT:
            return
        metrics.REPLY_SECONDS.observe(max(0.0, (self._clock() - row.made_at).total_seconds()))

    async def leave(self, row: Outgoing) -> bool:
        """Note that a broadcast's row leaves now, at once; False where it is not to leave any more."""
        marked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._page.leaving[row.id] = marked
        self._begin_writing()
        return await marked

    def put_back(self, row: Outgoing) -> None:
        """Return a row unsent, for anybody to claim, when something is written down the next time."""
        self._page.unsent.append(row)
        self._begin_writing()

    def _begin_writing(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def flush(self) -> None:
        """Wait until all is written down."""
        while not self._page.is_empty() or (self._writing is not None and not self._writing.done()):
            self._begin_writing()
            if self._writing is not None:
                await self._writing

    async def give_back(self, rows: Sequence[Outgoing]) -> None:
        """Return rows in hand unsent, for anybody to claim.

        What has its answer was sent: where that could not be written down, nobody is to send it at once.
        """
        ids = [row.id for row in rows]
        unsent = [row for row in rows if row.id not in self._answered]
        self._let_go(ids)
        with self._deed() as deed:
            async with self._work() as work:
                await outbox.postpone(work, self._owner, unsent, work.now)
                if deed is not None:
                    await deed.end(work, ids)

    async def aim(self, row: Outgoing) -> None:
        """Find the message that a row redraws: its line has sent what goes before it."""
        if row.target is not None and "row" in row.target:
            async with self._work() as work:
                await outbox.aim(work, row)

    async def give_up(self, chat: int, why: str) -> None:
        """Nobody hears the bot there any more, person or group: what waits for them is skipped."""
        ids = [row.id for row in self.held.values() if row.chat == chat and row.broadcast is None]
        with self._deed() as deed:
            async with self._work() as work:
                await (addresses.block if chat > 0 else addresses.leave)(work, chat, why)
                if deed is not None:
                    await deed.end(work, ids)
        self._let_go(ids)

    async def silence(self, chat: int) -> None:
        """The bot may not write in a group: those who look after it are told."""
        async with self._work() as work:
            await standing.silence(work, chat)

    async def hear(self, chat: int) -> None:
        """A chat took a message: if it was a group where the bot could not write, it can again.

        Any speaker may have found it silent.
        """
        if chat > 0:
            return
        async with self._work() as work:
            await standing.speak(work, chat)

    async def lose_topic(self, chat: int, topic: int) -> None:
        """A forum topic is gone: what went there goes to the group itself."""
        async with self._work() as work:
            await standing.lose_topic(work, chat, topic)

    async def migrate(self, old: int, new: int) -> None:
        """A group has a new id: its messages go there."""
        async with self._work() as work:
            await addresses.migrate(work, old, new)

    async def reserve(self, count: int, interval: float) -> float:
        """Reserve departures of the whole bot, shared with other speakers; gives the time of the first."""
        assert self._turns is not None  # noqa: S101 - only who shares reserves
        while True:
            try:
                async with self._work() as work:
                    return await self._turns.reserve(work, count, interval)
            except (SQLAlchemyError, OSError) as error:
                log.error("nothing_reserved", error=name_of(error))
                await self._rest(RETRY_SECONDS)

    async def refuse(self, chat: int, seconds: float) -> None:
        """Let the other speakers know that Telegram asked to wait."""
        assert self._turns is not None  # noqa: S101 - only who shares has others
        async with self._work() as work:
            await self._turns.refuse(work, chat, seconds)

    async def _write(self) -> None:
        while not self._page.is_empty():
            await self._gather()
            page, self._page = self._page, Page()
            try:
                marked = await self._write_down(page)
            except Exception as error:
                # Whatever it is, results must not get lost: their lines wait for them. Leases outlast a short
                # outage; after a long one the rows are sent again.
                log.error("outbox_not_settled", rows=len(page.results), error=name_of(error))
                self._page = page.with_more(self._page)
                await self._rest(RETRY_SECONDS)
                continue
            self._turn_over(page, marked)

    async def _gather(self) -> None:
        """Wait for what can be written down along with what is there."""
        if self._page.urgent:
            return
        if self._page.leaving:
            await asyncio.sleep(GATHER_SECONDS)
        elif len(self.held) > len(self._page.results):
            await asyncio.sleep(LINGER_SECONDS)

    async def _write_down(self, page: Page) -> set[int]:
        """Gives the rows that may leave."""
        async with self._changing:
            return await self._write_page(page)

    async def _write_page(self, page: Page) -> set[int]:
        with self._deed() as deed:
            async with self._work() as work:
                await outbox.settle(work, page.results)
                await outbox.postpone(work, self._owner, page.unsent, work.now)
                if deed is not None:
                    await deed.end(work, page.gone)
                return await letters.leave(work, self._owner, page.leaving.keys())

    def _turn_over(self, page: Page, marked: set[int]) -> None:
        """It is written: tell who waits for it."""
        self._let_go(page.gone)
        self.unwritten -= page.urgent
        for written in page.written:
            if not written.done():
                written.set_result(None)
        for number, leaving in page.leaving.items():
            if not leaving.done():
                leaving.set_result(number in marked)
        self._written()

    @asynccontextmanager
    async def _work(self) -> AsyncIterator[Work]:
        async with self._database.work(self._bot, self._clock()) as work:
            yield work

"""The clock: does what is due, in batches, and sleeps until something is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.clock.kinds import Kind
from bot.logs import trace_of
from bot.services import due, outbox
from bot.services.due import Claimed, Due
from bot.services.outbox import Outgoing
from bot.store.database import Database, may_pass, name_of
from bot.store.work import Note, Work
from bot.waiting import wait_for

# Things in hand at once: enough for a few batches, few enough that another clock finds some too.
CLAIM_MOST = 256
# How soon the clock sees what another process planned.
TICK_SECONDS = 1.0
RETRY_SECONDS = 1.0
RENEW_AFTER = due.LEASE / 3

_NEVER = datetime.max.replace(tzinfo=UTC)

Wait = Callable[[asyncio.Event, float], Awaitable[None]]

log = structlog.get_logger()


@dataclass(slots=True)
class _Done:
    things: list[Due] = field(default_factory=list)
    skipped: list[Due] = field(default_factory=list)
    failed: list[tuple[Due, Exception]] = field(default_factory=list)
    out: list[Outgoing] = field(default_factory=list)


class Clock:
    """Does one bot's due things of some kinds, under the name `owner` of its process.

    `now` gives aware UTC times, `wait` waits for an event so many seconds at most. What deeds say
    is left in the outbox for any speaker. It looks every `tick_seconds` for what other processes planned, and
    has `claim_most` things in hand at once.
    """

    def __init__(
        self,
        database: Database,
        bot: int,
        kinds: Sequence[Kind],
        *,
        owner: str,
        now: Callable[[], datetime],
        wait: Wait = wait_for,
        tick_seconds: float = TICK_SECONDS,
        claim_most: int = CLAIM_MOST,
    ) -> None:
        self._database = database
        self._bot = bot
        self._kinds = {kind.name: kind for kind in kinds}
        self._owner = owner
        self._now = now
        self._wait = wait
        self._tick = timedelta(seconds=tick_seconds)
        self._claim_most = claim_most
        self._wanted = asyncio.Event()
        self._alarm = _NEVER
        self._in_hand: set[int] = set()
        self._renewed_at = self._looked_at = self._born_at = now()
        self._is_stopping = False
        self._running: asyncio.Task[Any] | None = None

    # -- The loop --------------------------------------------------------------------------------------------

    def heed(self, note: Note) -> None:
        """Something was planned in this process: wake up for it if it comes before the alarm."""
        if note.about == due.NOTE and note.at < self._alarm:
            self._wanted.set()

    async def run(self) -> None:
        """Do what is due, when it is, until `stop`."""
        self._running = asyncio.current_task()
        self._database.listen(self.heed)
        await self._patiently(self._recover())
        while not self._is_stopping:
            self._wanted.clear()
            await self._patiently(self._round())
        await self._patiently(self._give_back())

    async def stop(self, grace_seconds: float) -> None:
        """Finish the batch under way and give back what else is in hand; the rest is cut off after the grace.

        What is cut off is undone by the database, and free when its lease is over.
        """
        self._is_stopping = True
        self._wanted.set()
        if self._running is None:
            return
        late = (await asyncio.wait([self._running], timeout=grace_seconds))[1]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def work_off(self) -> None:
        """Do all that is due now, and return."""
        while await self._do_some():
            continue

    async def _patiently(self, deed: Coroutine[Any, Any, None]) -> None:
        """Whatever goes wrong, the clock goes on: a database that fails now may answer a moment later."""
        try:
            await deed
        except Exception as error:
            log.error("clock_stumbled", error=name_of(error), trace=trace_of(error))
            await self._wait(self._wanted, RETRY_SECONDS)

    async def _round(self) -> None:
        if not await self._do_some():
            await self._sleep()

    async def _sleep(self) -> None:
        """Sleep until something is due, something earlier is planned here, or it is time to look."""
        # After the moment of the last look, or what has come due since would wait for a tick.
        async with self._database.work(self._bot, self._looked_at) as work:
            upcoming = await due.next_at(work, list(self._kinds))
        self._alarm = min(upcoming or _NEVER, self._now() + self._tick)
        try:
            pause = min(self._alarm - self._now(), self._tick)
            await self._wait(self._wanted, max(pause.total_seconds(), 0))
        finally:
            self._alarm = _NEVER

    # -- Leases ----------------------------------------------------------------------------------------------

    def _work(self) -> AbstractAsyncContextManager[Work]:
        return self._database.work(self._bot, self._now())

    async def _recover(self) -> None:
        async with self._work() as work:
            freed = await due.recover(work, self._owner, self._born_at)
        if freed:
            log.info("due_recovered", rows=freed)

    async def _claim(self) -> list[Claimed]:
        async with self._work() as work:
            claimed = await due.claim(work, self._owner, self._claim_most, list(self._kinds))
        self._in_hand = {one.id for one in claimed}
        self._renewed_at = self._looked_at = work.now
        return claimed

    async def _renew(self) -> None:
        """Prolong the leases in time: others need not take over what is only waiting here."""
        now = self._now()
        if abs(now - self._renewed_at) < RENEW_AFTER:
            return
        self._renewed_at = now
        async with self._work() as work:
            await due.renew(work, self._owner, list(self._in_hand))

    async def _give_back(self) -> None:
        ids, self._in_hand = list(self._in_hand), set()
        if ids:
            async with self._work() as work:
                await due.release(work, self._owner, ids)

    # -- The deeds -------------------------------------------------------------------------------------------

    async def _do_some(self) -> bool:
        """Claim what is due and do it; False when there was nothing."""
        claimed = await self._claim()
        for kind, ids in self._batches(claimed):
            if self._is_stopping:
                break
            await self._renew()
            await self._do(kind, ids)
            self._in_hand.difference_update(ids)
        return bool(claimed)

    def _batches(self, claimed: Sequence[Claimed]) -> list[tuple[Kind, list[int]]]:
        """Things of one kind together; the batch with the oldest thing first."""
        batches: list[tuple[Kind, list[int]]] = []
        growing: dict[str, list[int]] = {}
        for number, name in claimed:
            kind = self._kinds[name]
            if name not in growing or len(growing[name]) >= kind.batch:
                growing[name] = []
                batches.append((kind, growing[name]))
            growing[name].append(number)
        return batches

    async def _do(self, kind: Kind, ids: Sequence[int]) -> None:
        """Do things together, else each alone; one whose transaction fails is put off alone.

        Raises what is wrong with the database: all of it is undone then, and comes again.
        """
        try:
            await self._do_together(kind, ids)
        except Exception as error:
            if may_pass(error):
                raise
            if len(ids) == 1:
                await self._put_off(ids[0], error)
                return
            for number in ids:
                await self._do(kind, [number])

    async def _do_together(self, kind: Kind, ids: Sequence[int]) -> None:
        done = _Done()
        async with self._database.transaction() as connection:
            work = Work(connection, self._bot, self._now())
            held = await due.hold(work, self._owner, ids)
            for thing in held:
                if kind.skips(thing, work.now):
                    done.skipped.append(thing)
                    continue
                await self._do_one(kind, thing, Work(connection, self._bot, work.now, shared=True), done)
            await due.finish(work, self._owner, done.things)
            await due.finish(work, self._owner, done.skipped, due.SKIPPED)
            for thing, error in done.failed:
                done.out.extend(await self._fail(work, thing, error))
            done.out = await outbox.heard(work, done.out)
            await outbox.put(work, done.out)
        if done.skipped:
            log.info("due_skipped", kind=kind.name, rows=len(done.skipped))

    async def _do_one(self, kind: Kind, thing: Due, work: Work, done: _Done) -> None:
        try:
            async with asyncio.timeout(kind.limit_seconds):
                out = await kind.deed(work, thing)
            await work.keep()
        except Exception as error:
            await work.undo()
            done.failed.append((thing, error))
            return
        done.things.append(thing)
        done.out.extend(out)

    async def _put_off(self, number: int, error: Exception) -> None:
        async with self._work() as work:
            for thing in await due.hold(work, self._owner, [number]):
                await outbox.put(work, await self._fail(work, thing, error))

    async def _fail(self, work: Work, thing: Due, error: Exception) -> Sequence[Outgoing]:
        """Put it off, or bury it; gives what is to be said then."""
        name = type(error).__name__
        is_alive = await due.fail(work, self._owner, thing, name)
        what = "deed_failed" if is_alive else "deed_dead"
        log.error(what, due=thing.id, kind=thing.kind, error=name, trace=trace_of(error))
        return [] if is_alive else await self._bury(work.apart(), thing)

    async def _bury(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """What is to be said of something that failed for good; a bug in that leaves it dead all the same."""
        buried = self._kinds[thing.kind].buried
        if buried is None:
            return []
        try:
            out = await buried(work, thing)
            await work.keep()
        except Exception as error:
            await work.undo()
            log.error("dead_not_told", due=thing.id, error=type(error).__name__, trace=trace_of(error))
            return []
        return out

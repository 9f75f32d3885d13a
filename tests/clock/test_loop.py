"""The clock: deeds in batches, failures, what was missed, sleep and wake-ups, a graceful stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock.kinds import GRACE, Kind
from bot.clock.loop import TICK_SECONDS, Clock
from bot.services import due
from bot.services.due import LEASE, MOST_ATTEMPTS, Due
from bot.services.outbox import Outgoing
from bot.store.database import Database
from bot.store.work import Work
from tests.clock.conftest import Marks, Stand, until
from tests.conftest import BOT


async def test_what_is_due_is_done_and_its_messages_are_left_for_any_speaker(stand: Stand) -> None:
    ids = [await stand.plan() for _ in range(3)]
    await stand.plan(minutes=1)
    await stand.clock().work_off()
    assert await stand.marked() == ids
    assert await stand.states() == ["done", "done", "done", "waiting"]
    assert await stand.said() == [f"ding {number}" for number in ids]


async def test_a_deed_that_fails_is_undone_alone_and_tried_again(stand: Stand) -> None:
    ids = [await stand.plan() for _ in range(3)]
    stand.marks.broken.add(ids[1])
    await stand.clock().work_off()
    assert await stand.marked() == [ids[0], ids[2]]
    assert await stand.states() == ["done", "waiting", "done"]
    assert len(await stand.said()) == 2
    stand.marks.broken.clear()
    stand.now += due.FIRST_BACK_OFF
    await stand.clock().work_off()
    assert await stand.marked() == ids
    assert stand.marks.done[-1].late == due.FIRST_BACK_OFF


@pytest.mark.parametrize("fails", [False, True])
async def test_who_waits_for_a_deed_hears_that_it_failed_for_good(stand: Stand, fails: bool) -> None:
    """A bug in what is said of it leaves it dead all the same."""

    async def tell(work: Work, thing: Due) -> Sequence[Outgoing]:
        out = await Marks().leave(work, replace(thing, id=0))
        if fails:
            raise ValueError
        return out

    stand.marks.broken.add(await stand.plan())
    for _ in range(due.MOST_ATTEMPTS):
        await stand.clock(Kind("bell", stand.marks.leave, buried=tell)).work_off()
        stand.now += due.LONGEST_BACK_OFF
    assert await stand.states() == ["dead"]
    assert await stand.said() == ([] if fails else ["ding 0"])
    assert await stand.marked() == ([] if fails else [0])


async def test_a_deed_that_fails_for_good_is_dead_with_its_reason(stand: Stand) -> None:
    stand.marks.broken.add(await stand.plan())
    for _ in range(MOST_ATTEMPTS):
        await stand.clock().work_off()
        stand.now += due.LONGEST_BACK_OFF
    assert await stand.states() == ["dead"]
    async with stand.database.work(BOT, stand.now) as work:
        assert [thing.error for thing in await due.dead(work, 9)] == ["ValueError"]


@pytest.mark.parametrize("missed", ["late", "skip"])
async def test_what_was_missed_is_done_late_or_skipped(stand: Stand, missed: Any) -> None:
    await stand.plan()
    await stand.plan(rule="FREQ=DAILY")
    await stand.plan(minutes=60)
    stand.now += timedelta(hours=1, minutes=1)
    await stand.clock(Kind("bell", stand.marks.leave, missed=missed)).work_off()
    late = [thing.late for thing in stand.marks.done]
    if missed == "late":
        assert late == [timedelta(minutes=61), timedelta(minutes=61), timedelta(minutes=1)]
        assert await stand.states() == ["done", "waiting", "done"]
    else:
        assert late == [GRACE]
        assert await stand.states() == ["skipped", "waiting", "done"]


async def test_a_failure_is_tried_again_though_late_comers_are_skipped(stand: Stand) -> None:
    stand.marks.broken.add(await stand.plan())
    clock = stand.clock(Kind("bell", stand.marks.leave, missed="skip"))
    for _ in range(4):
        await clock.work_off()
        async with stand.database.work(BOT, stand.now) as work:
            (thing,) = await due.coming(work, 1)
        stand.now = thing.not_before
    stand.marks.broken.clear()
    await clock.work_off()
    assert await stand.states() == ["done"]
    assert stand.marks.done[0].late == timedelta(seconds=10 + 20 + 40 + 80)


async def _hang(work: Work, thing: Due) -> Sequence[Outgoing]:
    await work.execute(sa.text("UPDATE due SET error = 'written' WHERE id = :id"), {"id": thing.id})
    await asyncio.Event().wait()
    return []


async def test_a_deed_that_hangs_stops_nobody(stand: Stand) -> None:
    hanging, other = await stand.plan(kind="hang"), await stand.plan()
    await stand.clock(Kind("hang", _hang, limit_seconds=0.01), Kind("bell", stand.marks.leave)).work_off()
    assert await stand.marked() == [other]
    async with stand.database.work(BOT, stand.now) as work:
        (thing,) = await due.coming(work, 9)
    assert (thing.id, thing.error, thing.attempts) == (hanging, "TimeoutError", 1)


@pytest.mark.parametrize(
    "question",
    [
        # On PostgreSQL a SELECT that fails outside a savepoint spoils all that comes after it.
        "SELECT nothing FROM nowhere",
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "SELECT pg_sleep(60)",
    ],
)
async def test_a_deed_that_breaks_its_transaction_harms_nobody(stand: Stand, question: str) -> None:
    if stand.database.is_sqlite and "pg_" in question:
        pytest.skip("SQLite has neither connections to lose nor statements that sleep")

    async def ask(work: Work, thing: Due) -> Sequence[Outgoing]:
        if question := thing.what.get("question"):
            await work.fetch(sa.text(question))
        return await stand.marks.leave(work, thing)

    first, breaking, last = [await stand.plan(what={"question": one}) for one in ("", question, "")]
    await stand.clock(Kind("bell", ask, limit_seconds=0.5)).work_off()
    assert await stand.marked() == [first, last]
    async with stand.database.work(BOT, stand.now) as work:
        (thing,) = await due.coming(work, 9)
    assert (thing.id, thing.attempts) == (breaking, 1)


async def _chatter(work: Work, thing: Due) -> Sequence[Outgoing]:
    body = {"text": object()} if thing.what.get("odd") else {}
    return [Outgoing(work.bot, 5, body)]


async def test_a_message_that_can_not_be_written_puts_off_its_deed_alone(stand: Stand) -> None:
    for odd in (False, True, False):
        await stand.plan(what={"odd": odd})
    await stand.clock(Kind("bell", _chatter)).work_off()
    assert await stand.states() == ["done", "waiting", "done"]


async def test_batches_keep_the_oldest_first_and_the_size_of_their_kind(stand: Stand) -> None:
    sizes: list[tuple[str, int]] = []

    async def count(work: Work, thing: Due) -> Sequence[Outgoing]:
        row = await work.first(sa.text("SELECT count(*) AS n FROM due WHERE state = 'done'"))
        assert row is not None
        sizes.append((thing.kind, row.n))
        return []

    for minutes, kind in ((-5, "bell"), (-4, "gong"), (-3, "bell"), (-2, "bell"), (-1, "gong")):
        await stand.plan(minutes, kind)
    await stand.clock(Kind("bell", count, batch=2), Kind("gong", count, batch=8)).work_off()
    assert sizes == [("bell", 0), ("bell", 0), ("gong", 2), ("gong", 2), ("bell", 4)]


async def test_a_kind_that_nobody_knows_here_waits_for_who_does(stand: Stand) -> None:
    await stand.plan(kind="new in the next release")
    await stand.clock().work_off()
    assert await stand.states() == ["waiting"]


async def _run_until(stand: Stand, clock: Any, count: int) -> None:
    running = asyncio.create_task(clock.run())
    await until(lambda: len(stand.marks.done) >= count)
    await clock.stop(5)
    await running


async def test_the_clock_sleeps_until_the_next_thing(stand: Stand) -> None:
    start = stand.now
    await stand.plan(0.01)
    await stand.plan(1)
    waits: list[float] = []

    async def jump(event: asyncio.Event, seconds: float) -> None:
        waits.append(seconds)
        await stand.jump(event, seconds)

    await _run_until(stand, stand.clock(wait=jump), 2)
    assert [thing.late for thing in stand.marks.done] == [timedelta(0), timedelta(0)]
    assert waits[0] == pytest.approx(0.6)
    assert max(waits) <= TICK_SECONDS
    assert stand.now - start < timedelta(minutes=1, seconds=5 * TICK_SECONDS)


async def test_what_falls_due_between_two_looks_does_not_wait_for_a_tick(stand: Stand) -> None:
    """It was due after the clock looked for work, and before it looked how long it might sleep: it was late
    by a second, one in a hundred on PostgreSQL."""
    step = timedelta(milliseconds=10)

    def now() -> datetime:
        stand.now += step
        return stand.now

    async def wake_early(event: asyncio.Event, seconds: float) -> None:
        await stand.jump(event, max(seconds - 0.015, 0))

    things = 25
    first = stand.now + 20 * step
    async with stand.database.work(BOT, stand.now) as work:
        plans = [due.Plan("bell", first + timedelta(seconds=n) + n * step / 7, {}) for n in range(things)]
        await due.plan_all(work, plans)
    kinds = [Kind("bell", stand.marks.leave)]
    clock = Clock(stand.database, BOT, kinds, owner="one", now=now, wait=wake_early)
    await _run_until(stand, clock, things)
    assert max(thing.late for thing in stand.marks.done) < 10 * step


async def test_something_earlier_wakes_the_clock(stand: Stand) -> None:
    """And what comes after the alarm lets it sleep."""
    asleep, woken = asyncio.Event(), 0

    async def wait(event: asyncio.Event, seconds: float) -> None:
        nonlocal woken
        asleep.set()
        await event.wait()
        woken += 1

    clock = stand.clock(wait=wait)
    running = asyncio.create_task(clock.run())
    await asleep.wait()
    await stand.plan(minutes=10)
    await asyncio.sleep(0.01)
    assert woken == 0
    await stand.plan()
    await until(lambda: stand.marks.done)
    await clock.stop(5)
    await running
    assert stand.marks.done[0].late == timedelta(0)


async def test_a_series_rings_at_each_of_its_moments(stand: Stand) -> None:
    await stand.plan(rule="FREQ=MINUTELY;COUNT=5")
    await _run_until(stand, stand.clock(wait=stand.jump), 5)
    moments = [thing.at for thing in stand.marks.done]
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(minutes=1)}
    assert await stand.states() == ["done"]


async def test_stopping_finishes_the_batch_and_gives_the_rest_back(stand: Stand) -> None:
    started, go = asyncio.Event(), asyncio.Event()

    async def slow(work: Work, thing: Due) -> Sequence[Outgoing]:
        started.set()
        await go.wait()
        return await stand.marks.leave(work, thing)

    ids = [await stand.plan() for _ in range(3)]
    clock = stand.clock(Kind("bell", slow, batch=1))
    running = asyncio.create_task(clock.run())
    await started.wait()
    stopping = asyncio.create_task(clock.stop(5))
    await asyncio.sleep(0)
    go.set()
    await stopping
    assert running.done()
    assert await stand.marked() == ids[:1]
    await stand.clock(owner="two").work_off()
    assert await stand.marked() == ids


async def test_what_is_cut_off_by_a_stop_is_undone_and_comes_again(stand: Stand) -> None:
    started = asyncio.Event()

    async def endless(work: Work, thing: Due) -> Sequence[Outgoing]:
        await stand.marks.leave(work, thing)
        started.set()
        await asyncio.Event().wait()
        return []

    ids = [await stand.plan() for _ in range(2)]
    clock = stand.clock(Kind("bell", endless))
    running = asyncio.create_task(clock.run())
    await started.wait()
    await clock.stop(0)
    assert running.cancelled()
    assert await stand.marked() == []
    stand.now += LEASE
    await stand.clock(owner="two").work_off()
    assert await stand.marked() == ids


async def test_leases_are_renewed_while_other_batches_run(stand: Stand) -> None:
    """Three batches of four seconds each, under leases of five: nobody else finds anything to do."""
    found: list[int] = []
    started = asyncio.Event()

    async def slow(work: Work, thing: Due) -> Sequence[Outgoing]:
        started.set()
        stand.now += timedelta(seconds=4)
        return await stand.marks.leave(work, thing)

    async def look() -> None:
        async with stand.database.work(BOT, stand.now) as work:
            found.extend(one.id for one in await due.claim(work, "two", 9, ["bell"]))

    ids = [await stand.plan() for _ in range(3)]
    clock = stand.clock(Kind("bell", slow, batch=1))
    done = asyncio.create_task(clock.work_off())
    await started.wait()
    while not done.done():
        await look()
    assert await stand.marked() == ids
    assert found == []


async def test_the_clock_outlives_an_outage_of_the_database(
    stand: Stand, database: Database, now: datetime
) -> None:
    number = await stand.plan()
    async with database.transaction() as connection:
        await connection.execute(sa.text("ALTER TABLE due RENAME TO lost"))
    rests = 0

    async def wait(event: asyncio.Event, seconds: float) -> None:
        nonlocal rests
        rests += 1
        await asyncio.sleep(0.001)

    clock = stand.clock(wait=wait)
    running = asyncio.create_task(clock.run())
    await until(lambda: rests >= 3)
    async with database.transaction() as connection:
        await connection.execute(sa.text("ALTER TABLE lost RENAME TO due"))
    await until(lambda: stand.marks.done)
    await clock.stop(5)
    await running
    assert await stand.marked() == [number]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_another_process_plans_starts_without_waiting_for_a_tick(
    stand: Stand, database_url: str
) -> None:
    """The clock's own tick is a minute away."""
    hearing = asyncio.create_task(stand.database.hear())
    clock = stand.clock(tick_seconds=60)
    running = asyncio.create_task(clock.run())
    planner = Database(database_url)
    async with asyncio.timeout(30):
        # What is planned before the clock listens is not heard of.
        while not stand.marks.done:
            async with planner.work(BOT, stand.now) as work:
                await due.plan(work, "bell", stand.now, {})
            await asyncio.sleep(0.01)
    await clock.stop(1)
    await running
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await planner.close()

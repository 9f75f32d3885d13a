"""Due things in the database: plans, leases, rules, moves and cancellations in every order."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.services import due, due_statements
from bot.services.due import LEASE, Due, Plan
from bot.store.database import Database
from bot.store.tables import due as table
from bot.store.work import Note
from tests.conftest import BOT

KINDS = ("bell", "gong")
SHANGHAI = "Asia/Shanghai"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def plan(database: Database, now: datetime, at: datetime, kind: str = "bell", **more: Any) -> int:
    async with database.work(BOT, now) as work:
        return await due.plan(work, kind, at, {"n": 1}, **more)


async def claim(
    database: Database, now: datetime, owner: str = "one", limit: int = 100, kinds: Sequence[str] = KINDS
) -> list[int]:
    async with database.work(BOT, now) as work:
        return [one.id for one in await due.claim(work, owner, limit, kinds)]


async def do(database: Database, now: datetime, owner: str = "one") -> list[Due]:
    """Claim, hold and finish all that is due; gives what was held."""
    ids = await claim(database, now, owner)
    async with database.work(BOT, now) as work:
        held = await due.hold(work, owner, ids)
        await due.finish(work, owner, held)
    return held


async def rows(database: Database, now: datetime) -> Sequence[sa.Row[Any]]:
    async with database.work(BOT, now) as work:
        return await work.fetch(sa.select(table).order_by(table.c.id))


async def waits(database: Database, now: datetime) -> list[datetime]:
    async with database.work(BOT, now) as work:
        return [thing.at for thing in await due.coming(work, 100)]


async def test_the_oldest_come_first(database: Database, now: datetime) -> None:
    ids = [await plan(database, now, now + MINUTE * minutes) for minutes in (2, 0, 1, 1)]
    later = now + MINUTE * 2
    assert await claim(database, later, limit=2) == [ids[1], ids[2]]
    assert await claim(database, later, "two") == [ids[3], ids[0]]


async def test_a_thing_waits_for_its_time_its_bot_and_a_clock_that_knows_its_kind(
    database: Database, now: datetime
) -> None:
    number = await plan(database, now, now)
    assert await claim(database, now - MINUTE) == []
    assert await claim(database, now, kinds=["gong"]) == []
    async with database.work(BOT + 1, now) as work:
        assert await due.claim(work, "one", 10, KINDS) == []
        assert await due.move(work, number, now + DAY) is False
        assert await due.cancel(work, number) is False
    assert await claim(database, now) == [number]


async def test_a_thing_comes_as_it_was_planned(database: Database, now: datetime) -> None:
    number = await plan(database, now, now, whose="person:7", zone=SHANGHAI, rule="FREQ=DAILY")
    (thing,) = await do(database, now + MINUTE)
    assert (thing.id, thing.kind, thing.what, thing.whose) == (number, "bell", {"n": 1}, "person:7")
    assert (thing.at, thing.late, thing.zone, thing.rule) == (now, MINUTE, SHANGHAI, "FREQ=DAILY")


async def test_many_plans_at_once_keep_their_order(database: Database, now: datetime) -> None:
    plans = [Plan("bell", now + MINUTE * n, {"n": n}) for n in range(1200)]
    async with database.work(BOT, now) as work:
        ids = await due.plan_all(work, plans)
        assert await due.plan_all(work, []) == []
    found = await rows(database, now)
    assert [(row.id, row.what["n"]) for row in found] == list(zip(ids, range(1200), strict=True))


async def test_what_one_holds_nobody_else_gets_until_the_lease_is_over(
    database: Database, now: datetime
) -> None:
    number = await plan(database, now, now)
    assert await claim(database, now, "one") == [number]
    assert await claim(database, now + LEASE - timedelta(seconds=1), "two") == []
    async with database.work(BOT, now + LEASE / 2) as work:
        assert await due.renew(work, "two", [number]) == 0
        assert await due.renew(work, "one", [number]) == 1
    assert await claim(database, now + LEASE, "two") == []
    assert await claim(database, now + LEASE * 2, "two") == [number]
    async with database.work(BOT, now + LEASE * 2) as work:
        assert await due.hold(work, "one", [number]) == []


async def test_what_was_given_back_is_free(database: Database, now: datetime) -> None:
    number = await plan(database, now, now)
    await claim(database, now, "one")
    async with database.work(BOT, now) as work:
        await due.release(work, "one", [number])
    assert await claim(database, now, "two") == [number]


async def test_recovery_frees_what_an_earlier_life_held(database: Database, now: datetime) -> None:
    """SQLite belongs to one process: there every lease is its own. What it took since it began stays."""
    mine = await plan(database, now, now)
    await claim(database, now, "one")
    others = await plan(database, now, now)
    await claim(database, now, "two")
    born = now + timedelta(seconds=1)
    await plan(database, born, born)
    await claim(database, born, "three")
    async with database.work(BOT, born) as work:
        freed = await due.recover(work, "one", born)
    expected = [mine, others] if database.is_sqlite else [mine]
    assert freed == len(expected)
    assert await claim(database, born, "four") == expected


async def test_two_clocks_claim_at_the_same_time(database: Database, now: datetime) -> None:
    """On PostgreSQL the second does not wait for the first one's transaction."""
    ids = [await plan(database, now, now) for _ in range(4)]
    async with database.work(BOT, now) as work:
        assert [one.id for one in await due.claim(work, "one", 2, KINDS)] == ids[:2]
        if not database.is_sqlite:
            assert await claim(database, now, "two") == ids[2:]


async def test_a_thing_that_is_done_is_done_and_forgotten(database: Database, now: datetime) -> None:
    await plan(database, now, now)
    assert len(await do(database, now)) == 1
    (row,) = await rows(database, now)
    assert (row.state, row.what, row.leased_by, row.settled_at) == ("done", None, None, now)
    assert await do(database, now + LEASE * 2) == []


async def test_a_series_goes_on_at_its_wall_time(database: Database, now: datetime) -> None:
    await plan(database, now, now, zone="Europe/Berlin", rule="FREQ=MONTHLY;COUNT=3;BYMONTHDAY=13")
    first = (await do(database, now))[0].at
    (second,) = await waits(database, now)
    await do(database, second)
    await do(database, second + DAY * 31)
    assert (first, second) == (now, datetime(2026, 6, 13, 6, 20, tzinfo=UTC))
    assert [row.state for row in await rows(database, now)] == ["done"]


async def test_a_series_may_start_between_two_seconds(database: Database, now: datetime) -> None:
    """A rule that counts to one was refused as one that never happens: its only moment was cut off."""
    at = now + timedelta(milliseconds=500)
    await plan(database, now, at, rule="FREQ=DAILY;COUNT=1")
    await plan(database, now, at, rule="FREQ=DAILY;COUNT=2")
    assert [thing.at for thing in await do(database, at)] == [at, at]
    assert await waits(database, at) == [now + DAY]


async def test_a_missed_series_goes_on_and_does_not_catch_up(database: Database, now: datetime) -> None:
    await plan(database, now, now, rule="FREQ=DAILY")
    (thing,) = await do(database, now + DAY * 5 + MINUTE)
    assert thing.late == DAY * 5 + MINUTE
    assert await waits(database, now) == [now + DAY * 6]


async def test_a_moved_occurrence_leaves_the_rule_alone(database: Database, now: datetime) -> None:
    number = await plan(database, now, now, rule="FREQ=DAILY")
    for at, then in ((now - MINUTE, now + DAY), (now + DAY + MINUTE, now + DAY * 2)):
        async with database.work(BOT, at) as work:
            assert await due.move(work, number, at)
        assert [thing.at for thing in await do(database, at)] == [at]
        assert await waits(database, at) == [then]


async def test_moving_only_what_was_seen(database: Database, now: datetime) -> None:
    """Who snoozes today's occurrence just as it happens must not lose tomorrow's."""
    number = await plan(database, now, now, rule="FREQ=DAILY")
    await do(database, now)
    async with database.work(BOT, now) as work:
        assert await due.move(work, number, now + MINUTE, only=now) is False
        assert await due.move(work, number, now + MINUTE, only=now + DAY) is True
    assert await waits(database, now) == [now + MINUTE]


@pytest.mark.parametrize("is_moved", [False, True])
async def test_a_claimed_thing_can_still_be_moved_and_cancelled(
    database: Database, now: datetime, is_moved: bool
) -> None:
    number = await plan(database, now, now)
    assert await claim(database, now) == [number]
    async with database.work(BOT, now) as work:
        if is_moved:
            assert await due.move(work, number, now + MINUTE)
        else:
            assert await due.cancel(work, number)
    async with database.work(BOT, now) as work:
        assert await due.hold(work, "one", [number]) == []
    assert await claim(database, now + MINUTE) == ([number] if is_moved else [])


async def test_what_is_done_can_be_neither_moved_nor_cancelled(database: Database, now: datetime) -> None:
    number = await plan(database, now, now)
    await do(database, now)
    async with database.work(BOT, now) as work:
        assert await due.move(work, number, now + MINUTE) is False
        assert await due.cancel(work, number) is False
        assert await due.cancel(work, number + 1) is False


async def test_who_cancels_during_the_deed_hears_that_it_is_too_late(
    database: Database, now: datetime
) -> None:
    number = await plan(database, now, now)
    series = await plan(database, now, now, rule="FREQ=DAILY")
    ids = await claim(database, now)

    async def cancel(one: int) -> bool:
        async with database.work(BOT, now) as work:
            return await due.cancel(work, one)

    async with database.work(BOT, now) as work:
        held = await due.hold(work, "one", ids)
        cancelling = asyncio.gather(cancel(number), cancel(series))
        await asyncio.sleep(0)
        await due.finish(work, "one", held)
    assert list(await cancelling) == [False, True]
    assert [row.state for row in await rows(database, now)] == ["done", "cancelled"]


async def test_a_thing_that_somebody_is_changing_is_left_for_later(database: Database, now: datetime) -> None:
    """Who waited for it with other things locked could wait for somebody who waits for those."""
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    ids = [await plan(database, now, now) for _ in range(2)]
    await claim(database, now)
    async with database.work(BOT, now) as changing:
        await due.move(changing, ids[0], now)
        async with database.work(BOT, now) as work:
            assert [thing.id for thing in await due.hold(work, "one", ids)] == ids[1:]
            assert await due.renew(work, "one", ids) == 1
        assert await claim(database, now) == ids[1:]
    assert await claim(database, now) == ids


async def test_a_deed_may_move_or_cancel_its_own_thing(database: Database, now: datetime) -> None:
    moved, cancelled = [await plan(database, now, now, rule="FREQ=DAILY") for _ in range(2)]
    ids = await claim(database, now)
    async with database.work(BOT, now) as work:
        held = await due.hold(work, "one", ids)
        await due.move(work, moved, now + MINUTE)
        await due.cancel(work, cancelled)
        await due.finish(work, "one", held)
    assert await waits(database, now) == [now + MINUTE]


async def test_failures_are_tried_again_later_and_later_until_dead(database: Database, now: datetime) -> None:
    number = await plan(database, now, now)
    moment, gaps = now, []
    for attempt in range(1, due.MOST_ATTEMPTS + 1):
        ids = await claim(database, moment)
        async with database.work(BOT, moment) as work:
            (thing,) = await due.hold(work, "one", ids)
            assert thing.at == now
            is_alive = await due.fail(work, "one", thing, "ValueError")
        assert is_alive is (attempt < due.MOST_ATTEMPTS)
        (row,) = await rows(database, moment)
        gaps.append((row.not_before - moment).total_seconds())
        moment = row.not_before
    assert gaps == [10, 20, 40, 80, 160, 320, 640, 0]
    assert (row.id, row.state, row.error, row.what) == (number, "dead", "ValueError", {"n": 1})
    async with database.work(BOT, moment) as work:
        assert [thing.error for thing in await due.dead(work, 10)] == ["ValueError"]


async def test_of_a_series_only_the_occurrence_dies(database: Database, now: datetime) -> None:
    number = await plan(database, now, now, rule="FREQ=DAILY", name="bell", whose="person:7")
    async with database.work(BOT, now) as work:
        await work.execute(sa.update(table).values(attempts=due.MOST_ATTEMPTS - 1))
    ids = await claim(database, now)
    async with database.work(BOT, now) as work:
        (thing,) = await due.hold(work, "one", ids)
        assert await due.fail(work, "one", thing, "ValueError") is False
    series, body = await rows(database, now)
    assert (series.id, series.state, series.at, series.attempts) == (number, "waiting", now + DAY, 0)
    assert (body.state, body.at, body.error, body.rule) == ("dead", now, "ValueError", None)
    assert (body.whose, body.what, body.settled_at) == ("person:7", {"n": 1}, now)


async def test_a_named_thing_waits_once(database: Database, now: datetime) -> None:
    first = await plan(database, now, now, name="only")
    assert await plan(database, now, now + DAY, name="only") == first
    assert await plan(database, now, now, "gong", name="only") != first
    assert len(await do(database, now)) == 2
    assert await plan(database, now, now + DAY, name="only") != first


async def test_all_of_somebody(database: Database, now: datetime) -> None:
    for whose, kind in (("person:7", "bell"), ("person:7", "gong"), ("person:8", "bell")):
        await plan(database, now, now, kind, whose=whose)
    async with database.work(BOT, now) as work:
        assert [thing.kind for thing in await due.coming(work, 9, "person:7")] == ["bell", "gong"]
        assert await due.cancel_all(work, "person:7", "gong") == 1
        assert await due.cancel_all(work, "person:7") == 1
        assert await due.cancel_all(work, "person:7") == 0
    found = await rows(database, now)
    assert [row.state for row in found] == ["cancelled", "cancelled", "waiting"]
    assert found[0].what is None


async def test_when_the_next_thing_is_due(database: Database, now: datetime) -> None:
    await plan(database, now, now)
    await plan(database, now, now + DAY)
    await plan(database, now, now + MINUTE, "gong")
    async with database.work(BOT, now) as work:
        assert await due.next_at(work, KINDS) == now + MINUTE
        assert await due.next_at(work, ["bell"]) == now + DAY
        assert await due.next_at(work, ["horn"]) is None


async def test_plans_moves_and_next_occurrences_are_told(database: Database, now: datetime) -> None:
    heard: list[Note] = []
    database.listen(heard.append)
    number = await plan(database, now, now, rule="FREQ=DAILY")
    await do(database, now)
    async with database.work(BOT, now) as work:
        await due.move(work, number, now + MINUTE)
        await due.move(work, number + 1, now)
    assert heard == [Note(due.NOTE, at) for at in (now, now + DAY, now + MINUTE)]


async def test_old_things_are_deleted(database: Database, now: datetime) -> None:
    for moment in (now, now + DAY, now + DAY * 2):
        await plan(database, moment, moment)
        await do(database, moment)
    await plan(database, now, now)
    async with database.work(BOT, now) as work:
        assert await due.prune(work, now + DAY) == 1
    assert len(await rows(database, now)) == 3


@pytest.mark.parametrize(
    "more", [{"zone": "Mars/Olympus"}, {"rule": "daily"}, {"rule": "FREQ=DAILY", "zone": "../x"}]
)
async def test_what_can_not_be_planned_is_refused(
    database: Database, now: datetime, more: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"zone|rule"):
        await plan(database, now, now, **more)
    with pytest.raises(ValueError, match="time zone"):
        await plan(database, now, now.replace(tzinfo=None))
    assert await rows(database, now) == []


async def test_a_claim_reads_the_index_and_not_the_table(database: Database, now: datetime) -> None:
    """A hundred thousand things that are done must not slow down the next claim."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL plans by its statistics")
    async with database.work(BOT, now) as work:
        for statement in (due_statements.CLAIM, due_statements.NEXT_AT):
            compiled = str(statement.compile(dialect=database.engine.dialect))
            plain = re.sub(r"\?|__\[POSTCOMPILE_kinds\]", "1", compiled).split("RETURNING", maxsplit=1)[0]
            found = await work.fetch(sa.text("EXPLAIN QUERY PLAN " + plain))
            assert any("ix_due_waiting" in row.detail for row in found)
            assert not any("SCAN due" in row.detail for row in found)

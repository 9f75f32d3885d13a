"""Reminders: created, rung, answered, paused, deleted; theirs alone; forgotten in the end."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock.tidy import tidy
from bot.services import addresses
from bot.services.reminders import ringing
from bot.services.reminders.model import KEEP_DELETED, KEEP_DONE, MOST_NAGS, MOST_REMINDERS, NAG_AFTER
from bot.store.tables import outbox
from tests.conftest import BOT
from tests.services.reminders.conftest import ME, SOMEBODY, Stand

DAILY = "FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0"
DAY = 24 * 60


async def test_it_rings_once_and_goes_before_broadcasts(stand: Stand) -> None:
    await stand.create(10)
    assert await stand.ring(9) == []
    assert await stand.ring(1) == ["⏰ 换电池"]
    assert await stand.ring(60) == []
    async with stand.database.work(BOT, stand.now) as work:
        row = await work.first(sa.select(outbox.c.priority, outbox.c.chat))
    assert row is not None
    assert tuple(row) == (30, ME)


async def test_missed_it_comes_late_once_with_a_word_about_it(stand: Stand) -> None:
    await stand.create(10)
    (said,) = await stand.ring(180)
    assert said.startswith("⏰ 换电池\n本来是5月13日 14:30 的")
    assert await stand.ring(180) == []


async def test_a_series_that_was_missed_for_days_comes_once_and_goes_on(stand: Stand) -> None:
    number = await stand.create(17 * 60 + 40, DAILY)
    assert len(await stand.ring(5 * DAY)) == 1
    async with stand.desk() as desk:
        reminder = await desk.get(number)
    assert reminder is not None
    assert reminder.next_at is not None
    assert reminder.next_at.astimezone(reminder.zone).isoformat() == "2026-05-19T08:00:00+08:00"


async def test_until_done_it_rings_again_but_lets_people_be_in_the_end(stand: Stand) -> None:
    await stand.create(10, until_done=True)
    minutes = NAG_AFTER / timedelta(minutes=1)
    said = [await stand.ring(minutes) for _ in range(MOST_NAGS + 3)]
    assert [len(one) for one in said] == [1] * (MOST_NAGS + 1) + [0, 0]


async def test_done_ends_the_ringing(stand: Stand) -> None:
    number = await stand.create(10, until_done=True)
    assert len(await stand.ring(10)) == 1
    async with stand.desk() as desk:
        assert await desk.answer(number, 1, "done")
    assert await stand.ring(60) == []


@pytest.mark.parametrize(("answer", "minutes"), [("soon", 10), ("hour", 60), ("tomorrow", DAY - 3)])
async def test_snoozed_it_rings_again_then(stand: Stand, answer: Any, minutes: int) -> None:
    number = await stand.create(10)
    await stand.ring(10)
    stand.now += timedelta(minutes=3)
    async with stand.desk() as desk:
        answered = await desk.answer(number, 1, answer)
    assert answered is not None
    assert answered.again == stand.now + timedelta(minutes=minutes)
    assert await stand.ring(minutes - 1) == []
    assert await stand.ring(1) == ["⏰ 换电池"]


async def test_a_double_tap_snoozes_once(stand: Stand) -> None:
    number = await stand.create(10)
    await stand.ring(10)
    for before in (False, True):
        async with stand.desk() as desk:
            answered = await desk.answer(number, 1, "soon")
        assert answered is not None
        assert answered.before is before
    assert len(await stand.ring(10)) == 1
    assert await stand.ring(30) == []


async def test_other_peoples_reminders_are_not_there(stand: Stand) -> None:
    number = await stand.create(10)
    await stand.ring(10)
    async with stand.desk(SOMEBODY) as desk:
        assert await desk.get(number) is None
        assert await desk.answer(number, 1, "done") is None
        changed = [
            await desk.pause(number),
            await desk.resume(number),
            await desk.delete(number),
            await desk.restore(number),
            await desk.rephrase(number, "x"),
            await desk.reschedule(number, stand.timing(5)),
        ]
        assert not any(changed)
        assert await desk.all() == []


async def test_a_ring_that_never_was_can_not_be_answered(stand: Stand) -> None:
    number = await stand.create(10)
    async with stand.desk() as desk:
        assert await desk.answer(number, 1, "soon") is None
        assert await desk.answer(number, 0, "soon") is None
        assert await desk.answer(number + 1, 1, "soon") is None


async def test_who_blocked_the_bot_is_skipped_and_their_series_goes_on(stand: Stand) -> None:
    await stand.create(17 * 60 + 40, DAILY)
    async with stand.database.work(BOT, stand.now) as work:
        await addresses.block(work, ME, "blocked")
    assert await stand.ring(DAY) == []
    async with stand.database.work(BOT, stand.now) as work:
        await work.execute(sa.text("UPDATE people SET blocked_at = NULL"))
    assert len(await stand.ring(DAY)) == 1


async def test_it_speaks_the_language_the_person_reads_when_it_rings(stand: Stand) -> None:
    await stand.create(10)
    async with stand.database.work(BOT, stand.now) as work:
        await work.execute(sa.text("UPDATE people SET language = 'en'"))
    (said,) = await stand.ring(60)
    assert "It comes late" in said


async def test_a_past_time_is_refused_and_so_is_one_too_many(stand: Stand) -> None:
    async with stand.desk() as desk:
        assert await desk.create("x", stand.timing(-1)) is None
        for _ in range(MOST_REMINDERS):
            assert await desk.create("x", stand.timing(5)) is not None
        assert await desk.create("x", stand.timing(5)) is None


async def test_a_deletion_can_be_taken_back_with_what_was_snoozed(stand: Stand) -> None:
    number = await stand.create(10)
    await stand.ring(10)
    async with stand.desk() as desk:
        await desk.answer(number, 1, "hour")
        assert await desk.delete(number)
        assert await desk.all() == []
    assert await stand.ring(30) == []
    async with stand.desk() as desk:
        assert await desk.restore(number)
        assert not await desk.restore(number)
    assert len(await stand.ring(30)) == 1


async def test_what_is_over_is_forgotten(stand: Stand) -> None:
    done, deleted, kept = [await stand.create(minutes) for minutes in (10, 20_000, 20_001)]
    await stand.ring(10)
    async with stand.desk() as desk:
        await desk.delete(deleted)
    stand.now += max(KEEP_DONE, KEEP_DELETED) + timedelta(minutes=1)
    async with stand.database.work(BOT, stand.now) as work:
        await tidy(work)
        rows = await work.fetch(sa.text("SELECT id FROM reminders ORDER BY id"))
        assert await ringing.prune(work) == 0
    assert [row.id for row in rows] == [kept]
    assert done < kept


async def test_a_thousand_in_one_minute_go_out_oldest_first_none_twice(stand: Stand) -> None:
    """Twenty people with fifty reminders each, made in any order."""
    places = list(range(20 * MOST_REMINDERS))
    Random(7).shuffle(places)
    for account in range(20):
        async with stand.desk(account + 100) as desk:
            for place in places[account * MOST_REMINDERS : (account + 1) * MOST_REMINDERS]:
                assert await desk.create(f"{place}", stand.timing(10 + place / 1000))
    said = await stand.ring(11)
    assert [int(text.removeprefix("⏰ ").split("\n")[0]) for text in said] == sorted(places)
    assert await stand.ring(11) == []


async def test_across_a_change_of_the_clocks_it_keeps_its_hour(stand: Stand) -> None:
    """Berlin puts the clocks back on 25 October 2026: 08:00 is 06:00 UTC before and 07:00 after."""
    async with stand.desk() as desk:
        timing = stand.timing(0, DAILY) | {"zone": "Europe/Berlin", "at": "2026-10-24T08:00:00+02:00"}
        assert await desk.create("换电池", timing)
    for at in ("2026-10-24T06:00", "2026-10-25T07:00", "2026-10-26T07:00"):
        moment = datetime.fromisoformat(f"{at}+00:00")
        stand.now = moment - timedelta(seconds=1)
        assert await stand.ring() == []
        stand.now = moment
        assert await stand.ring() == ["⏰ 换电池"]


async def test_what_was_snoozed_comes_though_the_series_rings_in_between(stand: Stand) -> None:
    number = await stand.create(10, "FREQ=MINUTELY;INTERVAL=30")
    await stand.ring(10)
    async with stand.desk() as desk:
        assert await desk.answer(number, 1, "hour")
    assert [len(await stand.ring(minutes)) for minutes in (30, 29, 1)] == [1, 0, 2]


async def test_deleting_while_it_rings_ends_in_one_or_the_other(stand: Stand) -> None:
    """Two transactions at once, in any order: neither waits for the other for ever, none rings afterwards."""
    numbers = [await stand.create(10, until_done=True) for _ in range(20)]
    stand.now += timedelta(minutes=10)

    async def delete_all() -> None:
        for number in numbers:
            async with stand.desk() as desk:
                assert await desk.delete(number)

    async with asyncio.timeout(30):
        await asyncio.gather(stand.ring(), delete_all())
    assert await stand.ring(NAG_AFTER / timedelta(minutes=1)) == []
    async with stand.database.work(BOT, stand.now) as work:
        assert await work.first(sa.text("SELECT id FROM due WHERE state = 'waiting'")) is None

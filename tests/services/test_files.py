"""Files that are kept, and how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.services import attachments, files
from bot.services.attachments import Attachments
from bot.services.people import Person
from bot.store.database import Database
from bot.store.tables import attachments as attachments_table
from bot.store.tables import file_copies
from bot.store.tables import files as table
from bot.talk import hears
from tests.conftest import BOT, NOW

ANN = Person(1, 1001, "en", seen_on=NOW.date())


async def count(database: Database) -> int:
    """How many files there are."""
    async with database.work(BOT, NOW) as work:
        return len(await work.fetch(sa.select(table.c.hash)))


async def test_what_is_kept_is_read_again_and_twice_is_once(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        key = await files.keep(work, b"drawn", "chart.png", "image/png")
        assert await files.keep(work, b"drawn", "chart.png", "image/png") == key
        assert await files.read(work, key) == files.Kept(b"drawn", "chart.png", "image/png")
    assert await count(database) == 1


async def test_another_bot_reads_nothing(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        key = await files.keep(work, b"drawn", "chart.png", "image/png")
    async with database.work(BOT + 1, NOW) as work:
        with pytest.raises(files.FileGone):
            await files.read(work, key)


async def test_a_drawing_goes_after_a_week(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        key = await files.keep(work, b"drawn", "chart.png", "image/png")
        await files.note_copy(work, key.removeprefix(files.KEPT), "photo", "AgAC")
    async with database.work(BOT, NOW + timedelta(days=6)) as work:
        await files.prune(work)
        assert (await files.read(work, key)).content == b"drawn"
    async with database.work(BOT, NOW + timedelta(days=8)) as work:
        await files.prune(work)
        with pytest.raises(files.FileGone):
            await files.read(work, key)
        assert not await work.fetch(sa.select(file_copies))


async def test_what_an_attachment_holds_stays_until_it_is_forgotten(database: Database) -> None:
    later = NOW + timedelta(days=400)
    async with database.work(BOT, NOW) as work:
        # Somebody else's export happens to be the very same bytes.
        await files.keep(work, b"photo", "export.jpg", "image/jpeg")
        number = await Attachments(work, ANN).take(hears.Photo("AgAC", size=5), "appeal")
        (wanted,) = await attachments.claim(work, 10)
        await attachments.note_kept(work, wanted, b"photo", "photo.jpg", "image/jpeg")
    async with database.work(BOT, later) as work:
        await files.prune(work)
        (kept,) = await attachments.read(work, [number])
        assert kept.key is not None
        assert (await files.read(work, kept.key)).content == b"photo"
        await attachments.forget(work, [number])
    assert await count(database) == 0


async def test_where_the_channel_has_a_file_goes_with_the_file(database: Database) -> None:
    """Otherwise Telegram's id of somebody's certificate stayed for a week after it."""
    async with database.work(BOT, NOW) as work:
        key = await attachments.hold_for(work, ANN.id, "certificate", b"drawn", "a.png", "image/png")
        await files.note_copy(work, key.removeprefix(files.KEPT), "photo", "AgAC")
        await files.note_copy(work, "of the content", "photo", "AgAD")
        (row,) = await work.fetch(sa.select(attachments_table.c.id))
        await attachments.forget(work, [row.id])
        (copy,) = await work.fetch(sa.select(file_copies))
        assert copy.channel_file == "AgAD"


async def test_a_table_of_names_goes_after_a_day(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        await files.keep_for_a_day(work, b"names", "checkin.xlsx", "x")
    for passed, left in ((files.KEEP_TABLES, 1), (files.KEEP_TABLES + timedelta(seconds=1), 0)):
        async with database.work(BOT, NOW + passed) as work:
            await files.prune(work)
        assert await count(database) == left


async def test_two_fetchers_share_what_waits(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        desk = Attachments(work, ANN)
        for name in ("a", "b", "c"):
            await desk.take(hears.File(name, f"{name}.pdf", size=3), "appeal")
    async with database.work(BOT, NOW) as work:
        first = await attachments.claim(work, 2)
    async with database.work(BOT, NOW) as work:
        second = await attachments.claim(work, 2)
    assert [wanted.channel_file for wanted in (*first, *second)] == ["a", "b", "c"]
    async with database.work(BOT, NOW + attachments.LEASE) as work:
        assert len(await attachments.claim(work, 5)) == 3


async def test_what_never_comes_is_refused_in_the_end(database: Database) -> None:
    now = NOW
    async with database.work(BOT, now) as work:
        number = await Attachments(work, ANN).take(hears.Voice("AwAC", 3, 9), "appeal")
    for _ in range(attachments.MOST_ATTEMPTS):
        now += timedelta(hours=1)
        async with database.work(BOT, now) as work:
            (wanted,) = await attachments.claim(work, 5)
            await attachments.note_failed(work, wanted)
    async with database.work(BOT, now) as work:
        (lost,) = await attachments.read(work, [number])
        assert (lost.state, lost.why, lost.key) == (attachments.REFUSED, attachments.GONE, None)
        assert not await attachments.claim(work, 5)


async def test_what_is_too_big_is_refused_at_once(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        number = await Attachments(work, ANN).take(hears.File("BQAC", "video.mp4", size=30 << 20), "appeal")
        (refused,) = await attachments.read(work, [number])
        assert (refused.state, refused.why) == (attachments.REFUSED, attachments.TOO_BIG)
        assert not await attachments.claim(work, 5)

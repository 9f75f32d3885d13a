"""Everything is kept for its time, and not a day longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.services.attachments import MADE_HERE
from bot.services.hazards import model as hazards
from bot.services.ideas import model as ideas
from bot.services.privacy.register import NO_STORY
from bot.services.privacy.retention import (
    KEEP_APPEALS,
    KEEP_CONVERSATIONS,
    KEEP_FLAGS,
    KEEP_INVITATIONS,
    KEEP_LEFT,
    KEEP_LESSONS,
    KEEP_SENT,
    KEEP_VISITS,
    forget_what_is_old,
)
from bot.services.wishes import model as wishes
from bot.store.database import Database
from bot.store.tables import (
    appeal_authors,
    appeal_words,
    appeals,
    attachments,
    conversations,
    files,
    invitations,
    lesson_answers,
    lesson_places,
    memberships,
    review_cards,
    station_flags,
    visits,
)
from tests.conftest import BOT
from tests.services.privacy.rows import EPOCH, fill
from tests.services.privacy.test_forgetting import ME, MINE

SECOND = timedelta(seconds=1)


@pytest.fixture
async def filled(database: Database) -> Database:
    """Somebody's rows, all made at one moment."""
    await fill(database, ME, MINE)
    async with database.work(BOT, EPOCH) as work:
        await work.execute(sa.update(conversations).values(touched_at=EPOCH))
        await work.execute(sa.update(attachments).values(made_at=EPOCH))
        await work.execute(sa.update(station_flags).values(made_at=EPOCH))
        await work.execute(sa.update(appeals).values(settled_at=EPOCH))
    return database


async def _after(database: Database, passed: timedelta, table: sa.Table) -> list[dict[str, Any]]:
    async with database.work(BOT, EPOCH + passed) as work:
        await forget_what_is_old(work)
        return [dict(row._mapping) for row in await work.fetch(sa.select(table))]


async def test_half_said_things_are_kept_for_a_week(filled: Database) -> None:
    assert await _after(filled, KEEP_CONVERSATIONS, conversations)
    assert not await _after(filled, KEEP_CONVERSATIONS + SECOND, conversations)


async def test_photos_are_kept_for_ninety_days(filled: Database) -> None:
    assert timedelta(days=90) == KEEP_SENT
    assert await _after(filled, KEEP_SENT, attachments)
    (flag,) = await _after(filled, KEEP_SENT, station_flags)
    assert flag["photo"]
    assert not await _after(filled, KEEP_SENT + SECOND, attachments)
    (flag,) = await _after(filled, KEEP_SENT + SECOND, station_flags)
    assert flag["photo"] is None
    assert flag["note"]


@pytest.mark.parametrize(
    ("table", "column", "kept"),
    [
        (station_flags, "settled_at", KEEP_FLAGS),
        (visits, "came_at", KEEP_VISITS),
        (lesson_places, "touched_at", KEEP_LESSONS),
        (lesson_answers, "made_at", KEEP_LESSONS),
        (review_cards, "reviewed_at", KEEP_LESSONS),
        (memberships, "left_at", KEEP_LEFT),
        (invitations, "expires_at", KEEP_INVITATIONS),
    ],
)
async def test_what_was_done_long_ago_is_forgotten(
    filled: Database, table: sa.Table, column: str, kept: timedelta
) -> None:
    async with filled.work(BOT, EPOCH) as work:
        await work.execute(sa.update(table).values({column: EPOCH}))
    assert await _after(filled, kept, table)
    assert not await _after(filled, kept + SECOND, table)


async def test_who_belongs_to_a_branch_still_does(filled: Database) -> None:
    async with filled.work(BOT, EPOCH) as work:
        await work.execute(sa.update(memberships).values(left_at=None))
    assert await _after(filled, 5 * KEEP_LEFT, memberships)


async def test_a_report_that_waits_is_kept(filled: Database) -> None:
    async with filled.work(BOT, EPOCH) as work:
        await work.execute(sa.update(station_flags).values(settled_at=None))
    assert await _after(filled, 3 * KEEP_FLAGS, station_flags)


@pytest.mark.parametrize("kept", [wishes.KEEP, ideas.KEEP, hazards.KEEP])
def test_what_is_said_together_holds_for_each(kept: timedelta) -> None:
    assert kept == KEEP_FLAGS


async def test_what_was_made_for_somebody_is_kept_for_a_day(filled: Database) -> None:
    async with filled.work(BOT, EPOCH) as work:
        await work.execute(sa.update(attachments).values(channel_file=MADE_HERE, hash="x"))
        await work.execute(sa.update(files).values(hash="x", expires_at=None))
    assert await _after(filled, timedelta(days=1), files)
    assert not await _after(filled, timedelta(days=1, seconds=1), files)


async def test_appeals_that_are_long_over_are_nobodys(filled: Database) -> None:
    assert await _after(filled, KEEP_APPEALS, appeal_authors)
    assert not await _after(filled, KEEP_APPEALS + SECOND, appeal_authors)
    (appeal,) = await _after(filled, KEEP_APPEALS + SECOND, appeals)
    assert {name: appeal[name] for name in NO_STORY} == NO_STORY
    assert appeal["kind"]
    (words,) = await _after(filled, KEEP_APPEALS + SECOND, appeal_words)
    assert (words["text"], words["attachments"]) == ("", [])


async def test_open_appeals_are_kept(filled: Database) -> None:
    async with filled.work(BOT, EPOCH) as work:
        await work.execute(sa.update(appeals).values(settled_at=None))
    assert await _after(filled, 5 * KEEP_APPEALS, appeal_authors)

"""The outbox in the database: leases, order, results, and who can be reached no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from bot.services import addresses, outbox, outbox_statements
from bot.services.outbox import BROADCAST, LEASE, NOTICE, REMINDER, REPLY, Outgoing, Settled
from bot.store.database import Database
from bot.store.tables import chats, people
from bot.store.tables import outbox as table
from tests.conftest import BOT

BODY = {"type": "text", "text": "hi", "spans": [], "rows": []}


def message(chat: int = 1, priority: int = REPLY, **more: Any) -> Outgoing:
    return Outgoing(BOT, chat, BODY, priority, **more)


async def put(
    database: Database, now: datetime, messages: Sequence[Outgoing], owner: str | None = None
) -> list[int]:
    async with database.work(BOT, now) as work:
        await outbox.put(work, messages, owner)
    return [sent.id for sent in messages]


async def claim(
    database: Database, now: datetime, owner: str = "one", limit: int = 100, bot: int = BOT
) -> list[int]:
    async with database.work(bot, now) as work:
        return [row.id for row in await outbox.claim(work, owner, limit)]


async def states(database: Database, now: datetime) -> list[str]:
    async with database.work(BOT, now) as work:
        rows = await work.fetch(sa.select(table.c.state).order_by(table.c.id))
    return [row.state for row in rows]


async def add_person(database: Database, now: datetime, account: int, blocked: bool = False) -> None:
    values = {
        "bot": BOT,
        "account": account,
        "language": "en",
        "language_chosen": False,
        "seen_on": now.date(),
        "blocked_at": now if blocked else None,
        "made_at": now,
    }
    async with database.work(BOT, now) as work:
        await work.execute(sa.insert(people), values)


async def test_the_most_urgent_come_first_then_the_oldest(database: Database, now: datetime) -> None:
    urgency = [BROADCAST, REPLY, REMINDER, NOTICE, REPLY]
    ids = await put(database, now, [message(n + 1, priority) for n, priority in enumerate(urgency)])
    order = [ids[1], ids[4], ids[3], ids[2], ids[0]]
    assert await claim(database, now, limit=2) == order[:2]
    assert await claim(database, now) == order[2:]


async def test_a_row_comes_as_it_was_put(database: Database, now: datetime) -> None:
    sent = message(-5, NOTICE, thread=7, target={"edit": 3}, update_id=11)
    await put(database, now, [sent])
    async with database.work(BOT, now) as work:
        (claimed,) = await outbox.claim(work, "one", 10)
    assert claimed == sent


async def test_what_one_holds_nobody_else_gets_until_the_lease_is_over(
    database: Database, now: datetime
) -> None:
    ids = await put(database, now, [message()], owner="one")
    assert await claim(database, now, "two") == []
    assert await claim(database, now + LEASE - timedelta(seconds=1), "two") == []
    assert await claim(database, now + LEASE, "two") == ids


async def test_a_renewed_lease_lasts(database: Database, now: datetime) -> None:
    ids = await put(database, now, [message()], owner="one")
    later = now + LEASE / 2
    async with database.work(BOT, later) as work:
        assert await outbox.renew(work, "one", ids) == set(ids)
        assert await outbox.renew(work, "two", ids) == set()
    assert await claim(database, now + LEASE, "two") == []


async def test_a_row_waits_for_its_time_and_its_bot(database: Database, now: datetime) -> None:
    ids = await put(database, now, [message()])
    assert await claim(database, now - timedelta(seconds=1)) == []
    assert await claim(database, now, bot=BOT + 1) == []
    assert await claim(database, now) == ids


async def test_two_speakers_claim_at_the_same_time(database: Database, now: datetime) -> None:
    """On PostgreSQL the second does not wait for the first one's transaction."""
    ids = await put(database, now, [message(n + 1) for n in range(6)])
    async with database.work(BOT, now) as work:
        first = [row.id for row in await outbox.claim(work, "one", 3)]
        if not database.is_sqlite:
            assert await claim(database, now, "two") == ids[3:]
    assert first == ids[:3]
    if database.is_sqlite:
        assert await claim(database, now, "two") == ids[3:]


async def test_results_close_rows_and_forget_what_was_said(database: Database, now: datetime) -> None:
    ids = await put(database, now, [message(n + 1) for n in range(4)], owner="one")
    results = [
        Settled(ids[0], outbox.SENT, message_id=9),
        Settled(ids[1], outbox.DEAD, error="chat not found"),
        Settled(ids[2], outbox.UNCERTAIN),
        Settled(ids[3], outbox.SKIPPED),
    ]
    async with database.work(BOT, now) as work:
        await outbox.settle(work, results)
        rows = await work.fetch(sa.select(table).order_by(table.c.id))
    assert [row.state for row in rows] == ["sent", "dead", "uncertain", "skipped"]
    assert (rows[0].message_id, rows[1].error) == (9, "chat not found")
    # What may be tried again is kept.
    assert [row.body for row in rows] == [None, BODY, None, None]
    assert all(row.leased_by is None and row.settled_at == now for row in rows)
    assert await claim(database, now + LEASE * 2) == []


async def test_a_postponed_row_comes_back_with_its_attempts(database: Database, now: datetime) -> None:
    sent = message(attempts=3)
    ids = await put(database, now, [sent], owner="one")
    later = now + timedelta(minutes=5)
    async with database.work(BOT, now) as work:
        await outbox.postpone(work, "two", [sent], now)
        await outbox.postpone(work, "one", [sent], later)
    assert await claim(database, later - timedelta(seconds=1)) == []
    async with database.work(BOT, later) as work:
        (claimed,) = await outbox.claim(work, "two", 10)
    assert (claimed.id, claimed.attempts) == (ids[0], 3)


async def test_recovery_frees_what_an_earlier_life_held(database: Database, now: datetime) -> None:
    """SQLite belongs to one process: there every lease is its own. What it took since it began stays."""
    mine = await put(database, now, [message()], owner="one")
    others = await put(database, now, [message(2)], owner="two")
    born = now + timedelta(seconds=1)
    await put(database, born, [message(3)], owner="one")
    async with database.work(BOT, born) as work:
        freed = await outbox.recover(work, "one", born)
    expected = mine + others if database.is_sqlite else mine
    assert freed == len(expected)
    assert await claim(database, born) == expected


async def test_each_message_gets_its_own_number(database: Database, now: datetime) -> None:
    sent = [message(chat) for chat in range(1, 2500)]
    await put(database, now, sent)
    async with database.work(BOT, now) as work:
        rows = await work.fetch(sa.select(table.c.id, table.c.chat).order_by(table.c.id))
    assert [(row.id, row.chat) for row in rows] == [(one.id, one.chat) for one in sent]


async def test_nothing_but_replies_goes_to_who_blocked_the_bot(database: Database, now: datetime) -> None:
    await add_person(database, now, 7, blocked=True)
    await add_person(database, now, 8)
    ids = await put(database, now, [message(7, BROADCAST), message(7, REPLY), message(8, BROADCAST)])
    assert await claim(database, now) == [ids[1], ids[2]]
    assert await states(database, now) == ["skipped", "waiting", "waiting"]


async def test_a_block_is_marked_once_and_skips_what_waits(database: Database, now: datetime) -> None:
    await add_person(database, now, 7)
    await put(database, now, [message(7), message(8), message(7, REMINDER)])
    for moment in (now, now + timedelta(days=1)):
        async with database.work(BOT, moment) as work:
            await addresses.block(work, 7, "blocked")
    async with database.work(BOT, now) as work:
        row = await work.first(sa.select(people.c.blocked_at))
    assert row is not None
    assert row.blocked_at == now
    assert await states(database, now) == ["skipped", "waiting", "skipped"]


async def test_a_group_that_was_left(database: Database, now: datetime) -> None:
    async with database.work(BOT, now) as work:
        await work.execute(sa.insert(chats), {"bot": BOT, "chat": -5, "kind": "group"})
    await put(database, now, [message(-5)])
    async with database.work(BOT, now) as work:
        await addresses.leave(work, -5, "left")
        row = await work.first(sa.select(chats.c.left_at))
    assert row is not None
    assert row.left_at == now
    assert await states(database, now) == ["skipped"]


@pytest.mark.parametrize("is_known", [False, True])
async def test_a_migrated_group_keeps_what_it_is_and_what_waits(
    database: Database, now: datetime, is_known: bool
) -> None:
    old = {"bot": BOT, "chat": -5, "kind": "group", "language": "zh_CN", "greeted_at": now}
    async with database.work(BOT, now) as work:
        await work.execute(sa.insert(chats), old)
        if is_known:
            known = {"bot": BOT, "chat": -100, "kind": "supergroup", "greeted_at": now}
            await work.execute(sa.insert(chats), known)
    ids = await put(database, now, [message(-5), message(-6)])
    async with database.work(BOT, now) as work:
        await addresses.migrate(work, -5, -100)
        rows = await work.fetch(sa.select(chats).order_by(chats.c.chat.desc()))
        claimed = await outbox.claim(work, "one", 10)
    assert [(row.chat, row.kind, row.became) for row in rows] == [
        (-5, "group", -100),
        (-100, "supergroup", None),
    ]
    assert rows[1].language == (None if is_known else "zh_CN")
    assert [(row.id, row.chat) for row in claimed] == [(ids[0], -100), (ids[1], -6)]


async def test_old_results_are_deleted_and_reports_later(database: Database, now: datetime) -> None:
    ids = await put(database, now, [message(chat) for chat in range(1, 5)])
    day = timedelta(days=1)
    for moment, row, state in (
        (now, ids[0], outbox.SENT),
        (now, ids[1], outbox.DEAD),
        (now + 2 * day, ids[2], outbox.SENT),
    ):
        async with database.work(BOT, moment) as work:
            await outbox.settle(work, [Settled(row, state)])
    async with database.work(BOT, now) as work:
        assert await outbox.prune(work, now + day, now) == 1
    assert await states(database, now) == ["dead", "sent", "waiting"]
    async with database.work(BOT, now) as work:
        assert await outbox.prune(work, now + day, now + day) == 1


async def test_a_claim_reads_the_index_and_not_the_table(database: Database, now: datetime) -> None:
    """A hundred thousand settled rows must not slow down the next claim."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL plans by its statistics")
    async with database.work(BOT, now) as work:
        claim_ = str(cast(Any, outbox_statements.CLAIM[False]).compile(dialect=database.engine.dialect))
        rows = await work.fetch(
            sa.text("EXPLAIN QUERY PLAN " + claim_.replace("?", "1").split("RETURNING", maxsplit=1)[0])
        )
    assert any("ix_outbox_waiting" in row.detail for row in rows)
    assert not any("SCAN outbox" in row.detail for row in rows)

"""How a bot is doing, read from what is not settled yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.services import condition, due, letters, outbox
from bot.services.letters import Recipient
from bot.services.outbox import DEAD, SENT, Outgoing, Settled
from bot.store.database import Database
from bot.store.work import Work
from tests.conftest import BOT, NOW

BODY = {"type": "text", "text": "x", "spans": [], "rows": []}
LATER = NOW + timedelta(minutes=5)


async def _broadcast(work: Work, number: int, people: int) -> None:
    letter = await letters.write(work, number, BODY)
    await letters.fill(work, number, [Recipient(1000 + one, letter) for one in range(people)])


async def test_what_waits_what_is_dead_and_what_is_late(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        messages = [Outgoing(BOT, chat, BODY) for chat in (1, 2, 3, 4)]
        await outbox.put(work, messages)
        dead, sent = messages[:2]
        await outbox.settle(work, [Settled(dead.id, DEAD, error="x"), Settled(sent.id, SENT, 7)])
        await due.plan(work, "remind", NOW + timedelta(minutes=1), {})
        await due.plan(work, "remind", NOW + timedelta(hours=1), {})
    async with database.look(BOT, LATER) as work:
        found = await condition.look(work)
    assert found == condition.Condition({"waiting": 2, "sending": 0, "dead": 1}, 300.0, 240.0)


async def test_a_broadcast_counts_and_is_late_only_while_it_may_go(database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        await _broadcast(work, 1, 5)
    async with database.look(BOT, LATER) as work:
        paused = await condition.look(work)
    async with database.work(BOT, LATER) as work:
        await letters.resume(work, 1)
    async with database.look(BOT, LATER + timedelta(minutes=1)) as work:
        running = await condition.look(work)
    assert (paused.messages["waiting"], paused.oldest_seconds) == (5, 0.0)
    assert (running.messages["waiting"], running.oldest_seconds > 0) == (5, True)


async def test_other_bots_do_not_count(database: Database) -> None:
    async with database.work(BOT + 1, NOW) as work:
        await outbox.put(work, [Outgoing(BOT + 1, 1, BODY)])
        await _broadcast(work, 1, 2)
        await due.plan(work, "remind", NOW, {})
    async with database.look(BOT, LATER) as work:
        found = await condition.look(work)
    assert found == condition.Condition({"waiting": 0, "sending": 0, "dead": 0}, 0.0, 0.0)


@pytest.mark.parametrize(
    "statement",
    [condition._ORDINARY, condition._LETTERS, condition._LETTERS_SINCE, condition._DEAD, condition._OVERDUE],
    ids=["ordinary", "letters", "letters since", "dead", "overdue"],
)
async def test_what_was_ever_sent_is_not_read(sqlite: Database, statement: sa.Select[tuple[int]]) -> None:
    """Each scrape read the whole outbox: a partial index is used only for a state that is written out."""
    async with sqlite.reading() as connection:
        spelled = statement.params(of=BOT, now=NOW).compile(
            sqlite.engine.sync_engine, compile_kwargs={"render_postcompile": True}
        )
        plan = await connection.execute(sa.text(f"EXPLAIN QUERY PLAN {str(spelled).replace('?', '1')}"))
        steps = [row.detail for row in plan if "outbox" in row.detail or "due" in row.detail]
    assert steps
    assert all("SEARCH" in step and "ix_" in step for step in steps)

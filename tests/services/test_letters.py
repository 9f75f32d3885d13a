"""Broadcasts in the outbox: one body for many, each once, pausing, stopping, what became of whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.services import letter_statements, letters, outbox
from bot.services.letters import Recipient, fill_in
from bot.services.outbox import LEASE, Outgoing, Settled
from bot.store.database import Database
from bot.store.tables import letters as letters_table
from bot.store.tables import outbox as table
from tests.conftest import BOT

SECOND = timedelta(seconds=1)


def body(text: str, *spans: list[Any]) -> dict[str, Any]:
    return {"type": "text", "text": text, "spans": list(spans), "rows": []}


async def broadcast(
    database: Database, now: datetime, chats: Sequence[int], number: int = 1, *, running: bool = True
) -> None:
    """A broadcast to these chats."""
    async with database.work(BOT, now) as work:
        letter = await letters.write(work, number, body("Hi {name}"))
        await letters.fill(work, number, [Recipient(chat, letter, {"name": f"N{chat}"}) for chat in chats])
        if running:
            await letters.resume(work, number)


async def claim(
    database: Database, now: datetime, limit: int = 100, owner: str = "one", **more: Any
) -> list[Outgoing]:
    async with database.work(BOT, now) as work:
        return await letters.claim(work, owner, limit, **more)


async def send(database: Database, now: datetime, limit: int = 100, owner: str = "one") -> list[Outgoing]:
    """Claim some, and let their requests leave."""
    claimed = await claim(database, now, limit, owner)
    async with database.work(BOT, now) as work:
        assert len(await letters.leave(work, owner, [row.id for row in claimed])) == len(claimed)
    return claimed


async def counts(database: Database, now: datetime, number: int = 1) -> dict[str, int]:
    async with database.work(BOT, now) as work:
        return await letters.counts(work, number)


# -- The words -------------------------------------------------------------------------------------------


def test_marks_are_filled_and_spans_keep_what_they_mean() -> None:
    letter = body("Dear {name} of {branch}: {name}!", ["bold", 5, 6], ["italic", 15, 8], ["code", 0, 32])
    filled = fill_in(letter, {"name": "Wu", "branch": "North gate"})
    assert filled["text"] == "Dear Wu of North gate: Wu!"
    marked = [filled["text"][start : start + length] for _, start, length in filled["spans"]]
    assert marked == ["Wu", "North gate", "Dear Wu of North gate: Wu!"]
    assert letter["text"].startswith("Dear {name}")


def test_what_people_wrote_is_no_mark_and_no_formatting() -> None:
    filled = fill_in(body("{name} {branch} {other}"), {"name": "{branch}", "branch": "**x**"})
    assert (filled["text"], filled["spans"]) == ("{branch} **x** {other}", [])


def test_an_empty_value_takes_its_span_along() -> None:
    assert fill_in(body("a{name}b", ["bold", 1, 6]), {"name": ""})["spans"] == []


words = st.text("ab{}nm 中", max_size=12)


@given(st.lists(st.one_of(words, st.sampled_from(["{n}", "{m}"])), max_size=8), words, words)
def test_each_span_marks_the_same_words_after_filling(pieces: list[str], one: str, two: str) -> None:
    """A span over each piece marks that piece, filled in, wherever it went."""
    blanks = {"n": one, "m": two}
    safe = [piece if piece in ("{n}", "{m}") else piece.replace("{", "(") for piece in pieces]
    spans, at = [], 0
    for piece in safe:
        spans.append(["bold", at, len(piece)])
        at += len(piece)
    filled = fill_in(body("".join(safe), *spans), blanks)
    expected = [blanks.get(piece.strip("{}"), piece) if piece[:1] == "{" else piece for piece in safe]
    assert filled["text"] == "".join(expected)
    marked = [filled["text"][start : start + length] for _, start, length in filled["spans"]]
    assert marked == [piece for piece in expected if piece]


# -- Going -----------------------------------------------------------------------------------------------


async def test_everybody_gets_the_letter_with_their_own_words(database: Database, now: datetime) -> None:
    await broadcast(database, now, [7, 8, -5])
    claimed = await claim(database, now)
    assert [(row.chat, row.body["text"]) for row in claimed] == [(7, "Hi N7"), (8, "Hi N8"), (-5, "Hi N-5")]
    assert {(row.priority, row.broadcast, row.is_repeatable) for row in claimed} == {
        (outbox.BROADCAST, 1, False)
    }
    assert await claim(database, now, owner="two") == []
    assert await counts(database, now) == {"waiting": 3}
    async with database.work(BOT, now) as work:
        assert await outbox.claim(work, "one", 100) == []
        assert await letters.leave(work, "one", [claimed[0].id]) == {claimed[0].id}
    assert await counts(database, now) == {"sending": 1, "waiting": 2}


async def test_filling_in_again_adds_nobody_twice(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1, 2])
    await broadcast(database, now, [2, 3])
    assert sorted(row.chat for row in await claim(database, now)) == [1, 2, 3]


async def test_nothing_goes_before_it_is_resumed_and_nothing_while_it_is_paused(
    database: Database, now: datetime
) -> None:
    await broadcast(database, now, [1, 2, 3], running=False)
    assert await claim(database, now) == []
    async with database.work(BOT, now) as work:
        assert await letters.state(work, 1) == letters.PAUSED
        await letters.resume(work, 1)
    assert len(await claim(database, now, 1)) == 1
    async with database.work(BOT, now) as work:
        await letters.pause(work, 1)
    assert await claim(database, now) == []


async def test_what_is_in_hand_does_not_leave_a_paused_broadcast(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1, 2])
    first, second = await claim(database, now)
    async with database.work(BOT, now) as work:
        assert await letters.leave(work, "one", [first.id]) == {first.id}
        await letters.pause(work, 1)
        assert await letters.leave(work, "one", [second.id]) == set()
        await letters.resume(work, 1)
        assert await letters.leave(work, "two", [second.id]) == set()
        assert await letters.leave(work, "one", [second.id]) == {second.id}


async def test_quiet_hours_hold_back_some(database: Database, now: datetime) -> None:
    async with database.work(BOT, now) as work:
        letter = await letters.write(work, 1, body("Hi"))
        morning = Recipient(1, letter, not_before=now + timedelta(hours=8))
        await letters.fill(work, 1, [morning, Recipient(2, letter)])
        await letters.resume(work, 1)
    assert [row.chat for row in await send(database, now)] == [2]
    assert [row.chat for row in await send(database, now + timedelta(hours=8))] == [1]


async def test_two_broadcasts_share_the_way(database: Database, now: datetime) -> None:
    await broadcast(database, now, range(1, 50), 1)
    await broadcast(database, now, range(51, 60), 2)
    first = [row.broadcast for row in await claim(database, now, 10)]
    assert (first.count(1), first.count(2)) == (5, 5)


async def test_cancelled_rows_are_cleared_and_the_run_ends(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1, 2, 3])
    (under_way,) = await send(database, now, 1)
    async with database.work(BOT, now) as work:
        await letters.cancel(work, 1)
        await letters.resume(work, 1)
        await letters.tend(work)
        await letters.tend(work)
        assert await letters.state(work, 1) == letters.CANCELLED
        await outbox.settle(work, [Settled(under_way.id, outbox.SENT, 9)])
        await letters.tend(work)
        assert await letters.state(work, 1) == letters.OVER
    assert await claim(database, now) == []
    assert await counts(database, now) == {"sent": 1, "cancelled": 2}


# -- What goes wrong -------------------------------------------------------------------------------------


async def test_what_a_dead_speaker_had_in_hand_is_uncertain(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1, 2, 3])
    await send(database, now, 1, "dead")
    await claim(database, now, 1, "dead")
    for moment, expected in (
        (now + LEASE - SECOND, {"sending": 1, "waiting": 2}),
        (now + LEASE, {"uncertain": 1, "waiting": 2}),
    ):
        async with database.work(BOT, moment) as work:
            await letters.tend(work)
        assert await counts(database, now) == expected
    # What it had in hand and had not begun goes on.
    assert len(await claim(database, now + LEASE)) == 2


async def test_a_restarted_speaker_says_at_once_what_it_does_not_know(
    database: Database, now: datetime
) -> None:
    await broadcast(database, now, [1, 2])
    await send(database, now, 1, "one")
    await claim(database, now, 1, "one")
    async with database.work(BOT, now + SECOND) as work:
        assert await outbox.recover(work, "one", now + SECOND) == 2
    assert await counts(database, now) == {"uncertain": 1, "waiting": 1}
    assert len(await claim(database, now + SECOND, owner="two")) == 1


async def test_a_renewed_row_is_in_living_hands(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1])
    (row,) = await send(database, now)
    later = now + LEASE / 2
    async with database.work(BOT, later) as work:
        assert await outbox.renew(work, "one", [row.id]) == {row.id}
    async with database.work(BOT, now + LEASE) as work:
        await letters.tend(work)
    assert await counts(database, now) == {"sending": 1}


async def test_what_was_not_sent_after_all_waits_again(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1])
    rows = await send(database, now)
    async with database.work(BOT, now) as work:
        await outbox.postpone(work, "one", rows, now)
    assert await counts(database, now) == {"waiting": 1}
    assert len(await claim(database, now)) == 1


async def test_only_those_that_failed_are_tried_again(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1, 2, 3])
    rows = await claim(database, now)
    states = (outbox.SENT, outbox.DEAD, outbox.UNCERTAIN)
    async with database.work(BOT, now) as work:
        ended = [Settled(row.id, state, error="why") for row, state in zip(rows, states, strict=True)]
        await outbox.settle(work, ended)
        await letters.close(work, 1)
        assert await letters.retry(work, 1) == 1
    assert await claim(database, now) == []
    async with database.work(BOT, now) as work:
        await letters.resume(work, 1)
    assert [(row.chat, row.body["text"]) for row in await claim(database, now)] == [(2, "Hi N2")]


async def test_the_report_names_everybody_in_pages(database: Database, now: datetime) -> None:
    await broadcast(database, now, range(1, 6))
    rows = await claim(database, now, 2)
    async with database.work(BOT, now) as work:
        await outbox.settle(work, [Settled(rows[0].id, "sent", 77), Settled(rows[1].id, "dead", error="why")])
        page = await letters.results(work, 1, limit=2)
        rest = await letters.results(work, 1, after=page[-1].row)
        failed = await letters.results(work, 1, states=["dead"])
    assert [(one.chat, one.state, one.error, one.message_id) for one in page] == [
        (1, "sent", None, 77),
        (2, "dead", "why", None),
    ]
    assert [one.state for one in rest] == ["waiting"] * 3
    assert [one.chat for one in failed] == [2]


async def test_letters_are_forgotten_with_the_last_of_their_rows(database: Database, now: datetime) -> None:
    await broadcast(database, now, [1])
    (row,) = await claim(database, now)
    async with database.work(BOT, now) as work:
        await outbox.settle(work, [Settled(row.id, outbox.SENT)])
        await letters.close(work, 1)
        await letters.write(work, 2, body("not yet sent"))
        assert await letters.prune(work) == 0
        await outbox.prune(work, now + SECOND, now + SECOND)
        assert await letters.prune(work) == 1
        left = await work.fetch(sa.select(letters_table.c.broadcast))
        assert await letters.state(work, 1) is None
    assert [row.broadcast for row in left] == [2]


async def test_claims_and_counts_read_the_index_alone(database: Database, now: datetime) -> None:
    """A hundred thousand rows that are paused or done must not slow down anything."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL plans by its statistics")
    async with database.work(BOT, now) as work:
        for statement in (letter_statements.CLAIM[False], letter_statements.COUNTS):
            compiled = str(statement.compile(dialect=database.engine.dialect)).split("RETURNING")[0]  # type: ignore[attr-defined]
            rows = await work.fetch(sa.text("EXPLAIN QUERY PLAN " + compiled.replace("?", "1")))
            plan = " ".join(row.detail for row in rows)
            assert "ix_outbox_run" in plan
            assert f"SCAN {table.name}" not in plan

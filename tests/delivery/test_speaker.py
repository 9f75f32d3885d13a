"""A speaker against the sandbox: what is committed arrives, in order, and is settled as it went."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from structlog.testing import capture_logs

from bot import metrics
from bot.services import outbox
from bot.services.groups import standing
from bot.services.messages import topic
from bot.services.outbox import LEASE, NOTICE, REMINDER, REPLY, Outgoing, Settled
from bot.store.tables import chats, people
from bot.store.work import Work
from tests.conftest import BOT
from tests.delivery.conftest import TELLS_OF_SECONDS, Stage, text

pytestmark = TELLS_OF_SECONDS


def message(chat: int, words: str = "hello", **more: Any) -> Outgoing:
    return Outgoing(BOT, chat, text(words), **more)


async def fault(stage: Stage, method: str = "sendMessage", times: int = 1, **what: Any) -> None:
    await stage.driver.client("faults", method=method, times=times, **what)


# -- The straight way ------------------------------------------------------------------------------------


async def test_what_is_taken_arrives_and_is_settled(stage: Stage) -> None:
    ann = await stage.driver.started()
    await stage.say(stage.speaker(), [message(ann)])
    (row,) = await stage.settled()
    assert (row.state, row.body, row.leased_by, row.error) == ("sent", None, None, None)
    assert row.message_id > 0
    assert await stage.texts(ann) == ["hello"]


async def test_a_chat_hears_everything_in_order(stage: Stage) -> None:
    ann, ben = await stage.driver.started(), await stage.driver.started()
    speaker = stage.speaker()
    for number in range(10):
        await stage.say(speaker, [message(ann, f"{number}a"), message(ann, f"{number}b"), message(ben)])
    await stage.settled()
    assert await stage.texts(ann) == [f"{number}{half}" for number in range(10) for half in "ab"]
    assert len(await stage.texts(ben)) == 10


async def test_order_holds_when_one_message_has_to_be_repeated(stage: Stage) -> None:
    ann = await stage.driver.started()
    await fault(stage, retry_after=1)
    await fault(stage, drop="before")
    await stage.say(stage.speaker(), [message(ann, str(number)) for number in range(5)])
    await stage.settled()
    assert await stage.texts(ann) == list("01234")


async def test_what_is_sent_is_counted(stage: Stage) -> None:
    """The alarm on flood waits used to watch a figure that nothing raised."""

    def counted(name: str, **labels: str) -> float:
        return metrics.REGISTRY.get_sample_value(name, labels) or 0.0

    def figures() -> list[float]:
        ours = str(BOT)
        sent = counted("wayside_messages_total", bot=ours, outcome="sent")
        waits = counted("wayside_flood_waits_total", bot=ours)
        return [sent, counted("wayside_reply_seconds_count"), waits]

    before = figures()
    ann = await stage.driver.started()
    await fault(stage, retry_after=1)
    await stage.say(stage.speaker(), [message(ann), message(ann, priority=NOTICE)])
    await stage.settled()
    assert [now - then for now, then in zip(figures(), before, strict=True)] == [2, 1, 1]


async def test_a_reply_takes_from_what_decided_it_to_telegrams_answer(stage: Stage) -> None:
    """It counted from the claim: what waits for a claim, because nobody speaks, was in no figure."""
    before = metrics.REGISTRY.get_sample_value("wayside_reply_seconds_sum") or 0.0
    ann = await stage.driver.started()
    await stage.put([message(ann)])
    stage.later(7)
    speaker = stage.speaker()
    await speaker.idle()
    after = metrics.REGISTRY.get_sample_value("wayside_reply_seconds_sum") or 0.0
    assert after - before == pytest.approx(7)


async def test_a_long_text_arrives_in_parts_with_the_buttons_last(stage: Stage) -> None:
    ann = await stage.driver.started()
    rows = [[{"label": "A", "data": "x"}]]
    body = text("驿站" * 3000 + "\n\n" + "🔋" * 3000, rows=rows, spans=[["bold", 0, 9002]])
    await stage.say(stage.speaker(), [Outgoing(BOT, ann, body)])
    (row,) = await stage.settled()
    parts = [m for m in await stage.driver.look(f"chats/{ann}/messages") if m["from"]["is_bot"]]
    assert "".join(part["text"] for part in parts) == "驿站" * 3000 + "🔋" * 3000
    assert ["reply_markup" in part for part in parts] == [False] * (len(parts) - 1) + [True]
    assert all(part["entities"][0]["type"] == "bold" for part in parts)
    assert row.message_id == parts[-1]["message_id"]


async def test_a_redraw_changes_the_message(stage: Stage) -> None:
    ann = await stage.driver.started()
    speaker = stage.speaker()
    await stage.say(speaker, [message(ann, "one")])
    (row,) = await stage.settled()
    target = {"edit": row.message_id}
    for words in ("two", "two"):
        await stage.say(speaker, [message(ann, words, target=target)])
    rows = await stage.settled()
    assert [(row.state, row.message_id) for row in rows] == [("sent", row.message_id)] * 3
    assert await stage.texts(ann) == ["two"]


async def test_what_is_not_sent_yet_is_redrawn_by_its_row(stage: Stage) -> None:
    """The end of a short broadcast is decided while its screen is still on its way: it is drawn over it."""
    ann = await stage.driver.started()
    (first,) = await stage.put([message(ann, "one")])
    await stage.put([message(ann, "two", target={"row": first.id})])
    await stage.speaker().idle()
    rows = await stage.settled()
    assert [row.message_id for row in rows] == [rows[0].message_id] * 2
    assert await stage.texts(ann) == ["two"]


async def test_what_was_never_sent_is_not_redrawn_but_sent(stage: Stage) -> None:
    ann = await stage.driver.started()
    await stage.put([message(ann, "two", target={"row": 4711})])
    await stage.speaker().idle()
    assert await stage.texts(ann) == ["two"]


# -- The outbox and its leases ---------------------------------------------------------------------------


async def run(stage: Stage, owner: str) -> asyncio.Task[None]:
    return asyncio.create_task(stage.speaker(owner).run())


async def test_what_a_dead_speaker_left_is_sent_by_the_next(stage: Stage) -> None:
    ann = await stage.driver.started()
    await stage.put([message(ann, "left")], "dead")
    running = await run(stage, "two")
    stage.later(LEASE.total_seconds())
    await stage.settled()
    assert await stage.texts(ann) == ["left"]
    await stage.speakers[0].stop(1)
    await running


async def test_a_restarted_speaker_takes_its_own_rows_back_at_once(stage: Stage) -> None:
    ann = await stage.driver.started()
    await stage.put([message(ann, "mine")], "one")
    stage.later(1)
    running = await run(stage, "one")
    await stage.settled()
    assert await stage.texts(ann) == ["mine"]
    await stage.speakers[0].stop(1)
    await running


async def test_more_than_there_is_room_for_is_claimed_in_turns(stage: Stage) -> None:
    await stage.broadcast(range(1, 601))
    await stage.put([message(number, priority=REMINDER) for number in range(1, 601)])
    running = await run(stage, "one")
    rows = await stage.settled(30)
    assert {(row.state, row.error) for row in rows} == {("dead", "Chat not found")}
    await stage.speakers[0].stop(1)
    await running


async def test_a_stopped_speaker_finishes_what_flies_and_returns_the_rest(stage: Stage) -> None:
    ann = await stage.driver.started()
    await fault(stage, delay=0.2)
    speaker = stage.speaker()
    await stage.say(speaker, [message(ann, "flies"), message(ann, "waits")])
    await stage.reached()
    await speaker.stop(5)
    rows = await stage.rows()
    assert [(row.state, row.leased_by) for row in rows] == [("sent", None), ("waiting", None)]
    assert await stage.texts(ann) == ["flies"]
    running = await run(stage, "two")
    await stage.settled()
    assert await stage.texts(ann) == ["flies", "waits"]
    await stage.speakers[1].stop(1)
    await running


async def test_what_has_no_answer_when_the_grace_is_over(stage: Stage) -> None:
    """A reply goes back to be sent again, a broadcast may have arrived and is reported."""
    ann, ben = await stage.driver.started(), await stage.driver.started()
    await fault(stage, delay=0.3, times=2)
    await stage.put([message(ann)])
    await stage.broadcast([ben])
    running = await run(stage, "one")
    await stage.reached()
    await stage.speakers[0].stop(0)
    await running
    assert [(row.state, row.leased_by) for row in await stage.rows()] == [
        ("waiting", None),
        ("uncertain", None),
    ]


async def test_rows_that_another_took_over_are_not_sent_as_well(stage: Stage) -> None:
    """A speaker that slept through its lease notices at the next renewal."""
    ann = await stage.driver.started()
    slow, quick = stage.speaker("one"), stage.speaker("two")
    await fault(stage, delay=1)
    await stage.say(slow, [message(ann, "flies"), message(ann, "waits")])
    await stage.reached()
    stage.later(LEASE.total_seconds())
    running = [asyncio.create_task(quick.run())]
    await stage.settled()
    running.append(asyncio.create_task(slow.run()))

    async def all_sent() -> bool:
        return len(await stage.texts(ann)) >= 3

    await stage.until(all_sent)
    for speaker in (slow, quick):
        await speaker.stop(1)
    await asyncio.gather(*running)
    assert sorted(await stage.texts(ann)) == ["flies", "flies", "waits"]


async def test_an_older_row_that_is_claimed_late_goes_before_younger_ones(stage: Stage) -> None:
    """At a start new replies come in while what was left is still being claimed."""
    ann = await stage.driver.started()
    await stage.put([message(ann, "left")])
    await fault(stage, delay=0.3)
    speaker = stage.speaker(shared=False)
    await stage.say(speaker, [message(ann, "new"), message(ann, "newer")])
    running = asyncio.create_task(speaker.run())
    await stage.settled()
    assert await stage.texts(ann) == ["new", "left", "newer"]
    await speaker.stop(1)
    await running


async def test_results_outlast_a_failing_database(stage: Stage) -> None:
    ann = await stage.driver.started()
    speaker = stage.speaker(shared=False)
    messages = await stage.put([message(ann)], "one")
    await _rename(stage, "outbox", "elsewhere")
    with capture_logs() as logs:
        speaker.take(messages)
        running = asyncio.create_task(speaker.run())
        async with asyncio.timeout(30):
            while not any(entry["event"] == "outbox_not_settled" for entry in logs):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await _rename(stage, "elsewhere", "outbox")
    assert [row.state for row in await stage.settled()] == ["sent"]
    assert await stage.texts(ann) == ["hello"]
    assert "hello" not in repr(logs)
    await speaker.stop(1)
    await running


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "shared"])
async def test_results_outlast_a_bug_of_our_own(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    """The task that writes results once died of an error that was not the database's: its lines waited for
    ever, and their leases were prolonged for ever."""
    ann = await stage.driver.started()
    settle, failures = outbox.settle, iter([KeyError("a bug")])

    async def stumble(work: Work, results: Sequence[Settled]) -> None:
        if error := next(failures, None) if results else None:
            raise error
        await settle(work, results)

    monkeypatch.setattr(outbox, "settle", stumble)
    speaker = stage.speaker(shared=shared)
    await stage.say(speaker, [message(ann, "first"), message(ann, "second")])
    assert [row.state for row in await stage.settled()] == ["sent", "sent"]
    assert await stage.texts(ann) == ["first", "second"]


async def test_a_broadcast_that_was_answered_is_not_given_back_at_the_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database went away before the result was written: another speaker would have sent it again."""
    ann = await stage.driver.started()
    speaker = stage.speaker()
    await stage.broadcast([ann])

    async def away(_work: Work, results: Sequence[Settled]) -> None:
        if results:
            raise OSError("away")

    monkeypatch.setattr(outbox, "settle", away)
    monkeypatch.setattr("bot.delivery.speaker.SETTLE_SECONDS", 0.05)
    running = asyncio.create_task(speaker.run())
    await stage.until(lambda: _is_told(stage, ann))
    await speaker.stop(0.05)
    await running
    assert [row.state for row in await stage.rows()] == ["sending"]


async def _is_told(stage: Stage, chat: int) -> bool:
    return await stage.texts(chat) == ["hello"]


async def _rename(stage: Stage, old: str, new: str) -> None:
    async with stage.database.transaction() as connection:
        await connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


async def test_skipped_rows_are_no_sign_that_nothing_is_left(strict_stage: Stage) -> None:
    """Half of them blocked the bot: a claim that comes out short must not wait for the next tick."""
    everybody = range(5000, 6400)
    await _people(strict_stage, everybody[::2], blocked_at=strict_stage.now)
    await strict_stage.broadcast(everybody)
    speaker = strict_stage.speaker(tick_seconds=60)
    running = asyncio.create_task(speaker.run())
    rows = await strict_stage.settled()
    assert [row.state for row in rows] == ["skipped", "dead"] * 700
    await speaker.stop(1)
    await running


# -- What goes wrong -------------------------------------------------------------------------------------


async def test_a_429_is_waited_out(stage: Stage) -> None:
    ann, ben = await stage.driver.started(), await stage.driver.started()
    speaker = stage.speaker()
    await fault(stage, retry_after=1)
    await stage.say(speaker, [message(ann, "refused once")])
    await stage.reached()
    await stage.say(speaker, [message(ben, "passes")])

    async def passed() -> bool:
        return await stage.texts(ben) == ["passes"]

    await stage.until(passed)
    assert await stage.texts(ann) == []
    rows = await stage.settled()
    assert [row.state for row in rows] == ["sent", "sent"]
    assert await stage.texts(ann) == ["refused once"]
    assert stage.rests == []


async def _people(stage: Stage, accounts: Sequence[int], blocked_at: datetime | None = None) -> None:
    values = [
        {
            "bot": BOT,
            "account": account,
            "language": "en",
            "language_chosen": False,
            "seen_on": stage.now.date(),
            "blocked_at": blocked_at,
            "made_at": stage.now,
        }
        for account in accounts
    ]
    async with stage.database.work(BOT, stage.now) as work:
        await work.execute(sa.insert(people), values)


async def test_who_blocked_the_bot_is_marked_and_skipped(stage: Stage) -> None:
    ann = await stage.driver.started()
    await _people(stage, [ann])
    await stage.driver.client("blocks", user=ann, blocked=True)
    await stage.put([message(ann, "for tomorrow", priority=REMINDER)])
    await stage.say(stage.speaker(), [message(ann), message(ann), message(ann, priority=NOTICE)])
    rows = await stage.settled()
    assert [row.state for row in rows] == ["skipped"] * 4
    async with stage.database.work(BOT, stage.now) as work:
        row = await work.first(sa.select(people.c.blocked_at))
    assert row is not None
    assert row.blocked_at == stage.now
    calls = (await stage.driver.look("stats"))["calls"]
    # One of each urgency at most.
    assert calls["sendMessage"] <= 3


async def test_who_never_started_the_bot_is_skipped_too(stage: Stage) -> None:
    ann = await stage.driver.person()
    await stage.say(stage.speaker(), [message(ann)])
    (row,) = await stage.settled()
    assert (row.state, row.error) == ("skipped", "Forbidden: bot can't initiate conversation with a user")


async def _group(stage: Stage, **about: Any) -> int:
    group = await stage.driver.group(await stage.driver.person(), **about)
    async with stage.database.work(BOT, stage.now) as work:
        await work.execute(sa.insert(chats), {"bot": BOT, "chat": group, "kind": "group"})
    return group


async def _chat(stage: Stage, group: int) -> sa.Row[Any]:
    async with stage.database.work(BOT, stage.now) as work:
        row = await work.first(sa.select(chats).where(chats.c.chat == group))
    assert row is not None
    return row


async def test_a_group_that_removed_the_bot_is_left(stage: Stage) -> None:
    group = await _group(stage)
    await stage.driver.client("members", chat=group, user=BOT, status="kicked")
    await stage.say(stage.speaker(), [message(group), message(group)])
    assert [row.state for row in await stage.settled()] == ["skipped", "skipped"]
    assert (await _chat(stage, group)).left_at == stage.now


async def test_a_group_that_takes_a_message_is_not_silent(stage: Stage) -> None:
    """Another speaker, or an earlier life of this one, had found that the bot may not write there."""
    group = await _group(stage)
    speaker = stage.speaker()
    async with stage.database.work(BOT, stage.now) as work:
        await standing.silence(work, group)
    await stage.say(speaker, [message(group)])
    await stage.settled()
    assert (await _chat(stage, group)).silent_since is None


async def test_a_group_that_became_a_supergroup_hears_everything(stage: Stage) -> None:
    group = await _group(stage, kind="group")
    moved = (await stage.driver.client("chats", id=group, type="supergroup"))["id"]
    await stage.put([message(group, "later")])
    speaker = stage.speaker(shared=False)
    await stage.say(speaker, [message(group, "one"), message(group, "two")])

    async def arrived(number: int) -> bool:
        return len(await stage.texts(moved)) == number

    await stage.until(partial(arrived, 2))
    await stage.say(speaker, [message(moved, "three")])
    await stage.until(partial(arrived, 3))
    running = asyncio.create_task(speaker.run())
    rows = await stage.settled()
    assert {row.state for row in rows} == {"sent"}
    assert await stage.texts(moved) == ["one", "two", "three", "later"]
    assert (await _chat(stage, group)).became == moved
    assert (await stage.driver.look("stats"))["calls"]["sendMessage"] == 5
    await speaker.stop(1)
    await running


async def test_a_deleted_topic_falls_back_to_the_group(stage: Stage) -> None:
    group = await _group(stage, forum=True)
    await stage.say(stage.speaker(), [message(group, thread=77)])
    (row,) = await stage.settled()
    assert (row.state, row.error) == ("sent", None)
    assert await stage.texts(group) == ["hello"]


async def test_a_new_topic_tells_its_number(stage: Stage) -> None:
    """Appeals wait for it: what is said of one goes there. A group without topics has none."""
    forum, plain = await _group(stage, forum=True), await _group(stage, forum=False)
    await stage.driver.client("members", chat=forum, user=BOT, status="administrator")
    asked = [Outgoing(BOT, chat, topic("7F3K · pay")) for chat in (forum, plain)]
    await stage.say(stage.speaker(), asked)
    made, refused = await stage.settled()
    assert (made.state, made.message_id is not None) == ("sent", True)
    assert refused.state != "sent"
    await stage.say(stage.speaker(), [message(forum, "there", thread=made.message_id)])
    await stage.settled()
    shown = await stage.driver.look(f"chats/{forum}/messages")
    assert [one["message_thread_id"] for one in shown if one.get("text") == "there"] == [made.message_id]


async def test_a_message_that_is_gone_is_sent_anew(stage: Stage) -> None:
    ann = await stage.driver.started()
    gone: dict[str, Any] = {"edit": 4711}
    buttons = Outgoing(BOT, ann, {"type": "buttons", "rows": []}, target=gone)
    await stage.say(stage.speaker(), [message(ann, "again", target=gone), buttons])
    rows = await stage.settled()
    assert [row.state for row in rows] == ["sent", "skipped"]
    assert await stage.texts(ann) == ["again"]


@pytest.mark.parametrize("priority", [REPLY, NOTICE, REMINDER])
async def test_an_uncertain_reply_is_sent_again(strict_stage: Stage, priority: int) -> None:
    """A duplicate beats silence."""
    ann = await strict_stage.driver.started()
    await fault(strict_stage, drop="after")
    await strict_stage.say(strict_stage.speaker(), [message(ann, priority=priority)])
    (row,) = await strict_stage.settled()
    assert row.state == "sent"
    assert await strict_stage.texts(ann) == ["hello", "hello"]


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_an_uncertain_broadcast_is_reported(strict_stage: Stage, drop: str) -> None:
    ann = await strict_stage.driver.started()
    await fault(strict_stage, drop=drop)
    await strict_stage.broadcast([ann])
    await strict_stage.speaker().idle()
    (row,) = await strict_stage.settled()
    assert (row.state, row.error) == ("uncertain", "ServerDisconnectedError")
    assert len(await strict_stage.texts(ann)) == (drop == "after")


async def test_a_message_that_is_never_answered_ends(strict_stage: Stage) -> None:
    ann = await strict_stage.driver.started()
    await fault(strict_stage, error_code=502, times=100)
    await strict_stage.say(strict_stage.speaker(), [message(ann)])
    (row,) = await strict_stage.settled()
    assert row.state == "dead"
    assert strict_stage.rests == [1, 2, 4, 8]


async def test_an_outage_is_waited_out_with_growing_pauses_and_in_order(strict_stage: Stage) -> None:
    """Nothing left the machine: trying again is safe, as often as it takes."""
    ann = await strict_stage.driver.started()
    port = strict_stage.driver.sandbox.port
    speaker = strict_stage.speaker()
    await strict_stage.driver.sandbox.runner.sites.copy().pop().stop()
    await strict_stage.say(speaker, [message(ann, "one", priority=REMINDER), message(ann, "two")])
    async with asyncio.timeout(30):
        while len(strict_stage.rests) < 24:  # noqa: ASYNC110 - the speaker's pauses, not ours
            await asyncio.sleep(0.01)
    await web.TCPSite(strict_stage.driver.sandbox.runner, "127.0.0.1", port).start()
    rows = await strict_stage.settled()
    assert [row.state for row in rows] == ["sent", "sent"]
    assert sorted(set(strict_stage.rests))[:4] == [1, 2, 4, 8]
    assert max(strict_stage.rests) == 300


async def test_a_revoked_token_kills_no_message(strict_stage: Stage) -> None:
    ann = await strict_stage.driver.started()
    await fault(strict_stage, error_code=401, times=3)
    await strict_stage.say(strict_stage.speaker(), [message(ann)])
    (row,) = await strict_stage.settled()
    assert row.state == "sent"
    assert strict_stage.rests == [1, 2, 4]


async def test_what_telegram_refuses_is_dead_and_holds_up_nobody(stage: Stage) -> None:
    ann = await stage.driver.started()
    empty, strange = message(ann, " ", update_id=77), Outgoing(BOT, ann, {"type": "hologram"}, update_id=78)
    with capture_logs() as logs:
        await stage.say(stage.speaker(), [empty, strange, message(ann, "alive")])
        rows = await stage.settled()
    assert [(row.state, row.error) for row in rows] == [
        ("dead", "Text must be non-empty"),
        ("dead", "ValueError"),
        ("sent", None),
    ]
    dead = [(entry["row"], entry["update"]) for entry in logs if entry["event"] == "message_dead"]
    assert dead == [(rows[0].id, 77), (rows[1].id, 78)]
    assert await stage.texts(ann) == ["alive"]


async def test_a_part_that_was_said_is_not_said_again(strict_stage: Stage) -> None:
    ann = await strict_stage.driver.started()
    speaker = strict_stage.speaker()
    long = "a" * 4000 + "\n\n" + "b" * 4000
    await fault(strict_stage, delay=0.4)
    await strict_stage.say(speaker, [message(ann, long)])
    await strict_stage.reached()
    await fault(strict_stage, drop="before")
    await strict_stage.settled()
    assert [words[0] for words in await strict_stage.texts(ann)] == ["a", "b"]

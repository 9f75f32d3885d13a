"""Updates are taken exactly once, together or alone, and none brings another down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa
import structlog
from structlog.testing import capture_logs

from bot.services.incoming import Command, Faceless, Gone, Incoming, Press, Returned
from bot.services.intake import NotTaken
from bot.store.tables import conversations, outbox, people, updates
from bot.talk import hears
from tests.conftest import BOT
from tests.services.conftest import Stand


async def _count(stand: Stand, table: sa.Table) -> int:
    async with stand.database.work(BOT, stand.now) as work:
        return len(await work.fetch(sa.select(table)))


async def test_an_update_delivered_twice_is_played_once(stand: Stand) -> None:
    update = stand.update(Command("file"))
    assert await stand.take(update) == ["What is it about?"]
    assert await stand.take(update) == []
    assert await stand.take(stand.update(hears.Text("Pay")), update, update) == ["Tell us what happened."]
    assert await _count(stand, outbox) == 2


async def test_the_same_update_twice_in_one_batch_is_played_once(stand: Stand) -> None:
    update = stand.update(Command("file"))
    assert await stand.take(update, update) == ["What is it about?"]


async def test_updates_of_one_chat_are_played_in_order_within_a_batch(stand: Stand) -> None:
    batch = [stand.update(what) for what in (Command("file"), hears.Text("Pay"), hears.Text("They owe me"))]
    assert await stand.take(*batch) == ["What is it about?", "Tell us what happened.", "Where?"]
    assert await _count(stand, conversations) == 1


async def test_many_people_share_one_commit(stand: Stand) -> None:
    batch = [stand.update(Command("file"), account=account) for account in range(1, 41)]
    assert len(await stand.take(*batch)) == 40
    assert await _count(stand, people) == 40
    assert await _count(stand, updates) == 40


async def test_a_bug_costs_nobody_else_anything(stand: Stand) -> None:
    await stand.say("/break", account=1)
    await stand.say("/file", account=2)
    batch = [
        stand.update(hears.Text("a secret of mine"), account=1),
        stand.update(hears.Text("Pay"), account=2),
    ]
    with capture_logs() as logs:
        apology, question = await stand.take(*batch)
    assert question == "Tell us what happened."
    reference = logs[0]["reference"]
    assert logs[0]["update"] == batch[0].update_id
    assert apology.endswith(f"Reference: {reference}")
    assert "_break" in logs[0]["trace"]
    assert "secret" not in str(logs)


async def test_after_a_bug_the_conversation_is_where_it_was(stand: Stand) -> None:
    await stand.say("/break")
    await stand.say("first try")
    assert "Reference" in (await stand.say("second try"))[0]
    assert (await stand.say("/cancel"))[0] == "Left. Nothing was sent."


async def test_who_posts_as_the_group_is_told_how_to_be_known(stand: Stand) -> None:
    """Anonymous administrators got no answer at all, not even to /group."""

    async def say(command: Command) -> list[str]:
        return await stand.take(stand.update(Faceless(command), -7, -7))

    (answer,) = await say(Command("ask"))
    assert answer.startswith("You post as the group")
    assert stand.heard.rows[-1].body["rows"][0][0]["url"] == "start:menu"
    assert await say(Command("ask", named=False)) == [answer]
    assert await say(Command("file", named=False)) == [], "not a command of groups: perhaps another bot's"
    assert await say(Command("nonsense")) == []
    assert await _count(stand, people) == 0, "the group is no person"


async def test_everything_survives_a_restart_between_any_two_updates(stand: Stand) -> None:
    """Nothing is kept in memory: each step is played by an intake that was just started."""
    words = ["/file", "Pay", "They owe me", "{skip}", "7", "{Done}", "No", "Yes", "Good"]
    for word in words:
        stand.fresh_intake()
        if word.startswith("{"):
            await stand.press(stand.data({"{skip}": "Skip", "{Done}": "Done"}[word]))
        else:
            await stand.say(word)
    assert stand.desk.filed == [["pay", "They owe me", None, 7, []]] or len(stand.desk.filed) == 1


async def test_an_error_of_the_database_lets_the_update_come_again(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = asyncio.create_task(stand.intake.run())
    async with stand.database.transaction() as connection:
        await connection.execute(sa.text("ALTER TABLE outbox RENAME TO outbox_away"))
    update = stand.update(Command("file"))
    if stand.database.is_sqlite:
        # SQLite calls a missing table an operational error, as it calls a full disk.
        with pytest.raises(NotTaken):
            await stand.intake.take(update)
    async with stand.database.transaction() as connection:
        await connection.execute(sa.text("ALTER TABLE outbox_away RENAME TO outbox"))
    await stand.intake.take(update)
    assert stand.heard.texts == ["What is it about?"]
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_who_blocked_the_bot_is_marked_until_they_are_back(stand: Stand) -> None:
    await stand.say("/menu")
    await stand.take(stand.update(Gone()))
    assert await _blocked(stand)
    await stand.take(stand.update(Returned()))
    assert not await _blocked(stand)
    await stand.take(stand.update(Gone()))
    await stand.say("/menu")
    assert not await _blocked(stand)


async def _blocked(stand: Stand) -> bool:
    async with stand.database.work(BOT, stand.now) as work:
        row = await work.first(sa.select(people.c.blocked_at))
    assert row is not None
    return row.blocked_at is not None


async def test_two_processes_meet_the_same_stranger_in_two_chats(
    make_stand: Callable[..., Stand],
) -> None:
    """Each welcomes them: the second must find the person the first made, not fail over it."""
    stands = [make_stand(), make_stand()]
    for account in range(100, 115):
        batches = [
            [Incoming(account * 10 + chat, -chat, account, Command("ask"), private=False)] for chat in (1, 2)
        ]
        await asyncio.gather(
            *(stand.intake.play(batch) for stand, batch in zip(stands, batches, strict=True))
        )
    assert [len(stand.heard.texts) for stand in stands] == [15, 15]
    assert await _count(stands[0], people) == 15


async def test_an_album_is_answered_once(stand: Stand) -> None:
    pictures = [stand.update(hears.Photo(f"file-{number}", "", "album-1")) for number in range(4)]
    assert await stand.take(*pictures) == ["The menu"]


async def test_hostile_button_data_gets_a_sentence(stand: Stand) -> None:
    hostile = [
        "",
        "t",
        "t:",
        "t:1:1",
        "t:zz:-1:0",
        "t:1:2:3:4",
        "a",
        "a:",
        "a:nothing:x",
        "t:٣:1:1",
        "x" * 64,
    ]
    for data in [*hostile, "t:" + "9" * 60, "a:poke:" + "y" * 50, "t:1:99999999999:0", "\x00"]:
        _texts, toast = await stand.press(data)
        assert toast


async def test_no_text_reaches_the_logs(stand: Stand) -> None:
    structlog.reset_defaults()
    canary = "canary-7c1f 13800138000"
    with capture_logs() as logs:
        await stand.say("/break")
        await stand.say(canary)
        await stand.take(stand.update(Press(canary, "q"), message=1))
        await stand.say(f"/{canary}")
    assert "canary" not in str(logs)
    assert "13800138000" not in str(logs)


async def test_two_listeners_take_one_persons_updates_one_after_the_other(
    make_stand: Callable[..., Stand],
) -> None:
    """Behind a balancer a person's taps may reach two processes at once: none of them gets lost."""
    one, other = make_stand(1), make_stand(1000)
    await one.say("/menu")
    for update in range(20):
        ones, others = one.update(Command("ask")), other.update(Command("ask"))
        ones, others = replace(ones, update_id=1000 + update), replace(others, update_id=2000 + update)
        await asyncio.gather(one.intake.play([ones]), other.intake.play([others]))
    assert one.heard.texts[1:] == other.heard.texts == ["Which colour?"] * 20
    assert await _count(one, conversations) == 1

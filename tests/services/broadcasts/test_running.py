"""What the clock does with a broadcast: pages, nights, pauses, ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.dialogs.broadcast_words import DRAWS
from bot.i18n import speaking
from bot.services import due, letters
from bot.services.broadcasts import counting
from bot.services.broadcasts.model import CANCELLED, OVER, RUNNING, Content
from bot.services.outbox import DEAD, SKIPPED, UNCERTAIN
from bot.store.tables import chats
from bot.store.tables import outbox as outbox_table
from bot.store.work import Work
from tests.services.broadcasts.conftest import BOSS, EAST, HELLO, Office


async def test_each_is_spoken_to_in_their_language_and_by_their_branch(office: Office) -> None:
    await office.rider(10)
    await office.rider(11, "east-2", language="en")
    await office.group(-5, "east-2", language="en", topic=7)
    await office.started("all to:both")
    sent = {row.chat: row for row in await office.send()}
    assert sent[10].body["text"] == "你好，朋友！城东外卖支部"
    assert sent[11].body["text"] == "Hello friend! East Couriers' Branch"
    assert (sent[-5].body["text"], sent[-5].thread) == ("Hello everyone! East Couriers' Branch", 7)
    assert [row[0]["label"] for row in sent[11].body["rows"]] == ["🔕 Less of this"]
    assert sent[-5].body["rows"] == []


async def test_one_language_for_all_is_one_language_throughout(office: Office) -> None:
    await office.rider(10)
    await office.group(-5, language="zh_CN")
    await office.started("all to:both", content=Content({"en": "Hello {name}! {branch}"}))
    sent = {row.chat: row.body["text"] for row in await office.send()}
    assert sent == {10: "Hello friend! East Riders' Branch", -5: "Hello everyone! East Riders' Branch"}


async def test_the_audience_is_written_down_page_by_page_before_anything_goes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "PAGE", 2)
    accounts = await office.riders(5)
    number = await office.started()
    assert [row.chat for row in await office.waiting()] == accounts
    assert (await office.progress(number)).phase == "running"


async def test_nobody_is_written_to_twice_however_often_a_page_is_done(office: Office) -> None:
    accounts = await office.riders(3)
    number = await office.started()
    async with office.city.work() as work:
        again = [letters.Recipient(account, 1) for account in accounts]
        await letters.fill(work, number, again)
    assert [row.chat for row in await office.waiting()] == accounts


async def test_it_is_paused_at_once_and_goes_on(office: Office) -> None:
    await office.riders(4)
    number = await office.started()
    assert len(await office.send(1)) == 1
    async with office.desk() as desk:
        assert await desk.pause(number)
    assert await office.send() == []
    assert (await office.progress(number)).phase == "paused"
    async with office.desk() as desk:
        assert await desk.resume(number)
    assert (await office.progress(number)).phase == "running"
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    assert len(await office.send()) == 3


async def test_paused_again_before_it_went_on_it_stays_paused(office: Office) -> None:
    await office.riders(4)
    number = await office.started()
    async with office.desk() as desk:
        await desk.pause(number)
        await desk.resume(number)
        await desk.pause(number)
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    assert await office.send() == []
    assert (await office.progress(number)).phase == "paused"


async def test_what_falls_into_the_night_waits_for_the_morning(office: Office) -> None:
    """It starts in the evening, and at ten two of four are still waiting; one of them never sleeps."""
    office.at("2026-05-13T21:59:50")
    accounts = await office.riders(4)
    number = await office.started()
    assert len(await office.send(2)) == 2
    office.at("2026-05-13T21:59:56")
    await office.work_off()
    assert await office.send() == [], "who is about to fall asleep is put off before the hour strikes"
    seen = await office.progress(number)
    assert (seen.phase, seen.sent, seen.asleep) == ("night", 2, 2)
    assert seen.wakes_at == datetime.fromisoformat("2026-05-14T07:00+08:00")
    office.at("2026-05-14T07:00:01")
    assert [row.chat for row in await office.send()] == accounts[2:]
    await office.work_off()
    assert (await office.get(number)).state == OVER


async def test_many_fall_asleep_bit_by_bit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PUT_OFF_AT_ONCE", 2)
    office.at("2026-05-13T21:59:40")
    await office.riders(5)
    await office.group(-5, quiet_from=22 * 60, quiet_to=8 * 60)
    number = await office.started("all to:both")
    office.at("2026-05-13T21:59:57")
    await office.work_off()
    assert (await office.progress(number)).asleep == 6
    assert await office.send() == []


async def test_resumed_at_night_nobody_is_woken(office: Office) -> None:
    await office.riders(2)
    number = await office.started()
    async with office.desk() as desk:
        await desk.pause(number)
    office.at("2026-05-13T23:00")
    async with office.desk() as desk:
        await desk.resume(number)
    assert await office.send() == [], "nothing goes before the clock put off who sleeps"
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    assert await office.send() == []
    assert (await office.progress(number)).asleep == 2


async def test_tried_again_at_night_nobody_is_woken(office: Office) -> None:
    await office.riders(2)
    number = await office.started()
    await office.send(state=DEAD)
    office.at("2026-05-13T23:00")
    await office.work_off()
    async with office.desk() as desk:
        assert await desk.retry(number, DRAWS) == 2
    assert await office.send() == []
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    assert await office.send() == []
    assert (await office.progress(number)).asleep == 2
    office.at("2026-05-14T07:00:01")
    assert len(await office.send()) == 2


async def test_many_are_put_off_in_slices_before_it_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tap itself puts off nobody: of a hundred thousand rows that took as long as it took."""
    monkeypatch.setattr(counting, "PUT_OFF_AT_ONCE", 2)
    await office.riders(5)
    number = await office.started()
    async with office.desk() as desk:
        await desk.pause(number)
    office.at("2026-05-13T23:00")
    async with office.desk() as desk:
        await desk.resume(number)
    assert (await office.progress(number)).asleep == 0
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    assert (await office.progress(number)).asleep == 5


async def test_a_stopped_one_ends_with_all_of_them_told(office: Office) -> None:
    await office.riders(5)
    number = await office.started()
    await office.send(2)
    async with office.desk() as desk:
        assert await desk.cancel(number)
        assert not await desk.resume(number)
    await office.send()
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    ended = await office.get(number)
    assert ended.state == CANCELLED
    seen = await office.progress(number)
    assert (seen.phase, seen.sent, seen.cancelled, seen.recipients) == ("cancelled", 2, 3, 5)


async def test_only_what_failed_is_tried_again(office: Office) -> None:
    accounts = await office.riders(4)
    number = await office.started()
    for state in (DEAD, SKIPPED, UNCERTAIN):
        await office.send(1, state)
    await office.send()
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    seen = await office.progress(number)
    assert (seen.sent, seen.failed, seen.blocked, seen.uncertain) == (1, 1, 1, 1)
    async with office.desk() as desk:
        assert await desk.retry(number, DRAWS) == 1
        assert await desk.retry(number, DRAWS) == 0
    assert (await office.get(number)).state == RUNNING
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    assert [row.chat for row in await office.send()] == accounts[:1]
    office.city.now += timedelta(seconds=3)
    await office.work_off()
    seen = await office.progress(number)
    assert (seen.phase, seen.sent, seen.failed, seen.recipients) == ("over", 2, 0, 4)


async def test_one_for_nobody_is_over_at_once(office: Office) -> None:
    number = await office.started("riders")
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    assert (await office.get(number)).state == OVER


async def test_the_screen_says_when_it_will_be_done(office: Office) -> None:
    await office.riders(10)
    number = await office.started(content=HELLO)
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    await office.send(2)
    office.city.now += timedelta(seconds=2)
    seen = await office.progress(number)
    assert seen.per_second == 1
    assert seen.to_go == timedelta(seconds=8)


async def test_a_deleted_screen_comes_back_once(office: Office) -> None:
    """The organizer deletes the screen: drawn anew it becomes another message, and from then on that one is
    drawn. It was a new message every three seconds."""
    await office.riders(3)
    await office.started()
    assert [row.target for row in await office.told(message=10)] == [None]
    await office.send(1)
    office.city.now += timedelta(seconds=3)
    await office.work_off()
    assert [row.target for row in await office.told(message=11)] == [{"edit": 10}]
    await office.send(1)
    office.city.now += timedelta(seconds=3)
    await office.work_off()
    assert [row.target for row in await office.told(message=11)] == [{"edit": 11}]


async def test_screens_do_not_pile_up_while_nothing_is_sent(office: Office) -> None:
    """Telegram holds the organizer's chat up: the last drawing is of the end, over what is there."""
    await office.riders(3)
    await office.started()
    await office.told(message=10)
    for _ in range(3):
        await office.send(1)
        office.city.now += timedelta(seconds=3)
        await office.work_off()
    drawn = [row for row in await office.told() if row.target]
    assert [row.target for row in drawn] == [{"edit": 10}] * 2
    assert "100%" in drawn[-1].body["text"]


async def test_one_that_is_over_before_its_screen_has_left_shows_its_end(office: Office) -> None:
    """Three people got it within a second; the screen said "writing down who gets it" until it was tapped."""
    await office.riders(3)
    await office.started()
    await office.send()
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    first, end, report = await office.told(message=10)
    assert (first.target, end.target, report.target) == (None, {"edit": 10}, None)
    assert "100%" in end.body["text"]
    assert "报告" in report.body["text"]


async def test_a_screen_that_was_never_sent_is_sent_at_the_end(office: Office) -> None:
    """The author had blocked the bot, or the drawing was long forgotten: there is nothing to draw over."""
    await office.riders(1)
    number = await office.started()
    screen = (await office.get(number)).screen
    async with office.city.work() as work:
        await work.execute(sa.delete(outbox_table).where(outbox_table.c.id == screen))
    await office.send()
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    end, _report = await office.told()
    assert end.target is None
    assert "100%" in end.body["text"]


async def test_who_loses_their_role_while_it_is_filled_in_sends_to_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of five were written down when the role was taken away: they got it, the others did not."""
    monkeypatch.setattr(counting, "PAGE", 2)
    await office.riders(5)
    number = await office.make()
    revoked = sa.text("UPDATE grants SET revoked_at = made_at WHERE role = 'organizer'")
    page = counting.page

    async def page_then_revoke(work: Work, *asked: Any) -> Any:
        found = await page(work, *asked)
        await work.execute(revoked)
        return found

    monkeypatch.setattr(counting, "page", page_then_revoke)
    await office.work_off()
    assert len(await office.waiting()) == 2
    assert await office.send() == []
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    ended = await office.get(number)
    assert (ended.state, ended.report["numbers"]["cancelled"]) == (CANCELLED, 2)
    assert any("不归你负责" in row.body["text"] for row in await office.told())


async def test_an_admin_who_looks_leaves_the_author_their_screen(office: Office) -> None:
    """It followed the admin from then on, and the author's stood still."""
    await office.riders(3)
    number = await office.started()
    await office.told(message=10)
    async with office.desk(BOSS) as desk:
        assert not await desk.follow(number, DRAWS)
    await office.send(1)
    office.city.now += timedelta(seconds=3)
    await office.work_off()
    assert [(row.chat, row.target) for row in await office.told()] == [(EAST, {"edit": 10})]


async def test_what_was_missed_by_hours_waits_for_its_author(office: Office) -> None:
    """The machine was off over lunch and dinner: what was for noon went out at night."""
    await office.riders(2)
    number = await office.make(at="2026-05-13T16:00")
    office.at("2026-05-13T22:00:01")
    await office.work_off()
    assert await office.waiting() == []
    (told,) = await office.told()
    assert told.chat == EAST
    assert "没能按时发出" in told.body["text"]
    async with office.desk() as desk:
        assert await desk.go_on(number)
        assert not await desk.go_on(number)
    await office.work_off()
    assert len(await office.waiting()) == 2


async def test_what_was_missed_by_less_goes_late(office: Office) -> None:
    await office.riders(2)
    await office.make(at="2026-05-13T16:00")
    office.at("2026-05-13T18:00")
    await office.work_off()
    assert len(await office.waiting()) == 2


async def test_a_page_that_fails_for_good_is_told_and_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen said for ever that it was writing down who gets it."""
    await office.riders(2)
    page = counting.page

    async def fail(*_asked: Any) -> Any:
        raise ValueError("a bug of ours")

    monkeypatch.setattr(counting, "page", fail)
    number = await office.make()
    for _ in range(due.MOST_ATTEMPTS):
        await office.work_off()
        office.city.now += timedelta(minutes=12)
    assert any("卡住了" in row.body["text"] for row in await office.told())
    monkeypatch.setattr(counting, "page", page)
    async with office.desk() as desk:
        assert await desk.go_on(number)
    await office.work_off()
    assert len(await office.waiting()) == 2
    assert (await office.progress(number)).phase == "running"


async def test_groups_that_come_late_are_counted_too(office: Office) -> None:
    """The report told of people who came after it started, and said nothing of groups that were bound since.

    A group that became a supergroup got it under its old number: it is not late.
    """
    await office.rider(10)
    await office.group(-5)
    number = await office.started("all to:both")
    await office.send()
    async with office.city.work() as work:
        await work.execute(sa.update(chats).where(chats.c.chat == -5).values(became=-6))
    await office.group(-6)
    assert ((await office.report(number)).late, (await office.report(number)).late_groups) == (0, 0)
    office.city.now += timedelta(seconds=1)
    await office.group(-7)
    await office.group(-8, left_at=office.now)
    await office.rider(11)
    report = await office.report(number)
    assert (report.late, report.late_groups) == (1, 1)
    with speaking("en"):
        assert "1 group came after it started" in str(DRAWS.report(await office.get(number), report))


async def test_one_for_people_has_no_late_groups(office: Office) -> None:
    await office.rider(10)
    number = await office.started("all")
    await office.group(-7)
    assert (await office.report(number)).late_groups == 0

"""What organizers may do with broadcasts, what they see before, and who has to approve."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.dialogs.broadcast_words import DRAWS
from bot.i18n import speaking
from bot.services import files, people
from bot.services.broadcasts import approving, running
from bot.services.broadcasts.model import ASKED, CANCELLED, PLANNED, REFUSED, DryRun, Readers
from bot.services.groups.quiet import QuietHours
from bot.services.hearing import TOPICS, Hearing, skip_waiting
from bot.services.outbox import DEAD, SKIPPED
from bot.services.people import Person
from bot.services.presses import short
from bot.services.roles.rules import NotAllowed, Role
from bot.services.segments import SegmentError
from bot.store.tables import chats, outbox
from tests.conftest import NOW
from tests.services.broadcasts.conftest import BOSS, BUTTON, EAST, HELLO, TERMS, WEST, Office


async def hear(office: Office, account: int, topic: str, wanted: bool = False) -> None:
    """Somebody opts out of a topic."""
    async with office.city.work() as work:
        person = Person(office.people[account], account, "zh_CN", office.now.date())
        await Hearing(work, person).hear(topic, wanted)


async def test_a_dry_run_counts_everybody_once(office: Office) -> None:
    for account in range(10, 17):
        await office.rider(account)
    await office.rider(17, blocked_at=NOW)
    await office.rider(18, silenced_at=NOW)
    await office.rider(19)
    await hear(office, 19, "event")
    await office.rider(20, "west-1")
    await office.group(-1)
    await office.group(-2, left_at=NOW)
    await office.group(-3, "west-1")
    async with office.desk() as desk:
        found = await desk.count("(branch:east or members) to:both", "event")
        assert found == DryRun(people=7, groups=1, blocked=1, left=1, opted_out=2)
        assert (await desk.count("all to:both", "notice")).people == 8


async def test_a_group_where_the_bot_could_not_write_is_tried(office: Office) -> None:
    """Nothing but a message tells that it may write again: left out once, it was left out for ever."""
    await office.group(-1, silent_since=NOW)
    async with office.desk() as desk:
        assert (await desk.count("all to:groups", "notice")).groups == 1
    await office.started("all to:groups")
    assert [row.chat for row in await office.waiting()] == [-1]


async def test_languages_are_those_of_who_gets_it(office: Office) -> None:
    await office.rider(10)
    await office.rider(11, language="en", blocked_at=NOW)
    await office.rider(12, "west-1", language="en")
    await office.group(-1, language="en")
    async with office.desk() as desk:
        assert await desk.readers("all to:both", "notice") == Readers(("zh_CN",), "en")
        assert await desk.readers("all", "notice") == Readers(("zh_CN",))


async def test_who_sleeps_is_counted_by_their_own_hours_and_zone(office: Office) -> None:
    await office.rider(10)
    await office.rider(11, zone="Europe/London")
    await office.rider(12)
    await office.group(-1, quiet_from=22 * 60, quiet_to=7 * 60)
    await office.group(-2)
    async with office.city.work() as work:
        late = Person(office.people[12], 12, "zh_CN", office.now.date())
        await Hearing(work, late).keep_quiet(QuietHours(0, 9 * 60))
    async with office.desk() as desk:
        found = await desk.count("all to:both", "notice", datetime.fromisoformat("2026-05-13T23:00+08:00"))
        assert (found.recipients, found.quiet) == (5, 2)
        found = await desk.count("all to:both", "notice", datetime.fromisoformat("2026-05-14T08:00+08:00"))
        assert found.quiet == 2, "it is one in the night in London, and one rises late"


def test_how_long_it_takes() -> None:
    assert DryRun(people=300, quiet=0).duration(30) == timedelta(seconds=10)
    assert DryRun(people=300, groups=1, quiet=301).duration(30) == timedelta(0)


# -- Whose it is -------------------------------------------------------------------------------


async def test_one_reaches_only_ones_own(office: Office) -> None:
    await office.rider(10, "east-1")
    await office.rider(11, "west-1")
    await office.group(-1, "west-1")
    number = await office.started("all to:both")
    assert [row.chat for row in await office.waiting()] == [10]
    async with office.desk(WEST) as desk:
        assert await desk.get(number) is None
        assert not await desk.pause(number)
        assert not await desk.cancel(number)
        assert await desk.latest() == []
        with pytest.raises(SegmentError):
            await desk.count("branch:east", "notice")
        with pytest.raises(NotAllowed):
            await desk.decide(number, yes=True)
    async with office.desk(BOSS) as desk:
        assert [each.id for each in await desk.latest()] == [number]
        assert await desk.pause(number)


async def test_an_admin_of_a_branch_stops_what_goes_to_it(office: Office) -> None:
    """Their organizer sent something wrong, and only the admin of the whole city could stop it."""
    await office.rider(10, "east-1")
    await office.rider(11, "west-1")
    office.people[4] = await office.city.granted(4, Role.ADMIN, "east", office.people[BOSS])
    number = await office.started("branch:east")
    async with office.desk(BOSS) as desk:
        beyond = await desk.make("all", "notice", HELLO.to_json(), None)
        assert beyond is not None
    async with office.desk(4) as desk:
        assert [each.id for each in await desk.latest()] == [number]
        assert await desk.get(beyond) is None
        assert await desk.cancel(number)
        assert not await desk.cancel(beyond)
    async with office.desk(WEST) as desk:
        assert not await desk.cancel(number)
    assert (await office.get(number)).state == CANCELLED


async def test_riders_have_no_broadcasts(office: Office) -> None:
    await office.rider(10)
    async with office.desk(10) as desk:
        assert not await desk.may()
        for tried in (desk.latest(), desk.count("all", "notice"), desk.settle("all")):
            with pytest.raises(NotAllowed):
                await tried


async def test_who_is_no_organizer_any_more_reaches_nobody(office: Office) -> None:
    await office.rider(10)
    number = await office.make(at="2026-05-13T16:00")
    async with office.city.work() as work:
        await work.execute(sa.text("UPDATE grants SET revoked_at = made_at WHERE role = 'organizer'"))
    office.at("2026-05-13T16:00")
    await office.work_off()
    assert (await office.get(number)).state == CANCELLED
    assert await office.waiting() == []


@pytest.mark.parametrize("at", ["2026-05-13T14:00", "2026-12-01T14:00"])
async def test_a_time_that_is_over_or_too_far_makes_nothing(office: Office, at: str) -> None:
    await office.rider(10)
    async with office.desk() as desk:
        assert await desk.make("all", "notice", HELLO.to_json(), f"{at}+08:00") is None
        assert await desk.latest() == []


# -- Approving ---------------------------------------------------------------------------------


async def test_many_need_a_second_organizer(office: Office) -> None:
    await office.riders(TERMS.threshold + 1)
    number = await office.make()
    await office.work_off()
    assert (await office.get(number)).state == ASKED
    async with office.desk() as desk:
        assert await desk.ask(number, DRAWS) == 1
        assert await desk.ask(number, DRAWS) is None, "they were asked a moment ago"
        with pytest.raises(NotAllowed):
            await desk.decide(number, yes=True)
    async with office.desk(BOSS) as desk:
        found = await desk.for_approval(number)
        assert found is not None
        assert found[1].people == TERMS.threshold + 1
        assert await desk.decide(number, yes=True) is not None
        assert await desk.decide(number, yes=False) is None
    assert [row.chat for row in await office.told()] == [BOSS]
    await office.work_off()
    assert len(await office.waiting()) == TERMS.threshold + 1


async def test_what_grew_too_large_until_its_start_waits_for_a_second_organizer(office: Office) -> None:
    """It was planned for a few; a whole branch joined before it started, and nobody else had seen it."""
    await office.riders(2)
    number = await office.make(at="2026-05-13T20:00")
    await office.riders(TERMS.threshold)
    office.at("2026-05-13T20:00")
    await office.work_off()
    assert (await office.get(number)).state == ASKED
    assert await office.waiting() == []
    told = {row.chat: row.body["text"] for row in await office.told()}
    assert "请你看一眼" in told[BOSS]
    assert "还没发出去" in told[EAST]
    async with office.desk(BOSS) as desk:
        decided = await desk.decide(number, yes=True)
    assert decided is not None
    await office.work_off()
    assert len(await office.waiting()) == TERMS.threshold + 2


async def test_approved_after_its_time_it_goes_at_once(office: Office) -> None:
    await office.riders(TERMS.threshold + 1)
    number = await office.make(at="2026-05-13T20:00")
    office.at("2026-05-13T21:00")
    async with office.desk(BOSS) as desk:
        assert [each.id for each in await desk.latest()] == [number]
        decided = await desk.decide(number, yes=True)
        assert decided is not None
        assert decided.starts_at is None
    await office.work_off()
    assert (await office.get(number)).started_at == office.now


async def test_who_may_approve_finds_it_in_their_list(office: Office) -> None:
    """The card that asked them is lost: the colleague of the same branch finds it among the broadcasts."""
    await office.riders(TERMS.threshold + 1)
    office.people[4] = await office.city.granted(4, Role.ORGANIZER, "east", office.people[BOSS])
    number = await office.make()
    for account, found in ((4, [number]), (EAST, [number]), (WEST, [])):
        async with office.desk(account) as desk:
            assert [each.id for each in await desk.latest()] == found
    async with office.desk(4) as desk:
        await desk.decide(number, yes=False)
        assert await desk.latest() == []


async def test_a_refused_one_never_goes(office: Office) -> None:
    await office.riders(TERMS.threshold + 1)
    number = await office.make()
    async with office.desk(BOSS) as desk:
        await desk.decide(number, yes=False)
    await office.work_off()
    assert (await office.get(number)).state == REFUSED
    assert await office.waiting() == []


async def test_who_approves_looks_after_the_whole_audience(office: Office) -> None:
    """A colleague of one branch below may approve what goes to that branch, and not what goes beyond."""
    await office.rider(10, "east-1")
    await office.rider(11, "east-2")
    colleague = await office.city.granted(4, Role.ORGANIZER, "east-1", office.people[BOSS])
    for segment, may in (("branch:east-1", True), ("branch:east", False)):
        broadcast = await office.get(await office.make(segment))
        async with office.city.work() as work:
            audience = await running.meant(work, broadcast)
            assert audience is not None
            author = office.people[EAST]
            assert await approving.may_approve(work, colleague, author, audience) is may
            assert not await approving.may_approve(work, office.people[WEST], author, audience)
            assert not await approving.may_approve(work, author, author, audience)


async def test_one_that_waits_can_be_taken_back(office: Office) -> None:
    await office.riders(2)
    number = await office.make(at="2026-05-13T20:00")
    assert (await office.get(number)).state == PLANNED
    async with office.desk() as desk:
        assert await desk.cancel(number)
        assert not await desk.cancel(number)
    office.at("2026-05-13T20:00")
    await office.work_off()
    assert await office.waiting() == []


# -- Afterwards ---------------------------------------------------------------------------------


async def test_taps_count_each_person_once(office: Office) -> None:
    accounts = await office.riders(3)
    await office.group(-5)
    content = HELLO.__class__(HELLO.texts, "", (BUTTON, BUTTON))
    number = await office.started("all to:both", content=content)
    sent = {row.chat: row.body for row in await office.send()}
    link = sent[-5]["rows"][0][0]["url"].removeprefix("start:bc_")
    for account, data in (
        (accounts[0], f"{short(number)}-0"),
        (accounts[0], f"{short(number)}-0"),
        (accounts[0], f"{short(number)}-1"),
        (accounts[1], f"{short(number)}-0"),
        (accounts[2], link),
    ):
        async with office.desk(account) as desk:
            assert await desk.tap(data) == ("lesson", "heat_work")
    told = await office.report(number)
    assert (told.taps, told.tapped) == ((3, 1), 3)
    assert [(line.group, line.taps) for line in told.groups] == [(-5, 1)]


async def test_forged_taps_mean_nothing(office: Office) -> None:
    await office.riders(1)
    await office.started(content=HELLO.__class__(HELLO.texts, "", (BUTTON,)))
    async with office.desk() as desk:
        for data in ("", "1", "1-", "1-9", "1-2", "zz-0", "1-0-0-0", "x!-0", "1--1", "99999-0"):
            assert await desk.tap(data) is None, data


async def test_a_tap_counts_for_whom_it_came_to(office: Office) -> None:
    """A forged button opened the lesson, which is for all, and made the report say one tap more."""
    await office.riders(1)
    number = await office.started(content=HELLO.__class__(HELLO.texts, "", (BUTTON,)))
    async with office.desk(WEST) as desk:
        for data in (f"{short(number)}-0", f"{short(number)}-0-{short(5)}"):
            assert await desk.tap(data) == ("lesson", "heat_work")
    assert (await office.report(number)).tapped == 0


async def test_a_tap_in_a_group_counts_after_it_moved(office: Office) -> None:
    await office.group(-5)
    (rider,) = await office.riders(1)
    number = await office.started("all to:groups", content=HELLO.__class__(HELLO.texts, "", (BUTTON,)))
    async with office.city.work() as work:
        await work.execute(sa.update(chats).where(chats.c.chat == -5).values(became=-6))
        sent = outbox.c.broadcast == number
        await work.execute(sa.update(outbox).where(sent).values(chat=-6))
    async with office.desk(rider) as desk:
        await desk.tap(f"{short(number)}-0-{short(5)}")
    assert (await office.report(number)).tapped == 1


async def test_late_joiners_are_told(office: Office) -> None:
    await office.riders(2)
    number = await office.started()
    office.city.now += timedelta(seconds=1)
    await office.riders(3)
    await office.send()
    told = await office.report(number)
    assert told.late == 3
    assert told.progress.sent == 2


async def test_who_came_back_did_not_join_late(office: Office) -> None:
    """They were left out at the start, as having blocked the bot or wanting none of it."""
    await office.rider(10, blocked_at=NOW)
    await office.rider(11)
    await hear(office, 11, "notice")
    number = await office.started()
    office.city.now += timedelta(seconds=1)
    await hear(office, 11, "notice", wanted=True)
    async with office.city.work() as work:
        await people.mark_back(work, 10)
    assert (await office.report(number)).late == 0


async def test_the_table_tells_of_branches_and_groups_and_of_no_person(office: Office) -> None:
    await office.riders(6, "east-1")
    await office.riders(2, "east-2")
    await office.rider(80, blocked_at=NOW)
    await office.rider(81, silenced_at=NOW)
    await office.group(-5)
    await office.group(-6, left_at=NOW)
    number = await office.started("all to:both")
    office.city.now += timedelta(seconds=1)
    await office.rider(82, "east-2")
    await office.send(7)
    await office.send(state=DEAD)
    broadcast = await office.get(number)
    async with office.desk() as desk:
        with speaking("zh_CN"):
            table = await desk.export(broadcast, "csv")
            book = await desk.export(broadcast, "xlsx")
    async with office.city.work() as work:
        lines = (await files.read(work, table)).content.decode("utf-8-sig").splitlines()
        kept = await files.read(work, book)
    assert [line.split(",") for line in lines[1:]] == [
        ["全部", "", "12", "7", "0", "2", "0", "0", "0", "0"],
        ["没收到", "之前就屏蔽了", "1", *["0"] * 7],
        ["没收到", "进不去的群", "1", *["0"] * 7],
        ["没收到", "不想收这类", "1", *["0"] * 7],
        ["开始后才加入", "", "1", *["0"] * 7],
        ["支部", "城东外卖支部", "6", "6", *["0"] * 6],
        ["支部", "人少的支部合计", "2", "1", "0", "1", *["0"] * 4],
        ["群", "群 -5", "1", "0", "0", "1", *["0"] * 4],
    ]
    assert kept.name == f"broadcast-{number}.xlsx"


async def test_opting_out_of_a_topic_leaves_the_others(office: Office) -> None:
    await office.rider(10)
    for topic in TOPICS:
        await hear(office, 10, topic)
        await office.started(topic=topic)
        assert await office.waiting() == []
    await hear(office, 10, "care", wanted=True)
    await office.started(topic="care")
    assert len(await office.waiting()) == 1


async def test_less_of_this_at_night_stops_what_comes_in_the_morning(office: Office) -> None:
    """Who tapped it had the broadcast of that topic in the morning all the same."""
    for account in (10, 11):
        await office.rider(account)
    office.at("2026-05-13T23:00")
    lesson, care = await office.started(topic="lesson"), await office.started(topic="care")
    await hear(office, 10, "lesson")
    office.at("2026-05-14T07:00:01")
    assert sorted((row.broadcast, row.chat) for row in await office.send()) == [
        (lesson, 11),
        (care, 10),
        (care, 11),
    ]
    (skipped,) = [row for row in await office.waiting() if row.state == SKIPPED]
    assert (skipped.chat, skipped.error) == (10, "opted out")


async def test_who_wants_no_more_is_not_tried_again(office: Office) -> None:
    accounts = await office.riders(3)
    number = await office.started()
    await office.send(state=DEAD)
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    await hear(office, accounts[0], "notice")
    async with office.desk() as desk:
        assert await desk.retry(number, DRAWS) == 2
    office.city.now += timedelta(seconds=1)
    await office.work_off()
    assert [row.chat for row in await office.send()] == accounts[1:]


async def test_a_group_that_wants_none_of_a_topic_gets_none(office: Office) -> None:
    await office.group(-1, muted=["event"])
    await office.group(-2)
    async with office.desk() as desk:
        assert await desk.count("all to:groups", "event") == DryRun(groups=1, opted_out=1)
    await office.started("all to:groups", topic="event")
    await office.started("all to:groups", topic="notice")
    assert [row.chat for row in await office.waiting()] == [-2, -2, -1]


async def test_a_group_that_wants_no_more_gets_none_that_waits(office: Office) -> None:
    """Not in the morning, and not when it is tried again."""
    await office.group(-1, quiet_from=22 * 60, quiet_to=7 * 60)
    office.at("2026-05-13T23:00")
    number = await office.started("all to:groups")
    async with office.city.work() as work:
        await skip_waiting(work, -1, "notice")
    assert [(row.state, row.error) for row in await office.waiting()] == [("skipped", "opted out")]
    async with office.city.work() as work:
        await work.execute(sa.text("UPDATE outbox SET state = 'dead' WHERE broadcast IS NOT NULL"))
        await work.execute(sa.update(chats).values(muted=["notice"]))
    office.city.now += timedelta(seconds=2)
    await office.work_off()
    async with office.desk() as desk:
        assert await desk.retry(number, DRAWS) == 0
    office.at("2026-05-14T07:00:05")
    await office.work_off()
    assert await office.send() == []


async def test_whatever_people_are_called_formats_nothing(office: Office) -> None:
    await office.rider(10)
    async with office.city.work() as work:
        name = {
            "bot": work.bot,
            "person": office.people[10],
            "called": "**x** {branch} [y](https://z.example)",
        }
        await work.execute(sa.insert(sa.table("checkin_people", *map(sa.column, name))).values(**name))
    await office.started(content=HELLO.__class__({"zh_CN": "**{name}**好"}))
    (sent,) = await office.send()
    assert sent.body["text"] == "**x** {branch} [y](https://z.example)好"
    assert [span[0] for span in sent.body["spans"]] == ["bold"]


async def test_who_asked_for_a_colleague_gets_one_though_fewer_are_left(office: Office) -> None:
    """Somebody blocked the bot between the look and the tap: what was to be approved went out at once."""
    await office.riders(2)
    async with office.desk() as desk:
        number = await desk.make("all", "notice", HELLO.to_json(), None, asks=True)
    assert number is not None
    assert (await office.get(number)).state == ASKED
    await office.work_off()
    assert await office.waiting() == []
    async with office.desk(BOSS) as desk:
        assert await desk.decide(number, yes=True)
    await office.work_off()
    assert len(await office.waiting()) == 2

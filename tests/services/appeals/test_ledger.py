"""The ledger: who sees what of it, filters, files without formulas; figures without anybody in them."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from bot.i18n import speaking
from bot.services import audit, files
from bot.services.appeals import report
from bot.services.appeals.ledger import Filters, Ledger
from bot.services.appeals.model import FEWEST_TOLD, Appeal
from bot.services.appeals.subscriptions import Subscriptions, due_now, next_at, period
from bot.services.due import claim, hold
from bot.services.people import welcome
from bot.services.roles import grants
from bot.services.roles.rules import NotAllowed, Reach, Role
from bot.services.table_files import MIMES
from bot.store import tables
from bot.store.database import Database
from tests.services.appeals.conftest import CLERK, ORGANIZER, RIDERS, TOP, Court, draft

EVERYWHERE = Reach(everywhere=True)
ALL = Filters(state="all")
WEST_ORGANIZER, STRANGER = 62, 910_000_099
HOSTILE = ['=HYPERLINK("http://x")', "+1+1", "-2", "@SUM(A1)", "\t=1", "'=1", "=cmd|' /C calc'!A0"]


@asynccontextmanager
async def ledger(court: Court, account: int = ORGANIZER) -> AsyncIterator[Ledger]:
    """Somebody's ledger, in Chinese."""
    async with court.work() as work:
        person = (await welcome(work, {account: "zh"}, "zh_CN"))[account]
        with speaking("zh_CN"):
            yield Ledger(work, person, court.handbook.rules)


async def filed(court: Court, count: int, **more: Any) -> list[Appeal]:
    """Appeals of as many riders."""
    return [await by_rider(court, 920_000_000 + number, **more) for number in range(count)]


async def by_rider(court: Court, account: int, **more: Any) -> Appeal:
    """An appeal of a rider's, of whom there are more than five."""
    async with court.at(account) as me:
        me.person.work_kind = "rider"
        return await me.tell(await me.appeals.file(draft(**more)))


async def solved(court: Court, appeal: Appeal) -> None:
    async with court.at(CLERK) as clerk:
        await clerk.tell(await clerk.desk.solve(appeal.id, "办好了"))


@pytest.fixture
async def small_court(sqlite: Database, now: datetime) -> Court:
    """Where it is not about statements, one kind of database is enough."""
    made = Court(sqlite, now)
    await made.build()
    return made


# -- Who, and what -------------------------------------------------------------------


@pytest.mark.parametrize("account", [RIDERS[0], CLERK, STRANGER])
async def test_who_organizes_nothing_sees_nothing(small_court: Court, account: int) -> None:
    await small_court.file()
    async with ledger(small_court, account) as seen:
        assert not await seen.may_see()
        for ask in (
            lambda: seen.count(ALL),
            lambda: seen.entries(ALL),
            lambda: seen.export(ALL, "xlsx"),
            lambda: seen.report("weekly"),
            seen.places,
        ):
            with pytest.raises(NotAllowed):
                await ask()


async def test_an_organizer_sees_what_was_ever_at_their_branches(court: Court) -> None:
    east, west = await court.file(), await court.file(kind="other", district="章贡区")
    await court.serve(WEST_ORGANIZER, "west", Role.ORGANIZER)
    await court.wait(days=3)  # both went up meanwhile
    async with ledger(court) as seen:
        assert [entry.appeal.id for entry in await seen.entries(ALL)] == [east.id]
        assert [branch for branch, _name in await seen.places()] == ["east", "east-1", "east-2"]
    async with ledger(court, WEST_ORGANIZER) as seen:
        assert await seen.entries(ALL) == []
        assert await seen.count(replace(ALL, branch="east")) == 0
    async with ledger(court, 100) as seen:
        assert {entry.appeal.id for entry in await seen.entries(ALL)} == {east.id, west.id}


async def test_filters(court: Court) -> None:
    first, second = await court.file(), await court.file(RIDERS[1], kind="gate", story="小区不让进")
    await solved(court, first)

    async def found(**wanted: Any) -> list[int]:
        async with ledger(court) as seen:
            filters = replace(ALL, **wanted)
            entries = await seen.entries(filters)
            assert await seen.count(filters) == len(entries)
            return sorted(entry.appeal.id for entry in entries)

    assert await found() == [first.id, second.id]
    assert await found(state="waiting") == [second.id]
    assert await found(state="answered") == [first.id]
    assert await found(state="over") == []
    assert await found(kind="gate") == [second.id]
    assert await found(branch="east-1") == [first.id, second.id]
    assert await found(branch="east-2") == []
    assert await found(overdue=True) == []
    await court.wait(days=2)
    assert await found(overdue=True) == [second.id]
    assert await found(days=1) == []
    assert await found(days=3) == [first.id, second.id]


# -- Files ---------------------------------------------------------------------------


async def test_no_cell_of_the_file_is_a_formula(small_court: Court) -> None:
    for place, text in enumerate(HOSTILE):
        await by_rider(
            small_court, 930_000_000 + place, story=text + " 运费", place=text, wish=text, amount=320_050
        )
    async with ledger(small_court) as seen:
        made = await seen.export(ALL, "xlsx")
        content = (await files.read(seen._work, made.key)).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == made.lines == len(HOSTILE)
    assert not [cell.coordinate for row in rows for cell in row if cell.data_type == "f"]
    headers = [cell.value for cell in sheet[1]]
    stories = {row[headers.index("经过")].value for row in rows}
    assert {story.split(" ")[0] for story in stories} >= {"+1+1", "-2", "@SUM(A1)", "'=1"}
    assert all(isinstance(row[headers.index("提交于")].value, datetime) for row in rows)
    assert all(isinstance(row[headers.index("下一个期限")].value, datetime) for row in rows)
    assert rows[0][headers.index("金额（元）")].value == 3200.5
    assert rows[0][headers.index("提交于")].value == datetime(2026, 5, 13, 14, 20)  # noqa: DTZ001


async def test_the_same_as_csv(small_court: Court) -> None:
    await small_court.file(story="=1+1 运费")
    async with ledger(small_court) as seen:
        made = await seen.export(ALL, "csv")
        content = (await files.read(seen._work, made.key)).content
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["经过"] == "'=1+1 运费"
    assert row["提交于"] == "2026-05-13 14:20:00"
    assert row["导出标记"].startswith("#1 · ")


async def test_every_export_is_marked_and_logged(small_court: Court) -> None:
    await small_court.file()
    async with ledger(small_court) as seen:
        made = [await seen.export(ALL, ending) for ending in MIMES]
        logged = await seen._work.fetch(
            sa.select(tables.audit.c.entry).where(tables.audit.c.entry.contains("appeals.exported"))
        )
        assert not (await audit.verify(seen._work)).flaws
        kept = await files.read(seen._work, made[0].key)
    assert [one.number for one in made] == [1, 2]
    assert len(logged) == 2
    assert f'"actor":{small_court.persons[ORGANIZER]}' in logged[0].entry
    assert files.hash_of(kept.content) in logged[0].entry
    assert "平台欠我运费" not in logged[0].entry


async def test_no_file_tells_who_wrote(small_court: Court) -> None:
    await small_court.file(RIDERS[0], contact="13800000000")
    async with ledger(small_court) as seen:
        made = await seen.export(ALL, "csv")
        content = (await files.read(seen._work, made.key)).content.decode("utf-8-sig")
    assert "13800000000" not in content
    assert str(RIDERS[0]) not in content


# -- Figures -------------------------------------------------------------------------


async def test_a_week_in_figures(court: Court) -> None:
    start = court.now
    appeals = await filed(court, 6)
    await court.wait(hours=1)
    for appeal in appeals[:5]:
        await solved(court, appeal)
    for place in range(5):
        async with court.at(920_000_000 + place) as me:
            await me.tell(await (me.appeals.confirm if place else me.appeals.reopen)(appeals[place].id))
    async with court.work() as work:
        made = await report.made(work, EVERYWHERE, start, court.now + timedelta(days=1))
    whole = made.whole
    assert (whole.received, whole.solved, whole.waiting) == (6, None, None)  # 4 and 2: too few to tell
    assert whole.solved_share == pytest.approx(4 / 6)
    assert made.on_time_share == 1.0
    assert made.reopened_share == pytest.approx(1 / 5)
    assert whole.median_hours is None


async def test_nothing_about_fewer_than_five_is_told(small_court: Court) -> None:
    start = small_court.now
    for kind, count in (("pay", 6), ("gate", 7), ("other", 2)):
        for number in range(count):
            await by_rider(small_court, 940_000_000 + number, kind=kind)
    async with small_court.work() as work:
        made = await report.made(work, EVERYWHERE, start, small_court.now + timedelta(days=1))
    assert made.whole.received == 15
    assert list(made.kinds) == ["gate", "pay", "other"]
    # 15 less 7 less 6 would tell that there are 2 of the third: so the second is not told, either.
    assert [figures.received for figures in made.kinds.values()] == [7, None, None]
    assert FEWEST_TOLD == 5


async def test_a_case_of_many_counts_for_each_of_its_people(court: Court) -> None:
    start = court.now
    appeals = await filed(court, 6, kind="gate")
    async with court.at(ORGANIZER) as organizer:
        case = await organizer.tell(
            await organizer.cases.merge([one.id for one in appeals], "小区不让骑手进")
        )
    await court.wait(hours=1)
    await solved(court, case)
    async with court.work() as work:
        made = await report.made(work, EVERYWHERE, start, court.now + timedelta(days=1))
    assert (made.whole.received, made.whole.solved, made.whole.waiting) == (6, 6, 0)
    assert made.whole.median_hours == pytest.approx(1)


async def test_who_took_theirs_back_is_not_counted_with_the_case(court: Court) -> None:
    """The case was solved later, and they would have been solved with it."""
    start = court.now
    appeals = await filed(court, 6, kind="gate")
    async with court.at(ORGANIZER) as organizer:
        case = await organizer.tell(
            await organizer.cases.merge([one.id for one in appeals], "小区不让骑手进")
        )
    async with court.at(920_000_000) as me:
        await me.appeals.withdraw(appeals[0].id)
    await court.wait(hours=1)
    await solved(court, case)
    async with court.work() as work:
        made = await report.made(work, EVERYWHERE, start, court.now + timedelta(days=1))
    assert (made.whole.received, made.whole.solved, made.whole.waiting) == (6, 5, 0)


async def test_a_case_that_is_closed_by_now_was_solved_in_its_week(court: Court) -> None:
    """A season of two thousand appeals found it: its people, merged weeks before, had dropped out."""
    appeals = await filed(court, 6, kind="gate")
    async with court.at(ORGANIZER) as organizer:
        case = await organizer.tell(
            await organizer.cases.merge([one.id for one in appeals], "小区不让骑手进")
        )
    await court.wait(days=8)
    start = court.now
    async with court.at(TOP) as top:
        await top.tell(await top.desk.solve(case.id, "办好了"))
    await court.wait(days=60)  # nobody says anything: it closes
    async with court.work() as work:
        made = await report.made(work, EVERYWHERE, start, start + timedelta(days=7))
    assert (made.whole.solved, made.whole.waiting) == (6, 0)


async def test_an_empty_week_is_told_as_one(small_court: Court) -> None:
    async with small_court.work() as work:
        made = await report.made(work, EVERYWHERE, small_court.now, small_court.now + timedelta(days=7))
    assert (made.whole.received, made.whole.solved, made.kinds, made.desks) == (0, 0, {}, {})
    assert made.on_time_share is None


# -- Reports that come by themselves ---------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "now", "at", "start", "end"),
    [
        ("weekly", "2026-05-13T14:20", "2026-05-18T09:00", "2026-05-11", "2026-05-18"),
        ("weekly", "2026-05-18T08:59", "2026-05-18T09:00", "2026-05-11", "2026-05-18"),
        ("weekly", "2026-05-18T09:00", "2026-05-25T09:00", "2026-05-18", "2026-05-25"),
        ("monthly", "2026-05-13T14:20", "2026-06-01T09:00", "2026-05-01", "2026-06-01"),
        ("monthly", "2026-12-31T23:00", "2027-01-01T09:00", "2026-12-01", "2027-01-01"),
    ],
)
def test_when_a_report_comes_and_what_it_is_of(sent: Any, now: str, at: str, start: str, end: str) -> None:
    asked = datetime.fromisoformat(f"{now}+08:00")
    comes = next_at(sent, asked)
    assert comes == datetime.fromisoformat(f"{at}+08:00")
    assert [one.date().isoformat() for one in period(sent, comes)] == [start, end]


async def test_reports_are_switched_on_and_off(small_court: Court) -> None:
    async with small_court.work() as work:
        person = (await welcome(work, {ORGANIZER: "zh"}, "zh_CN"))[ORGANIZER]
        subscriptions = Subscriptions(work, person)
        assert await subscriptions.wanted() == set()
        assert await subscriptions.switch("weekly")
        assert await subscriptions.switch("monthly")
        assert await subscriptions.wanted() == {"weekly", "monthly"}
        assert not await subscriptions.switch("weekly")
        assert await subscriptions.wanted() == {"monthly"}


async def test_who_organizes_no_more_gets_no_more_reports(court: Court) -> None:
    async with court.work() as work:
        person = (await welcome(work, {ORGANIZER: "zh"}, "zh_CN"))[ORGANIZER]
        await Subscriptions(work, person).switch("weekly")
        (grant,) = await grants.of(work, person.id)
        assert await grants.revoke(work, grant.id, court.persons[100])
    court.now += timedelta(days=7)
    async with court.work() as work:
        claimed = await claim(work, "clock", 5, ["appeal_report"])
        (thing,) = await hold(work, "clock", [one.id for one in claimed])
        assert await due_now(work, thing, court.handbook.rules) is None
        assert await Subscriptions(work, person).wanted() == set()

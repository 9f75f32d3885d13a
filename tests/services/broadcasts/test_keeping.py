"""A month later the rows of a broadcast are forgotten: its report still says what it said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.clock.tidy import KEEP_REPORTS, plan_tidying, tidying
from bot.dialogs import serving
from bot.dialogs.broadcast_words import DRAWS, report
from bot.i18n import speaking
from bot.services.broadcasts.model import Report
from bot.services.outbox import DEAD
from bot.services.presses import short
from bot.store.tables import broadcast_runs, broadcast_taps
from bot.talk import says
from tests.clock.once import work_off
from tests.services.broadcasts.conftest import BUTTON, HELLO, Office

A_MONTH = KEEP_REPORTS + timedelta(hours=2)


async def tidy(office: Office) -> None:
    """The clock forgets what is old."""
    async with office.city.work() as work:
        await plan_tidying(work)
    await work_off(office.city.database, [tidying(serving.lapsed)], office.now)


async def ended(office: Office) -> int:
    """A broadcast to a branch and a group: one tapped, one failed, one joined late."""
    accounts = await office.riders(6)
    await office.group(-5)
    number = await office.started("all to:both", content=replace(HELLO, buttons=(BUTTON,)))
    await office.send(6)
    await office.send(state=DEAD)
    async with office.desk(accounts[0]) as desk:
        await desk.tap(f"{short(number)}-0")
    office.city.now += timedelta(seconds=2)
    await office.rider(99)
    await office.work_off()
    return number


async def said(office: Office, number: int, locale: str) -> Report:
    """The report in a language."""
    with speaking(locale):
        return await office.report(number)


async def test_the_report_outlasts_its_rows(office: Office) -> None:
    """Nobody had got it any more, and everybody had joined after it started."""
    number = await ended(office)
    before = {locale: await said(office, number, locale) for locale in ("zh_CN", "en")}
    office.city.now += A_MONTH
    await tidy(office)
    assert await office.waiting() == []
    async with office.city.work() as work:
        assert await work.fetch(sa.select(broadcast_taps)) == []
    for locale, told in before.items():
        assert (told.late, told.tapped, len(told.branches), len(told.groups)) == (1, 1, 1, 1)
        assert await said(office, number, locale) == replace(told, is_final=True)


async def test_what_is_forgotten_is_not_tried_again(office: Office) -> None:
    number = await ended(office)
    labels = [button.label for row in await drawn(office, number) for button in row]
    assert any("重发" in label for label in labels)
    office.city.now += A_MONTH
    await tidy(office)
    labels = [button.label for row in await drawn(office, number) for button in row]
    assert not any("重发" in label for label in labels)
    async with office.desk() as desk:
        assert await desk.retry(number, DRAWS) == 0


async def drawn(office: Office, number: int) -> Sequence[Sequence[says.Button]]:
    """The buttons under the report."""
    told = await said(office, number, "zh_CN")
    with speaking("zh_CN"):
        return report(await office.get(number), told).rows


async def test_one_that_was_paused_for_weeks_keeps_its_rows_until_it_is_over(office: Office) -> None:
    await office.riders(3)
    number = await office.started()
    await office.send(1)
    async with office.desk() as desk:
        await desk.pause(number)
    office.city.now += A_MONTH
    await tidy(office)
    seen = await office.progress(number)
    assert (seen.sent, seen.waiting) == (1, 2)


async def test_numbers_that_an_earlier_release_kept_are_all_that_is_said(office: Office) -> None:
    number = await ended(office)
    async with office.city.work() as work:
        await work.execute(sa.text("DELETE FROM outbox"))
        await work.execute(sa.delete(broadcast_runs))
    told = await office.report(number)
    assert (told.progress.sent, told.late, told.branches, told.is_final) == (6, 0, (), True)

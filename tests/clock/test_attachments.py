"""Who sent something that could not be kept reads what was wrong with it, and what to do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.clock.attachments import receiving
from bot.dialogs.attachment_words import TOLD_ON_THEIR_SCREEN, refused
from bot.services import attachments, outbox
from bot.services.attachments import Attachments
from bot.services.people import welcome
from bot.services.rosters.rows import PURPOSE as ROSTER
from bot.store.tables import attachments as table
from bot.talk import hears
from tests.clock.conftest import Stand
from tests.conftest import BOT

MIB = 1024 * 1024


async def send(
    stand: Stand, size: int = 1, purpose: str = "appeal", why: str = "", language: str = "en"
) -> None:
    """Somebody sends a film; the fetcher may refuse it."""
    async with stand.database.work(BOT, stand.now) as work:
        person = (await welcome(work, {5: language}, "zh_CN"))[5]
        await Attachments(work, person).take(hears.File("f1", "IMG_2.MOV", size=size), purpose)
        for wanted in await attachments.claim(work, 1) if why else ():
            await attachments.note_refused(work, wanted, why)
            await attachments.note_refused(work, wanted, why)


async def told(stand: Stand) -> list[str]:
    """What they read, once the clock came round."""
    await stand.clock(receiving(refused, TOLD_ON_THEIR_SCREEN)).work_off()
    return await stand.said()


async def test_an_iphones_film_is_not_refused_without_a_word(stand: Stand) -> None:
    """A .mov with a track of places was dropped, and who sent it believed that the desk had it."""
    await send(stand, why=attachments.TELLS_PLACE)
    (said,) = await told(stand)
    assert said.startswith("⚠️ IMG_2.MOV was not kept.")
    assert "as a photo or video" in said
    assert "What you wrote has arrived" in said


async def test_they_read_it_in_their_language(stand: Stand) -> None:
    await send(stand, why=attachments.TELLS_PLACE, language="zh-hans")
    (said,) = await told(stand)
    assert "拍摄地点" in said


@pytest.mark.parametrize("why", [attachments.TELLS_PLACE, attachments.NO_PICTURE, attachments.GONE])
async def test_every_reason_has_its_words(stand: Stand, why: str) -> None:
    await send(stand, why=why)
    assert len(await told(stand)) == 1


async def test_what_is_too_big_is_said_without_fetching_it(stand: Stand) -> None:
    await send(stand, size=21 * MIB)
    (said,) = await told(stand)
    assert "larger than 20 MB" in said


async def test_the_way_back_stands_below(stand: Stand) -> None:
    await send(stand, why=attachments.GONE)
    await stand.clock(receiving(refused, TOLD_ON_THEIR_SCREEN)).work_off()
    async with stand.database.work(BOT, stand.now) as work:
        (row,) = await outbox.claim(work, "anybody", 100)
    assert "appeals" in str(row.body["rows"])


async def test_a_list_of_people_says_it_on_its_own_screen(stand: Stand) -> None:
    await send(stand, purpose=ROSTER, why=attachments.GONE)
    assert await told(stand) == []


async def test_who_was_forgotten_meanwhile_hears_nothing(stand: Stand) -> None:
    await send(stand, why=attachments.GONE)
    async with stand.database.work(BOT, stand.now) as work:
        await work.execute(sa.delete(table))
    assert await told(stand) == []

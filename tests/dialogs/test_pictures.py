"""Pictures and files out of nowhere: all of an album goes along, and one question is asked about it."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.dialogs import everything
from bot.services.incoming import Incoming, What
from bot.services.stations.board import StationBoard
from bot.store.database import Database
from bot.store.tables import attachments, hazard_reports
from bot.talk import hears
from tests.conftest import BOT
from tests.transcript import Player

ALBUM = [
    hears.Photo(f"photo-{number}", "欠我运费两个月了" if number == 0 else "", "album") for number in range(4)
]


class Sender(Player):
    """Somebody who sends more than a terminal can."""

    numbers = itertools.count(9000)

    async def send(self, *events: What) -> str:
        """Send all of it at once; gives what is said then."""
        self.lines.clear()
        sent = [
            Incoming(next(self.numbers), self.chat, self.account, one, True, self.language) for one in events
        ]
        await self._intake.play(sent)
        return "\n".join(self.lines)

    async def say_all(self, *lines: str) -> list[str]:
        """Say or tap these, one after the other; gives what is said to the last."""
        for line in lines:
            self.lines.clear()
            await self.say(line)
        return self.lines

    async def kept(self) -> list[str]:
        """What is kept of what was sent, by its file at the channel."""
        async with self.database.work(BOT, self.now) as work:
            return sorted(row.channel_file for row in await work.fetch(sa.select(attachments)))


@pytest.fixture
def player(sqlite: Database, board: StationBoard, now: datetime) -> Sender:
    """Somebody who reads Chinese."""
    return Sender(sqlite, everything(), board, now)


async def test_an_album_is_asked_about_once_and_all_of_it_goes_along(player: Sender) -> None:
    said = await player.send(*ALBUM)
    assert said.count("[📮 我碰上的事，提诉求]") == 1
    await player.say("[📮 我碰上的事，提诉求]")
    await player.say("[💰 欠薪欠运费]")
    assert "收到 4 份" in "\n".join(player.lines)
    await player.say_all("[✓ 就这些]", "[跳过]", "[跳过]", "[跳过]", "[✓ 提交]")
    assert await player.kept() == [f"photo-{number}" for number in range(4)]


async def test_an_album_that_comes_one_by_one_is_still_one(player: Sender) -> None:
    said = [await player.send(one) for one in ALBUM]
    assert said[0]
    assert said[1:] == ["", "", ""]
    await player.say("[📮 我碰上的事，提诉求]")
    await player.say("[💰 欠薪欠运费]")
    assert "收到 4 份" in "\n".join(player.lines)


async def test_a_place_is_shown_by_the_first_picture(player: Sender) -> None:
    await player.send(*ALBUM)
    await player.say("[⚠️ 路上有危险，报一下]")
    await player.say("李家沱")
    await player.say("[💡 路灯]")
    async with player.database.work(BOT, player.now) as work:
        (row,) = await work.fetch(sa.select(hazard_reports.c.attachment))
    assert row.attachment is not None
    assert await player.kept() == ["photo-0"]


async def test_a_file_is_asked_about_as_a_picture_is(player: Sender) -> None:
    said = await player.send(hears.File("file-1", "工资条.pdf"))
    assert "文件收到了" in said
    assert "路上有危险" not in said
    await player.send(hears.File("file-2", "合同.pdf"), hears.Photo("photo-1"))
    said = await player.send(hears.Text("站点欠我两个月工资三千块"))
    assert "收到 3 份" in said
    assert "欠薪欠运费" in "\n".join(await player.say_all("[✓ 就这些]", "[跳过]"))


async def test_words_about_something_else_are_answered(player: Sender) -> None:
    await player.send(hears.Photo("photo-1"))
    assert "都和广场" in await player.send(hears.Text("李家沱哪里能充电"))


async def test_words_that_may_belong_to_it_are_kept(player: Sender) -> None:
    await player.send(hears.Photo("photo-1"))
    assert "记下了" in await player.send(hears.Text("你看看这个嘛"))
    await player.say_all("[📮 我碰上的事，提诉求]", "[💬 别的事]", "[✓ 就这些]", "[跳过]", "[跳过]", "[跳过]")
    assert "你看看这个嘛" in "\n".join(player.lines)


async def test_a_voice_message_is_the_story(player: Sender) -> None:
    assert "🎤" in await player.send(hears.Voice("voice-1", 12))
    await player.say("[📮 我碰上的事，提诉求]")
    await player.say("[💬 别的事]")
    assert "怎么回事" not in "\n".join(player.lines)


async def test_a_file_that_tells_a_place_is_sent_back(player: Sender) -> None:
    assert "发" in (said := await player.send(hears.File("file-1", "IMG_1.HEIC")))
    assert "[📮" not in said


async def test_a_button_counts_after_an_album_that_was_of_no_use(player: Sender) -> None:
    """Its later pictures are answered with nothing, so they must not make the buttons old."""
    await player.send(hears.Text("提醒我明早八点交班"))
    await player.send(*[hears.File(f"file-{number}", "a.pdf", album="album") for number in range(3)])
    assert "那" not in "\n".join(await player.say_all("[✓ 对]"))
    assert "记下了" in "\n".join(player.lines)

"""Said freely: what is counted of corrections, whose buttons count, and what is said in groups."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.dialogs import everything, meaning, meanings
from bot.services.incoming import Incoming, Press
from bot.services.stations.board import StationBoard
from bot.services.understanding import INTENTS, NONE
from bot.store.database import Database
from bot.store.tables import conversations, corrections
from bot.talk import hears
from bot.talk.dialog import Scene
from tests.transcript import Player
from tests.understood import understood


class Talker(Player):
    """Somebody who types, and taps what is no longer shown."""

    async def tap(self, data: str, at: int | None = None) -> None:
        """Tap a button by what it carries."""
        self.lines.clear()
        private = self.chat == self.account
        update = next(self._updates)
        tapped = Incoming(update, self.chat, self.account, Press(data, "q"), private, self.language, at)
        await self._intake.play([tapped])


@pytest.fixture
def player(sqlite: Database, board: StationBoard, now: datetime) -> Talker:
    """Somebody who reads Chinese."""
    return Talker(sqlite, everything(), board, now)


async def counted(player: Talker) -> list[tuple[str, str, int]]:
    async with player.database.transaction() as connection:
        rows = await connection.execute(sa.select(corrections).order_by(corrections.c.meant))
        return [(row.intent, row.meant, row.times) for row in rows]


def test_every_intent_leads_somewhere() -> None:
    assert set(meanings.names()) == set(INTENTS) - {NONE}


async def test_corrections_are_counted_and_no_word_of_them(player: Talker) -> None:
    for _ in range(2):
        await player.say("李家沱哪里能热个盒饭")
        await player.say("[↺ 不是这个]")
        await player.say("[📮 提诉求]")
        await player.say("/cancel")
    assert await counted(player) == [("find_station", "", 2), ("find_station", "file_appeal", 2)]
    async with player.database.transaction() as connection:
        rows = await connection.execute(sa.select(conversations.c.journal))
        assert "盒饭" not in str(rows.all())


async def test_an_old_button_corrects_nothing(player: Talker) -> None:
    """It stood under another sentence; the one that is open now was understood well."""
    await player.say("李家沱哪里能充电")
    old = player.terminal.shown[-1]
    data = next(button["data"] for button in old.buttons() if button["label"] == "↺ 不是这个")
    await player.say("来一节微课")
    await player.tap(data, old.number)
    assert player.lines == ["! 那是之前的了，直接再说一遍就行。"]
    assert await counted(player) == []


async def test_a_button_for_the_other_wish_that_comes_too_late_says_so(player: Talker) -> None:
    """It stood under a list that gave way to another; its words are not known any more."""
    await player.say("李家沱哪里能充电？八点提醒我取货")
    old = player.terminal.shown[-1]
    data = next(button["data"] for button in old.buttons() if button["label"] == "➕ 接着：⏰ 设提醒")
    await player.say("来一节微课")
    await player.tap(data, old.number)
    assert player.lines == ["! 那是之前的了，直接再说一遍就行。"]


async def test_a_reminder_said_in_one_breath_waits_while_a_list_is_looked_at(player: Talker) -> None:
    """It had no answer yet, so it was dropped without a word when something else was opened."""
    await player.say("明天八点提醒我取货")
    await player.say("/stations 李家沱")
    player.lines.clear()
    await player.say("[▶ 接着写]")
    assert any("取货" in line for line in player.lines)


@pytest.mark.parametrize("intent", ["find_station", "none", "", "x" * 60, "'; DROP TABLE corrections"])
async def test_forged_corrections_count_nothing(player: Talker, intent: str) -> None:
    await player.say("/start")
    await player.tap(f"a:not_this:{intent}"[:64])
    assert await counted(player) == []


async def test_what_was_entered_survives_a_correction(player: Talker) -> None:
    await player.say("我要提诉求")
    button = player.terminal.shown[-1]
    data = next(each["data"] for each in button.buttons() if each["label"] == "↺ 不是这个")
    await player.say("[💬 别的事]")
    await player.tap(data, button.number)
    assert any("写了一半" in line for line in player.lines)


async def test_in_a_group_small_talk_and_riddles_are_left_alone(player: Talker) -> None:
    player.chat = -2001
    for words in ("谢谢啊", "今天好累", "投诉电话"):
        player.lines.clear()
        await player.say(words)
        assert player.lines == ["", f"> {words}"]


async def test_danger_is_answered_where_it_is_told(player: Talker) -> None:
    player.chat = -2001
    await player.say("着火了，快来人")
    assert any("119" in line for line in player.lines)


@pytest.mark.parametrize(
    ("words", "buttons"),
    [
        ("着火了，快来人", []),
        ("他拿着刀要砍我", []),
        ("被车撞了，流血不止", ["✍️ 等人没事了，再写诉求"]),
        ("我不想活了", ["💬 心里难受的时候"]),
    ],
)
async def test_in_danger_no_form_comes_between(player: Talker, words: str, buttons: list[str]) -> None:
    """Who called for help used to be asked whether they want to write an appeal."""
    await player.say(words)
    assert [button["label"] for button in player.terminal.shown[-1].buttons()] == buttons
    async with player.database.transaction() as connection:
        waiting = (await connection.execute(sa.select(conversations.c.parked))).scalars().all()
    # Nothing is open; what was told of an injury waits, put aside, under its button.
    assert list(waiting) == ([True] if "流血" in words else [])


async def test_an_answer_with_the_words_of_a_search_is_an_answer(player: Talker) -> None:
    """换电池 is a task here, and no station is shown."""
    await player.say("提醒我")
    player.lines.clear()
    await player.say("换电池")
    assert "什么时候" in "\n".join(player.lines)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("明早8点提醒我换电池", "⏰"),
        ("lijiatuo fujin you yizhan ma", "📍"),
        ("接着上次那节课", "📚"),
        ("我还有多少积分", "⭐"),
        ("等一下，先看看我的提醒", "⏰"),
    ],
)
async def test_what_is_asked_outright_is_no_part_of_a_story(player: Talker, words: str, shown: str) -> None:
    """It used to be added to what shows that wages are owed."""
    await player.say("老板欠我三千二工资半个月了")
    player.lines.clear()
    await player.say(words)
    assert player.lines[2].startswith(f"< {shown}")
    assert any("写了一半" in line for line in player.lines)


@pytest.mark.parametrize(
    "words",
    [
        "附近一个充电的地方都没有",
        "他每次都说明天给",
        "保安每天早上八点都拦我",
        "我也投诉过，没用",
        "站长说扣积分",
    ],
)
async def test_a_story_goes_on(player: Talker, words: str) -> None:
    await player.say("老板欠我三千二工资半个月了")
    player.lines.clear()
    await player.say(words)
    assert "加上了" in player.lines[2]


def test_what_is_written_for_others_may_speak_of_anything() -> None:
    """A broadcast on a lesson used to open that lesson."""
    scene = Scene(dialog="new_broadcast")
    text = hears.Text("来一节微课：十分钟学会防骗")
    assert meaning.route(text, scene, _Reads()) is None
    assert meaning.route(text, Scene(), _Reads()) is not None


class _Reads:
    """Services that only understand."""

    appeals = stations = None

    class understanding:  # noqa: N801 - a service by its name
        """Reads with what was learnt."""

        read = staticmethod(understood)

        @staticmethod
        def danger(_text: str) -> None:
            """Nobody is in danger."""

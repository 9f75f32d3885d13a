"""A lesson survives whatever comes between: it always goes on at exactly the place where it was left."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogs import everything
from bot.services.incoming import Incoming, Press, What
from bot.services.lessons.cards import MAX_CARDS
from bot.services.lessons.desk import ROUND
from bot.services.lessons.shelf import read_shelf
from bot.services.stations.board import StationBoard
from bot.settings import ROOT
from bot.store.database import Database, sqlite_url
from bot.store.tables import lesson_answers, lesson_places, review_cards
from bot.talk import hears
from bot.terminal import Shown
from tests.conftest import NOW
from tests.transcript import BOT, Player, small_content
from tests.understood import understood

LESSON = "first_hour"
# A card, another, a question of order in every state, a question in every state.
WALK = ["", "下一张 ›", "下一张 ›", "A", "B", "C", "B", "↺ 重来", "B", "A", "C", "下一张 ›", "A", "B"]
LEAVING = ("全部微课", "学完", "来单了", "🧾", "💊", "↗")


class Learner(Player):
    """Takes lessons in the chat and sees what stands there."""

    @property
    def screen(self) -> Shown:
        """The lesson's message as it stands now: the latest one of a lesson."""
        return next(one for one in reversed(self.terminal.shown) if one.body.get("text", "").startswith("📘"))

    @property
    def seen(self) -> tuple[str, list[str]]:
        """What the lesson's message says, and its buttons but for the one that corrects."""
        labels = [button["label"] for button in self.screen.buttons()]
        return self.screen.body["text"], [label for label in labels if label != "↺ 不是这个"]

    async def tap(self, label: str) -> None:
        """Tap a button of the lesson's message."""
        data = next(button["data"] for button in self.screen.buttons() if button["label"] == label)
        await self.send(Press(data, "q"), self.screen.number)

    async def send(self, what: What, tapped: int | None = None) -> None:
        """Whatever a chat can bring, such as a tap on a button that is no longer shown."""
        incoming = Incoming(next(self._updates), self.chat, self.account, what, True, self.language, tapped)
        await self._intake.play([incoming])
        await self._deliver_notices()

    def restart(self) -> None:
        """Begin anew as after a crash: the chat stands as it is, the process knows only the database."""
        updates, numbers, terminals = self._updates, self._numbers, self._terminals
        self.__post_init__()
        self._updates, self._numbers, self._terminals = updates, numbers, terminals


Between = Callable[[Learner], Awaitable[None]]


async def _command(learner: Learner) -> None:
    await learner.say("/stations 李家沱")


async def _words(learner: Learner) -> None:
    await learner.say("李家沱 充电")


async def _nonsense(learner: Learner) -> None:
    await learner.say("<b>**[x](tg://user?id=1)" + "🔋" * 500)


async def _sticker(learner: Learner) -> None:
    await learner.send(hears.Other())


async def _location(learner: Learner) -> None:
    await learner.say("📍 29.4740, 106.5487")


async def _cancel(learner: Learner) -> None:
    await learner.say("/cancel")


async def _restart(learner: Learner) -> None:
    learner.restart()


async def _days(learner: Learner) -> None:
    learner.now += timedelta(days=2)


async def _order(learner: Learner) -> None:
    await learner.tap("⏸ 来单了")


async def _language(learner: Learner) -> None:
    for locale in ("en", "zh_CN"):
        await learner.send(Press(f"a:speak:{locale}", "q"))


async def _another_lesson(learner: Learner) -> None:
    await learner.say("/start lesson_safe")


async def _stale(learner: Learner) -> None:
    first = next(one for one in learner.terminal.shown if one.body.get("text", "").startswith("📘"))
    conversation = next(button["data"] for button in learner.screen.buttons()).split(":")[1]
    await learner.send(Press(f"t:{conversation}:0:0", "q"), first.number)


BETWEEN: list[Between] = [
    _command,
    _words,
    _nonsense,
    _sticker,
    _location,
    _cancel,
    _restart,
    _days,
    _order,
    _language,
    _another_lesson,
    _stale,
]


async def _by_link(learner: Learner) -> None:
    await learner.say(f"/start lesson_{LESSON}")


async def _by_button(learner: Learner) -> None:
    await learner.send(Press(f"a:lesson:{LESSON}", "q"))


async def _by_list(learner: Learner) -> None:
    await learner.say("📚 今日微课")
    await learner.say("1")


async def _by_name(learner: Learner) -> None:
    await learner.say(f"/learn {LESSON}")


BACK: list[Between] = [_by_link, _by_button, _by_list, _by_name]


@pytest.fixture
def learner(sqlite: Database, board: StationBoard, now: datetime) -> Learner:
    """Somebody who reads Chinese."""
    return Learner(sqlite, everything(), board, now)


async def test_a_lesson_goes_on_where_it_was_at_every_step(learner: Learner) -> None:
    await _by_link(learner)
    turn = 0
    for step in WALK:
        if step:
            await learner.tap(step)
        for between in BETWEEN:
            before = learner.seen
            await between(learner)
            await BACK[turn % len(BACK)](learner)
            turn += 1
            assert learner.seen == before, (step, between.__name__)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(BETWEEN), st.sampled_from(BACK)), max_size=12))
@settings(max_examples=15, deadline=None)
def test_a_lesson_goes_on_where_it_was_on_any_way(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    board: StationBoard,
    steps: list[tuple[int, Between, Between]],
) -> None:
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("lesson") / "any.sqlite"))

    async def play() -> None:
        database = Database(sqlite_url(path))
        learner = Learner(database, everything(), board, NOW)
        await _by_link(learner)
        for choice, between, back in steps:
            labels = [label for label in learner.seen[1] if not any(word in label for word in LEAVING)]
            await learner.tap(labels[choice % len(labels)])
            before = learner.seen
            await between(learner)
            await back(learner)
            assert learner.seen == before
        await database.close()

    asyncio.run(play())


async def test_going_on_by_words(learner: Learner) -> None:
    await _by_link(learner)
    await learner.tap("下一张 ›")
    before = learner.seen
    for words in ("接着上次的", "继续学", "go on"):
        await learner.say("/menu")
        await learner.say("/stations 李家沱")
        await learner.say(words)
        assert learner.seen == before


async def test_a_double_tap_goes_one_card_further(learner: Learner) -> None:
    await _by_link(learner)
    data = next(button["data"] for button in learner.screen.buttons() if button["label"] == "下一张 ›")
    for _ in range(2):
        await learner.send(Press(data, "q"), learner.screen.number)
    assert " 2/4 " in learner.seen[0]


async def test_the_place_is_the_same_in_another_language(learner: Learner) -> None:
    await _by_link(learner)
    await learner.tap("下一张 ›")
    await learner.send(Press("a:speak:en", "q"))
    assert learner.seen[0].startswith("📘 The first hour\n▰▰▱▱ 2/4")


async def test_a_place_is_kept_by_its_key_when_the_text_changes(
    learner: Learner, sqlite: Database, board: StationBoard, tmp_path: Path
) -> None:
    await _by_link(learner)
    await learner.tap("下一张 ›")
    changed = Path(shutil.copytree(small_content(), tmp_path / "content"))
    for name in ("zh_CN.md", "en.md"):
        path = changed / "lessons" / LESSON / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\n## ", "\n## New {#new}\n\nNew.\n\n## ", 1), encoding="utf-8")
    learner.shelf = read_shelf(changed)
    learner.restart()
    await _by_link(learner)
    assert " 3/5 " in learner.seen[0]
    assert "救人\n" in learner.seen[0]


async def test_a_card_that_is_gone_gives_way_to_the_one_in_its_turn(learner: Learner, tmp_path: Path) -> None:
    await _by_link(learner)
    await learner.tap("下一张 ›")
    changed = Path(shutil.copytree(small_content(), tmp_path / "content"))
    for name in ("zh_CN.md", "en.md"):
        path = changed / "lessons" / LESSON / name
        path.write_text(path.read_text(encoding="utf-8").replace("{#help}", "{#other}"), encoding="utf-8")
    learner.shelf = read_shelf(changed)
    learner.restart()
    await _by_link(learner)
    assert " 2/4 " in learner.seen[0]


async def test_a_lesson_that_was_taken_away_ends_with_a_sentence(learner: Learner, tmp_path: Path) -> None:
    await _by_link(learner)
    changed = Path(shutil.copytree(small_content(), tmp_path / "content"))
    shutil.rmtree(changed / "lessons" / LESSON)
    learner.shelf = read_shelf(changed)
    learner.restart()
    await learner.tap("下一张 ›")
    assert learner.lines[-1].startswith(("~ 📚", "< 📚"))


async def _finish(learner: Learner) -> None:
    for step in ("下一张 ›", "下一张 ›", "B", "A", "C", "下一张 ›", "A", "B", "学完 ✓"):
        await learner.tap(step)


async def test_only_the_very_first_answer_is_counted(learner: Learner, sqlite: Database) -> None:
    await _by_link(learner)
    await _finish(learner)
    await _by_link(learner)
    await _finish(learner)
    async with sqlite.work(BOT, learner.now) as work:
        answers = await work.fetch(sa.select(lesson_answers).order_by(lesson_answers.c.question))
        places = await work.fetch(sa.select(lesson_places))
    assert [(row.question, row.right, row.chosen) for row in answers] == [
        ("q_call", False, [0]),
        ("q_order", True, [0, 1, 2]),
    ]
    assert [(row.state, row.finished_at is not None) for row in places] == [("done", True)]


async def test_taken_again_a_lesson_begins_at_its_beginning(learner: Learner) -> None:
    await _by_link(learner)
    await _finish(learner)
    await _by_link(learner)
    assert " 1/4 " in learner.seen[0]


async def test_what_was_finished_comes_back_for_review(learner: Learner, sqlite: Database) -> None:
    await _by_link(learner)
    await _finish(learner)
    learner.now += timedelta(days=1)
    await learner.say("/review")
    assert learner.lines[-1].startswith("< 🔁 复习 1/2")
    # What was not known comes first.
    for words in ("b", "[下一张 ›]", "b", "a", "c", "[下一张 ›]"):
        await learner.say(words)
    assert "2 题记得 2 题" in learner.lines[-1]
    async with sqlite.work(BOT, learner.now) as work:
        rows = await work.fetch(sa.select(review_cards))
    assert all(row.due_at > learner.now and (row.reviews, row.remembered) == (1, 1) for row in rows)


async def test_a_round_is_two_minutes_at_most(sqlite: Database, board: StationBoard, now: datetime) -> None:
    learner = Learner(sqlite, everything(), board, now, shelf=read_shelf(ROOT / "content"))
    rng = random.Random(7)
    for lesson in ("winter", "heat_work", "ebike_rules"):
        await learner.say(f"/start lesson_{lesson}")
        for _ in range(60):
            labels = [label for label in learner.seen[1] if label in ("下一张 ›", "✓ 就这些")]
            answers = [label for label in learner.seen[1] if label in "ABCDEF"]
            if "学完 ✓" in learner.seen[1]:
                await learner.tap("学完 ✓")
                break
            await learner.tap(rng.choice(labels or answers))
    learner.now += timedelta(days=1)
    await learner.say("/review")
    assert learner.lines[-1].startswith(f"< 🔁 复习 1/{ROUND}")


async def test_another_person_has_another_place(learner: Learner) -> None:
    await _by_link(learner)
    await learner.tap("下一张 ›")
    learner.chat = learner.account = 1002
    await _by_link(learner)
    assert " 1/4 " in learner.seen[0]


async def test_every_tap_is_one_edit(learner: Learner) -> None:
    await _by_link(learner)
    number = learner.screen.number
    for step in WALK[1:]:
        messages = len(learner.terminal.shown)
        await learner.tap(step)
        assert (learner.screen.number, len(learner.terminal.shown)) == (number, messages)


async def test_the_longest_lesson_is_one_edit_a_tap(learner: Learner, tmp_path: Path) -> None:
    long = Path(shutil.copytree(small_content(), tmp_path / "content"))
    cards = "\n\n".join(f"## Card {number} {{#card_{number}}}\n\nWords." for number in range(MAX_CARDS - 4))
    for name in ("zh_CN.md", "en.md"):
        path = long / "lessons" / LESSON / name
        front, gap, body = path.read_text(encoding="utf-8").partition("---\n\n")
        path.write_text(f"{front}{gap}{cards}\n\n{body}", encoding="utf-8")
    learner.shelf = read_shelf(long)
    learner.restart()
    await _by_link(learner)
    number = learner.screen.number
    for card in range(2, MAX_CARDS - 1):
        await learner.tap("下一张 ›")
        assert f" {card}/{MAX_CARDS} " in learner.seen[0]
        assert (learner.screen.number, len(learner.terminal.shown)) == (number, number)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("学一节电动车安全", "📘 电动车的规矩"),
        ("有没有电话的微课", "📘 有事找谁"),
        ("来个十分钟微课", "📚 今日微课"),
        ("start the e-bike lesson", "📘 电动车的规矩"),
        ("送餐摔了怎么报职业伤害", "❓ 受伤了怎么报职业伤害"),
        ("工资被拖欠了怎么办", "❓ 钱被拖欠怎么讨"),
        ("李家沱 充电", "📍 李家沱附近"),
        ("恐龙", "这个我不太会"),
    ],
)
async def test_words_lead_to_a_lesson_a_guide_a_station_or_the_menu(
    learner: Learner, words: str, begins: str
) -> None:
    await learner.say(words)
    assert learner.lines[-1].startswith(f"< {begins}")


@pytest.mark.parametrize(
    "words", ["每周三下午三点提醒我学习", "这周多少人学完微课了", "send everyone the heat lesson"]
)
def test_who_wants_something_done_wants_no_lesson(words: str) -> None:
    assert understood(words).intent not in ("start_lesson", "resume_lesson")


async def test_an_open_lesson_gives_way_to_what_is_asked(learner: Learner) -> None:
    """Its place is kept: the list of lessons offers to go on."""
    await _by_link(learner)
    await learner.say("我想学习")
    assert learner.lines[-1].startswith("< 📚")
    assert "[▶ 接着上次的" in learner.lines[-1]
    await learner.say("送餐摔了怎么报职业伤害")
    assert learner.lines[-1].startswith("< ❓")


@pytest.fixture
def reader(sqlite: Database, board: StationBoard, now: datetime) -> Learner:
    """Somebody who reads the real lessons and guides."""
    return Learner(sqlite, everything(), board, now, shelf=read_shelf(ROOT / "content"))


@pytest.mark.parametrize("command", ["/learn", "/guide"])
async def test_long_lists_are_shown_six_at_a_time(reader: Learner, command: str) -> None:
    """Twenty-one buttons with numbers used to stand below all the titles."""
    await reader.say(command)
    labels = [button["label"] for button in reader.terminal.shown[-1].buttons()]
    assert [label for label in labels if label.isdigit()] == ["1", "2", "3", "4", "5", "6"]
    await reader.say("[更多 ›]")
    labels = [button["label"] for button in reader.terminal.shown[-1].buttons()]
    assert [label for label in labels if label.isdigit()] == ["7", "8", "9", "10", "11", "12"]
    await reader.say("[‹ 返回]")
    assert "\n  1. " in reader.lines[-1]


async def test_a_source_that_nobody_verified_says_so(reader: Learner) -> None:
    await reader.say("/start guide_heat_allowance")
    sources = next(line for line in reader.lines[-1].splitlines() if "来源：" in line)
    assert "地方旧标准 2025（未核实）" in sources
    assert "防暑降温措施管理办法 89号 2012-06-29 ·" in sources
    assert "12333 人社热线 2026（" not in sources

"""What organizers read: figures in words, in both languages, with nothing in them that may not be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogs import ledger_words, solved_stories
from bot.i18n import LOCALES, speaking
from bot.services import people
from bot.services.appeals.digest import Digest, Theme
from bot.services.appeals.report import Figures, Part, Report, Tally, told
from bot.services.appeals.solved import SolvedStories
from bot.services.appeals.subscriptions import Sending
from bot.services.events.model import Event
from bot.services.notices import Notices, Recipient
from bot.services.presses import long
from bot.services.refusals import NotThere
from bot.store.database import Database
from bot.talk.dialog import Aside
from bot.talk.markup import parse
from tests.transcript import BOT, small_handbook

START = datetime(2026, 5, 10, 16, tzinfo=UTC)
END = START + timedelta(weeks=1)
TO = Recipient(1, 1, "zh_CN")
RULES = small_handbook().rules


def week() -> Report:
    """A week of some twenty appeals; the gate is about three people, and so is one desk."""
    pay = Part(14, 9, 6, (5.0, 20.0, 30.0, 31.0, 32.0, 33.0, 40.0, 50.0, 90.0))
    gate = Part(3, 1, 2, (70.0,))
    other = Part(6, 5, 1, (60.0, 80.0, 100.0, 110.0, 120.0))
    whole = Part(23, 15, 9, tuple(sorted((*pay.hours, *gate.hours, *other.hours))))
    desks = {("riders", "east-1"): pay, ("any", "city"): gate}
    return told(Tally(START, END, whole, 40, 38, 12, 3, {"pay": pay, "gate": gate, "other": other}, desks))


def text_of(content: Report | Digest, locale: str) -> str:
    names = {("riders", "east-1"): "East Riders' Desk", ("any", "city"): "City Main Desk"}
    with speaking(locale):
        return parse(ledger_words.drawn(Sending(TO, content, names), RULES).text.text).text


def test_the_week_in_chinese() -> None:
    assert text_of(week(), "zh_CN").splitlines()[:8] == [
        "📊 诉求周报 5月11日—5月17日",
        "",
        "📥 收到：23",
        "✅ 解决：15（办结率 62 %）",
        "⏳ 还在办：9",
        "🕗 按时率：95 %",
        "↩ 本人说没解决：25 %",
        "⌛ 一半在 2 天内解决",
    ]


def test_the_week_in_english() -> None:
    words = text_of(week(), "en")
    assert "✅ Solved: 15 (62 % of all that were open)" in words
    assert "· 💰 pay or freight owed: 9 solved, 6 open, half within 32 hours" in words
    assert "· 🚪 gate access: fewer than 5" in words


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_too_small_stands_in_no_word_and_no_picture(locale: str) -> None:
    """The gate's 3, 1 and 2, and the one next to it that would give them away."""
    report = week()
    assert report.kinds["gate"] == report.kinds["other"] == Figures(None, None, None, None, None)
    words = text_of(report, locale)
    assert "70" not in words
    assert "<5" not in words


@pytest.mark.parametrize("locale", LOCALES)
def test_the_month_names_themes_and_where_to_meet(locale: str) -> None:
    event = Event(7, "talk", "恳谈会 **x**", "", "", None, "", END, "Asia/Shanghai", 20, cancelled=False)
    themes = (Theme("gate", 12, "龙湖小区不让骑手进"), Theme("pay", 6))
    words = text_of(Digest(week(), themes, event), locale)
    assert "龙湖小区不让骑手进" in words
    assert "恳谈会 **x**" in words  # as it was written: a title formats nothing
    assert "12" in words
    with speaking(locale):
        (row,) = ledger_words.digest(Digest(week(), themes, event), RULES).rows
        assert [(button.action, long(button.object)) for button in row] == [("event", 7)]  # type: ignore[union-attr]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_picture_is_drawn_where_there_is_something_to_draw(locale: str) -> None:
    empty = told(Tally(START, END, Part(), 0, 0, 0, 0, {}, {}))
    with speaking(locale):
        picture = ledger_words.picture(week(), RULES)
        assert picture is not None
        assert picture.startswith(b"\x89PNG")
        assert ledger_words.picture(empty, RULES) is None


@pytest.mark.parametrize("argument", ["", "x", "zz!", "1.2", "-1", "9" * 40])
async def test_a_forged_answer_to_a_story_says_that_it_is_not_there(
    argument: str, sqlite: Database, now: datetime
) -> None:
    async with sqlite.work(BOT, now) as work:
        person = (await people.welcome(work, {2002: "en"}, "en"))[2002]
        stories = SolvedStories(work, person, RULES, "wayside_bot")
        for answer in (solved_stories.agree, solved_stories.refuse):
            aside = Aside()
            with pytest.raises(NotThere):
                await answer(aside, argument, stories, Notices(work))
            assert aside.said == []

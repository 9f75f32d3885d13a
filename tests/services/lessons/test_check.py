"""What the check refuses beyond the schema: too long, dead links, no explanation, a bold claim."""

from __future__ import annotations

import pytest

from bot.services.lessons.check import SCREEN_COLUMNS, SCREEN_LINES, problems, screen_lines
from bot.settings import ROOT
from tests.services.lessons.pages import GUIDE, LESSON, Content

ZH = "lessons/first_hour/zh_CN.md"


def test_the_content_is_whole() -> None:
    assert problems(ROOT / "content") == []


def test_the_small_content_is_whole(content: Content) -> None:
    assert content.problems() == []


MISTAKES = [
    (LESSON, "  > It isn't for emergencies.\n", "", "- [ ] 12345", "why this answer is wrong"),
    (LESSON, "> Life first, then proof.\n", "", "quiz=order", "why this is the right order"),
    (LESSON, "(service:medicine)", "(service:beer)", "service:beer", "no service beer"),
    (LESSON, "(guide:report)", "(guide:nowhere)", "guide:nowhere", "no guide nowhere"),
    (LESSON, "(guide:report)", "(lesson:nowhere)", "lesson:nowhere", "no lesson nowhere"),
    (LESSON, "(guide:report)", "(kind:palace)", "kind:palace", "no kind palace"),
    (LESSON, "**help, proof", "**help, **proof", "## The point first", "open in this card"),
    (LESSON, "level: 1", "level: 1\nminutes: 9", "minutes: 9", "it takes 1 minutes"),
    (LESSON, "    date: 2026-01-06", "    date: 2026\n    sure: false", "sources:", "check with 12333"),
    (LESSON, "Get off the road.", "![a helmet](helmet.jpg)\nOff.", "helmet.jpg", "helmet.jpg is missing"),
    (LESSON, "Get off the road.", "![a talk](talk.ogg)\nOff.", "talk.ogg", "how long the recording is"),
    (ZH, "挪到路边。", "挪到路边,快。", "挪到路边,", "Chinese punctuation"),
]


@pytest.mark.parametrize(("name", "before", "after", "where", "what"), MISTAKES)
def test_a_flaw_is_named_with_its_line(
    content: Content, name: str, before: str, after: str, where: str, what: str
) -> None:
    content.change(name, before, after)
    line = content.line(name, where)
    found = content.problems()
    assert any(said.startswith(f"content/{name}:{line}: ") and what in said for said in found), found


def test_a_card_has_to_fit_a_phone(content: Content) -> None:
    content.change(LESSON, "Get off the road.", "\n".join(["line"] * SCREEN_LINES))
    assert any("lines on a phone" in said for said in content.problems())


def test_a_lesson_has_to_fit_ten_minutes(content: Content) -> None:
    words = "\n\n".join(f"## Card {{#more_{n}}}\n\n" + "word " * 120 for n in range(17))
    for name in (LESSON, ZH):
        content.write(name, content.read(name) + "\n" + words)
    assert any("10 at most" in said for said in content.problems())


def test_guides_lead_to_lessons_and_numbers_that_are_there(content: Content) -> None:
    for name in (GUIDE, GUIDE.replace("en.md", "zh_CN.md")):
        content.change(name, "lesson: first_hour", "lesson: nowhere")
        content.change(name, '"12333"', '"99999"')
    found = "\n".join(content.problems())
    assert "there is no lesson nowhere" in found
    assert "there is no hotline 99999" in found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("a" * SCREEN_COLUMNS, 1),
        ("a" * (SCREEN_COLUMNS + 1), 2),
        ("汉" * (SCREEN_COLUMNS // 2), 1),
        ("汉" * (SCREEN_COLUMNS // 2 + 1), 2),
        ("a\n\nb", 3),
    ],
)
def test_a_chinese_character_is_as_wide_as_two_letters(text: str, lines: int) -> None:
    assert screen_lines(text) == lines

"""The preview for authors: as in the chat, again at every change, and a sentence for a mistake."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.lessons import follow, rendered
from tests.transcript import small_content

LESSON = Path("lessons/first_hour")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small content folder to write in."""
    return Path(shutil.copytree(small_content(), tmp_path / "content"))


def test_every_card_is_shown_as_in_the_chat_with_its_time(content: Path) -> None:
    lines = list(rendered(content, "first_hour", "en"))
    assert "── 1/4 · gain · 3 s ──" in lines
    assert "── 4/4 · q_call · 20 s ──" in lines
    assert "    ✗ 12345: It isn't for emergencies." in lines
    assert any("[⏸ An order came in]" in line for line in lines)
    assert lines[-1] == "1 min in all."


def test_the_preview_speaks_the_chosen_language(content: Path) -> None:
    assert any("来单了" in line for line in rendered(content, "first_hour", "zh_CN"))


def test_a_mistake_is_a_sentence_with_its_line(content: Path) -> None:
    path = content / LESSON / "en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("level: 1", "level: x"), encoding="utf-8")
    assert list(rendered(content, "first_hour", "en")) == [
        "content/lessons/first_hour/en.md:5: level must be a whole number from 1 to 99"
    ]


def test_a_lesson_is_shown_again_only_when_it_was_saved(content: Path) -> None:
    path = content / LESSON / "en.md"
    shown: list[int] = []

    def waits() -> Iterator[bool]:
        yield True
        assert len(shown) == 1
        os.utime(path, ns=(1, 1))
        yield True
        yield False

    steps = waits()
    follow(content / LESSON, lambda: shown.append(1), lambda: next(steps))
    assert len(shown) == 2

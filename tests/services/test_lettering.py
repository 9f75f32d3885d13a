"""Texts fitted into pictures."""

from __future__ import annotations

import pytest

from bot.services.charts import FONT
from bot.services.lettering import fitted, font_of

WIDTH = 600


@pytest.mark.parametrize("text", ["驿站" * 300, "Rider " * 300, "x" * 900, "a 长" * 200])
def test_a_long_text_is_shortened_to_its_lines(text: str) -> None:
    font = font_of(FONT, 30)
    lines = fitted(text, font, WIDTH, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(font.getlength(line) <= WIDTH for line in lines)


def test_a_short_text_stays_as_it_is() -> None:
    assert fitted("短", font_of(FONT, 30), WIDTH, 2) == ["短"]

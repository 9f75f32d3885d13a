"""The time of a lesson is computed: 300 Chinese characters or 200 English words a minute, 20 s a question."""

from __future__ import annotations

import pytest

from bot.i18n import Phrase
from bot.services.lessons.model import Card, Media
from bot.services.lessons.timing import card_seconds, minutes, reading_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("汉" * 300, 60),
        ("word " * 200, 60),
        ("don't well-known 3.5 km", 60 * 4 / 200),
        ("打 12333，问一下。", 60 * 5 / 300),
        ("", 0),
        ("，。！", 0),
    ],
)
def test_reading(text: str, seconds: float) -> None:
    assert reading_seconds(text) == pytest.approx(seconds)


def _card(**more: object) -> Card:
    return Card("a", "", Phrase("汉" * 150), 1, **more)  # type: ignore[arg-type]


def test_a_card_takes_its_reading_and_its_recordings() -> None:
    assert card_seconds(_card()) == pytest.approx(30)
    assert card_seconds(_card(media=(Media("a.ogg", "a", 90, 1),))) == pytest.approx(120)


def test_a_question_takes_twenty_seconds_however_long_it_is() -> None:
    assert card_seconds(_card(quiz="single")) == 20


def test_formatting_takes_no_time() -> None:
    assert card_seconds(
        Card("a", "", Phrase("**one** [two](https://example.org/three)"), 1)
    ) == pytest.approx(0.6)


def test_minutes_are_whole_and_never_none() -> None:
    assert minutes([_card()] * 2) == 1
    assert minutes([_card()] * 3) == 2
    assert minutes([]) == 1

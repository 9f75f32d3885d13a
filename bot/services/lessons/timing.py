"""How long a lesson takes. Computed, so that "4 min left" is true whatever its author believes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import ceil
from typing import Final

from bot.services.lessons.model import Card
from bot.services.stations.text import has_han
from bot.talk.markup import parse

# Reading speeds of the issue: Chinese in characters, English in words a minute.
CHARACTERS_A_MINUTE: Final = 300
WORDS_A_MINUTE: Final = 200
SECONDS_A_QUESTION: Final = 20

_UNITS: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+(?:[’'.-]\w+)*")


def reading_seconds(text: str) -> float:
    """How long one reads a text. A word or number between Chinese characters counts as one of them."""
    units = len(_UNITS.findall(text))
    return units * 60 / (CHARACTERS_A_MINUTE if has_han(text) else WORDS_A_MINUTE)


def card_seconds(card: Card) -> float:
    """How long a card takes: a question its 20 seconds, else reading, and recordings by their length."""
    media = sum(one.seconds for one in card.media)
    if card.quiz:
        return SECONDS_A_QUESTION + media
    return _reading(card.title, card.text) + media


@lru_cache(maxsize=4096)
def _reading(title: str, text: str) -> float:
    """A list of lessons counts every card of each of them, again and again."""
    return reading_seconds(f"{title}\n{parse(text).text}")


def minutes(cards: Iterable[Card]) -> int:
    """Whole minutes that cards take, at least one."""
    return max(1, ceil(sum(map(card_seconds, cards)) / 60))

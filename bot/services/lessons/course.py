"""How one goes through a lesson: a place that any language, any device and a changed text understand.

A place is plain JSON without a word of any language:
`{"lesson", "stage", "card": key, "number", "tried": {question: [[option, …], …]}, "picked": [option, …]}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from zlib import crc32

from bot.services.lessons.model import Card

Place = dict[str, Any]

OPEN: Final = "open"
PAUSED: Final = "paused"
DONE: Final = "done"
# One answer, and one retry after the explanation.
MOST_TRIES: Final = 2


def begun(lesson: str, cards: Sequence[Card]) -> Place:
    """The place at which a lesson begins."""
    return {
        "lesson": lesson,
        "stage": OPEN,
        "card": cards[0].key,
        "number": 0,
        "tried": {},
        "picked": [],
    }


def number_of(place: Place, cards: Sequence[Card]) -> int:
    """Where the place's card stands now. Where a new text has no such card, the one that took its turn."""
    keys = [card.key for card in cards]
    if place["card"] in keys:
        return keys.index(place["card"])
    return min(max(0, int(place["number"])), len(cards) - 1)


def card_of(place: Place, cards: Sequence[Card]) -> Card:
    """The card to show."""
    return cards[number_of(place, cards)]


def moved(place: Place, cards: Sequence[Card], by: int) -> Place:
    """The place some cards further or back; beyond the last card the lesson is done."""
    number = number_of(place, cards) + by
    if by > 0 and not may_go_on(place, cards):
        return place
    if number >= len(cards):
        return {**place, "stage": DONE, "picked": []}
    number = max(0, number)
    return {**place, "card": cards[number].key, "number": number, "picked": []}


def may_go_on(place: Place, cards: Sequence[Card]) -> bool:
    """Whether the next card may come: a question has to be answered first."""
    card = card_of(place, cards)
    return card.quiz is None or is_closed(card, tries(place, card), MOST_TRIES)


# -- Questions -----------------------------------------------------------------------


def tries(place: Place, card: Card) -> list[list[int]]:
    """What was answered so far, as far as the question as it is now understands it."""
    return [answer for answer in place["tried"].get(card.key, []) if _fits(card, answer)]


def picked(place: Place, card: Card) -> list[int]:
    """What is picked and not yet given as an answer."""
    return [option for option in place["picked"] if 0 <= option < len(card.options)]


def _fits(card: Card, answer: Sequence[int]) -> bool:
    size = len(card.options)
    if len(set(answer)) < len(answer) or not all(0 <= option < size for option in answer):
        return False
    if card.quiz == "order":
        return len(answer) == size
    return card.quiz == "multiple" or len(answer) == 1


def is_right(card: Card, answer: Sequence[int]) -> bool:
    """Whether this is the right answer."""
    return list(answer) == card.right


def is_closed(card: Card, answers: Sequence[Sequence[int]], most: int) -> bool:
    """Whether the question takes no more answers."""
    return len(answers) >= most or any(is_right(card, answer) for answer in answers)


def tapped(card: Card, picks: Sequence[int], option: int) -> tuple[list[int], list[int] | None]:
    """What is picked after a tap on an option, and the answer that is given with it, if one is."""
    if not 0 <= option < len(card.options):
        return list(picks), None
    if card.quiz == "multiple":
        rest = [one for one in picks if one != option]
        return (rest if option in picks else sorted([*picks, option])), None
    if card.quiz == "order":
        order = list(picks) if option in picks else [*picks, option]
        return ([], order) if len(order) == len(card.options) else (order, None)
    return [], [option]


def with_answer(place: Place, card: Card, answer: Sequence[int]) -> Place:
    """The place after an answer was given."""
    answers = [*tries(place, card), list(answer)]
    return {**place, "tried": {**place["tried"], card.key: answers}, "picked": []}


def shown_order(lesson: str, card: Card) -> list[int]:
    """In which order options are shown: shuffled where their order is the question, always the same way."""
    places = list(range(len(card.options)))
    if card.quiz != "order":
        return places
    mixed = sorted(places, key=lambda place: crc32(f"{lesson}/{card.key}/{place}".encode()))
    return mixed if mixed != places else [*places[1:], places[0]]


def right_at_first(place: Place, questions: Sequence[Card]) -> list[Card]:
    """The questions that were answered right at the first try."""
    found = []
    for card in questions:
        answers = tries(place, card)
        if answers and is_right(card, answers[0]):
            found.append(card)
    return found

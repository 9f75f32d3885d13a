"""Codes: no slip of a finger makes another one, and nobody can go through them."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import codes
from bot.services.codes import ALPHABET, BODY_LENGTH, LENGTH

NUMBER = st.integers(0, 2**64).map(lambda seed: codes.new_code(random.Random(seed).randrange))
PLACE = st.integers(0, LENGTH - 1)


def test_a_number_carries_enough_chance() -> None:
    assert math.log2(len(ALPHABET) ** BODY_LENGTH) > 64
    assert len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("01ILO")


@given(NUMBER)
def test_it_is_read_as_it_is_spelled(number: str) -> None:
    spelled = codes.spell(number)
    assert [len(group) for group in spelled.split("-")] == [5, 5, 5]
    for typed in (number, spelled, spelled.lower(), f" {spelled.replace('-', ' ')} "):
        assert codes.read(typed) == number


@given(NUMBER, PLACE, st.sampled_from(ALPHABET))
def test_a_wrong_character_shows(number: str, place: int, wrong: str) -> None:
    typed = number[:place] + wrong + number[place + 1 :]
    assert codes.read(typed) == (number if wrong == number[place] else None)


@given(NUMBER, PLACE, PLACE)
def test_two_characters_swapped_show(number: str, one: int, other: int) -> None:
    chars = list(number)
    chars[one], chars[other] = chars[other], chars[one]
    assert codes.read("".join(chars)) == (number if number[one] == number[other] else None)


@pytest.mark.parametrize("text", ["", "-", "0" * 15, "2" * 16, "诉求", "'; DROP TABLE", "é" * 15])
def test_what_can_be_no_number_is_none(text: str) -> None:
    assert codes.read(text) is None


@given(st.text(max_size=40))
def test_anything_can_be_typed(text: str) -> None:
    read = codes.read(text)
    assert read is None or len(read) == LENGTH

"""Receipt numbers: random, hard to mistype, and of no use to whoever guesses.

Fourteen characters of an alphabet of 31 carry 69 random bits; a fifteenth checks them. 31 is prime, and the
weights 1 to 15 differ: every single wrong character and every swap of two is noticed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters without those that are taken for each other: 0 O, 1 I L."""
BODY_LENGTH: Final = 14
LENGTH: Final = BODY_LENGTH + 1
GROUP: Final = 5
ALIAS_LENGTH: Final = 4

Randbelow = Callable[[int], int]
"""Gives a random number below another, as `secrets.randbelow` does."""


def new_receipt(randbelow: Randbelow) -> str:
    """A receipt number, without dashes."""
    body = _random(randbelow, BODY_LENGTH)
    return body + _check(body)


def new_alias(randbelow: Randbelow) -> str:
    """A short code to tell authors apart by; it stands for one appeal only."""
    return _random(randbelow, ALIAS_LENGTH)


def spell(receipt: str) -> str:
    """A receipt number in groups, as people read it out."""
    return "-".join(receipt[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read(text: str) -> str | None:
    """The receipt number somebody typed, with or without dashes and in any case; None if it can't be one."""
    typed = text.upper().replace("-", "").replace(" ", "")
    if len(typed) != LENGTH or any(char not in ALPHABET for char in typed):
        return None
    return typed if _check(typed[:BODY_LENGTH]) == typed[-1] else None


def _random(randbelow: Randbelow, length: int) -> str:
    return "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(length))


def _check(body: str) -> str:
    """The character that makes the weighted sum divisible by 31."""
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, 1))
    # The check character weighs 15, whose inverse modulo 31 is 29.
    return ALPHABET[-total * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET)]

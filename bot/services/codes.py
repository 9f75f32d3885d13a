"""Codes that people carry: on receipts and certificates, a few digits to pick something up with, tokens.

The long ones are random, hard to mistype, and of no use to whoever guesses. Fourteen characters of an
alphabet of 31 carry 69 random bits; a fifteenth checks them. 31 is prime, and the weights 1 to 15 differ:
every single wrong character and every swap of two is noticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters without those that are taken for each other: 0 O, 1 I L."""
BODY_LENGTH: Final = 14
LENGTH: Final = BODY_LENGTH + 1
GROUP: Final = 5

Randbelow = Callable[[int], int]
"""Gives a random number below another, as `secrets.randbelow` does."""


def new_code(randbelow: Randbelow) -> str:
    """A code that nobody guesses, without dashes."""
    body = characters(randbelow, BODY_LENGTH)
    return body + _check(body)


def characters(randbelow: Randbelow, length: int) -> str:
    """So many random characters, with nothing to check them by."""
    return "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(length))


def digits(randbelow: Randbelow, length: int) -> str:
    """So many random digits: enough for what is asked face to face."""
    return f"{randbelow(10**length):0{length}}"


def hash_of(token: str) -> str:
    """What is kept of a token that only a link or a button carries."""
    return hashlib.sha256(token.encode()).hexdigest()


def spell(code: str) -> str:
    """A code in groups, as people read it out."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read(text: str) -> str | None:
    """The code somebody typed, with or without dashes and in any case; None if it can't be one."""
    typed = text.upper().replace("-", "").replace(" ", "")
    if len(typed) != LENGTH or any(char not in ALPHABET for char in typed):
        return None
    return typed if _check(typed[:BODY_LENGTH]) == typed[-1] else None


def _check(body: str) -> str:
    """The character that makes the weighted sum divisible by 31."""
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, 1))
    # The check character weighs 15, whose inverse modulo 31 is 29.
    return ALPHABET[-total * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET)]

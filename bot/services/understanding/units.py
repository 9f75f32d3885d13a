"""A text cut into units: a Chinese character, an English word, a number each; and how each sounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.services.stations.text import fold, has_han, loosen, syllables
from bot.services.understanding.pinyin import syllables_of

LONGEST: Final = 160
"""Characters that are looked at: who writes more has said what they want by then."""
NUMBER, CASE = "#", "⌗"
"""What stands for any number, and for any receipt number of an appeal."""

_UNITS: Final = re.compile(r"[a-z]+|\d+|[^\s\da-z]")
_CASE: Final = re.compile(r"(?<![a-z0-9])a ?\d{3,6}(?!\d)")
_ENDINGS: Final = ("ing", "ed", "es", "s")
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Units:
    """`written` as it stands, `heard` as it sounds. Pinyin words have several heard units, all else one."""

    written: tuple[str, ...]
    heard: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The English words among them."""
        return [unit for unit in self.written if unit.isascii() and unit.isalpha()]


def cut(text: str) -> Units:
    """The units of a text, folded to lower case, simplified characters and no punctuation."""
    folded = _CASE.sub(f" {CASE} ", fold(text[:LONGEST]))
    written = [NUMBER if unit.isdigit() else unit for unit in _UNITS.findall(folded)]
    return Units(tuple(stem(unit) for unit in written), tuple(_heard(written)))


def _heard(written: list[str]) -> list[str]:
    """Syllables without tones and southern confusions; English words stay what they are."""
    chinese = any(map(has_han, written))
    heard: list[str] = []
    for unit in written:
        if has_han(unit):
            heard += map(loosen, syllables(unit))
        elif not chinese and (spelled := syllables_of(unit)):
            heard += map(loosen, spelled)
        else:
            heard.append(stem(unit))
    return heard


def stem(word: str) -> str:
    """An English word without an ending that says nothing here: charging, charged → charg."""
    if not (word.isascii() and word.isalpha()):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST_STEM else word
